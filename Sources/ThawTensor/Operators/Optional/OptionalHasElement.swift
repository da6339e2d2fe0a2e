import ThawTypes

/// Whether a value is there, a bool scalar; true for one that cannot be absent (ONNX OptionalHasElement-15, 18, 28).
public struct OptionalHasElement: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "OptionalHasElement", versions: [15, 18, 28], inputs: [Input("input", .index, optional: true)],
    outputs: [Output("output", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "whether a value is there is a truth value"))

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(TensorType(.bool, shape: []))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let isThere: Bool =
      switch inputs.first ?? nil {
      case nil, .optional(nil, _): false
      default: true
      }
    return [.tensor(Tensor([isThere], shape: []))]
  }
}
