import ThawKernels
import ThawTypes

/// Where an element is not a number (ONNX IsNaN-9, 13, 20).
public struct IsNaN: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "IsNaN", versions: [9, 13, 20], inputs: [Input("X", .index)], outputs: [Output("Y", differentiable: false)],
    batch: .elementwise, differentiability: .never(because: "a test of numbers is constant almost everywhere"))

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(TensorType(.bool, try tensorType(inputs, 0, of: Self.schema).dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [.tensor(try elementwise(.isNaN, try tensor(inputs, 0, of: Self.schema)))]
  }
}

extension Tensor {
  /// Where elements are not numbers; see `IsNaN`.
  public func isNaN() -> Tensor { .catching { try apply(IsNaN(), to: self) } }
}
