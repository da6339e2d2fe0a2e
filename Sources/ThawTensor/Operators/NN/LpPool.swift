import ThawTypes

/// The p-norm of each window (ONNX LpPool-1, 2, 11, 18, 22). Padding counts as zeros.
public struct LpPool: Composite {
  public var window: SlidingWindow
  public var ceilMode: Bool
  public var p: Int

  public init(window: SlidingWindow, p: Int = 2, ceilMode: Bool = false) {
    self.window = window
    self.p = p
    self.ceilMode = ceilMode
  }

  public static let schema = Schema("LpPool", versions: [1, 2, 11, 18, 22], inputs: [Input("X")], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    self.init(
      window: try SlidingWindow(node, hasDilations: node.version >= 18), p: try node.normExponent(),
      ceilMode: node.version >= 18 ? try node.flag("ceil_mode", default: false) : false)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { pooling.attributes(["p": .int(p)]) }

  public var minimumOpset: Int { window.dilations != nil || ceilMode ? 18 : 2 }

  private var pooling: Pooling { Pooling(name: "LpPool", window: window, ceilMode: ceilMode) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try pooling.outputType(try tensorType(inputs, 0, of: Self.schema)))]
  }

  /// Means of windows times the numbers of their elements are sums.
  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let geometry = try pooling.geometry(over: x.shape, countsPads: true)
    let powers = p == 1 ? x.abs() : p == 2 ? x * x : x.abs() ** Double(p)
    var sums = try apply(AveragePool(window: window, ceilMode: ceilMode, countsPads: true), to: powers)
    for axis in geometry.input.indices {
      let counts = geometry.elementCounts(axis: axis, countsPads: true).map(Double.init)
      let column = x.shape.indices.map { $0 == 2 + axis ? counts.count : 1 }
      sums = sums * Tensor(elements: counts, shape: column).cast(to: x.dtype)
    }
    return [.tensor(p == 1 ? sums : sums.root(p))]
  }
}

extension NodeReader {
  /// The attribute p of a pool by norms, which version 1 writes as a float.
  func normExponent() throws -> Int {
    guard version < 2 else {
      let p = try int("p", default: 2)
      guard p > 0 else { throw TensorError(.unsupported, "\(name): the attribute p is \(p), and should be above 0") }
      return p
    }
    let p = try float("p", default: 2)
    guard let whole = Int(exactly: p), whole > 0 else {
      throw TensorError(.unsupported, "\(name): the attribute p is \(p), and only whole numbers above 0 are supported")
    }
    return whole
  }
}
