import ThawTypes

/// How many elements a sequence has, an int64 scalar (ONNX SequenceLength-11).
public struct SequenceLength: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "SequenceLength", versions: [11], inputs: [Input("input_sequence", .index)],
    outputs: [Output("length", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "a length is an integer"))

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    _ = try elementType(inputs, 0, of: Self.schema)
    return [.tensor(TensorType(.int64, shape: []))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [.tensor(Tensor(try sequence(inputs, 0, of: Self.schema).elements.count))]
  }
}
