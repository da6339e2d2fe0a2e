import ThawKernels
import ThawTypes

/// The mean of each window (ONNX AveragePool-1, 7, 10, 11, 19, 22).
///
/// The mean is over the elements that a window holds, or over those and its padding. What a window rounded up with
/// `ceilMode` reaches behind the padding never counts.
public struct AveragePool: Primitive {
  public var window: SlidingWindow
  /// Whether the number of windows is rounded up.
  public var ceilMode: Bool
  /// Whether padding counts as zeros (ONNX's `count_include_pad`).
  public var countsPads: Bool

  public init(window: SlidingWindow, ceilMode: Bool = false, countsPads: Bool = false) {
    self.window = window
    self.ceilMode = ceilMode
    self.countsPads = countsPads
  }

  public static let schema = Schema(
    "AveragePool", versions: [1, 7, 10, 11, 19, 22], inputs: [Input("X")], batch: .rowwise, autogradName: "AvgPool")

  public init(_ node: NodeReader) throws {
    self.init(
      window: try SlidingWindow(node, hasDilations: node.version >= 19),
      ceilMode: node.version >= 10 ? try node.flag("ceil_mode", default: false) : false,
      countsPads: node.version >= 7 ? try node.flag("count_include_pad", default: false) : false)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    pooling.attributes(countsPads ? ["count_include_pad": .int(1)] : [:])
  }

  public var minimumOpset: Int { window.dilations != nil ? 19 : ceilMode ? 10 : countsPads ? 7 : 1 }

  private var pooling: Pooling { Pooling(name: "AveragePool", window: window, ceilMode: ceilMode) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype.isFloatingPoint else {
      throw TensorError(
        .dtype, "AveragePool: the input is \(x.dtype), and only floating-point numbers have a mean here")
    }
    return [.tensor(try pooling.outputType(x))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let geometry = try pooling.geometry(over: x.shape, countsPads: countsPads)
    let request = pooling.request(
      .average(countsPadding: countsPads), .forward, dtype: x.dtype, planes: x.shape, geometry: geometry)
    return [
      .tensor(try compute(request, x.contiguous(), dtype: x.dtype, shape: Array(x.shape[..<2] + geometry.output)))
    ]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [(inputs[0]?.tensor?.spatialShape()).map(Value.tensor)]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let operation = AveragePoolGradient(window: window, ceilMode: ceilMode, countsPads: countsPads)
    return [try apply(operation, to: gradient, try tensor(saved, 0, of: Self.schema))]
  }
}

extension Tensor {
  /// The mean of each window over the axes behind batch and channels; see `AveragePool`.
  public func averagePool(
    kernel: [Int], strides: [Int]? = nil, pads: [Int]? = nil, dilations: [Int]? = nil, autoPad: AutoPad = .notSet,
    ceilMode: Bool = false, countsPads: Bool = false
  ) -> Tensor {
    let window = SlidingWindow(kernel: kernel, strides: strides, pads: pads, dilations: dilations, autoPad: autoPad)
    return .catching {
      try apply(AveragePool(window: window, ceilMode: ceilMode, countsPads: countsPads), to: self)
    }
  }
}
