import ThawTypes

/// The p-norm of each channel of each sample (ONNX GlobalLpPool-1, 2, 22).
public struct GlobalLpPool: Composite {
  public var p: Int

  public init(p: Int = 2) { self.p = p }

  public static let schema = Schema("GlobalLpPool", versions: [1, 2, 22], inputs: [Input("X")], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    self.init(p: try node.normExponent())
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["p": .int(p)] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = x.dims else { return [.tensor(x)] }
    guard dims.count > 2 else {
      throw TensorError(.shape, "GlobalLpPool: the input is \(x), and should have batch, channels and space")
    }
    return [.tensor(TensorType(x.dtype, dims[..<2] + dims[2...].map { _ in .known(1) }))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    return [.tensor(x.norm(p, axes: Array(2..<x.rank), keepDims: true))]
  }
}
