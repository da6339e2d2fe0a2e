import ThawKernels
import ThawTypes

/// Truth where there was none, and none where there was (ONNX Not-1).
public struct Not: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "Not", versions: [1], inputs: [Input("X", .index)], outputs: [Output("Y", differentiable: false)],
    batch: .elementwise, differentiability: .never(because: "truth values carry no gradient"))

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype == .bool else { throw TensorError(.dtype, "Not: the input should be bool and is \(x.dtype)") }
    return [.tensor(x)]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    return [.tensor(try elementwise(.not, x))]
  }
}

extension Tensor {
  /// Where `x` does not hold; see `Not`.
  public static prefix func .! (x: Tensor) -> Tensor { catching { try apply(Not(), to: x) } }
}
