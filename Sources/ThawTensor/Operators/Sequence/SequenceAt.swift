/// The element at a position, which is counted from the end when it is negative (ONNX SequenceAt-11).
public struct SequenceAt: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "SequenceAt", versions: [11], inputs: [Input("input_sequence"), Input("position", .index)],
    outputs: [Output("tensor")], batch: .mixing)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [try elementType(inputs, 0, of: Self.schema)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let elements = try sequence(inputs, 0, of: Self.schema).elements
    guard let position = try position(inputs, 1, below: elements.count, of: Self.schema) else {
      throw TensorError(.operand, "SequenceAt: input 1 (position) is missing")
    }
    return [elements[position]]
  }
}
