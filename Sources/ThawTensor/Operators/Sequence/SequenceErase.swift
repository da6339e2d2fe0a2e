/// A sequence without the element at a position, or without the last one (ONNX SequenceErase-11).
public struct SequenceErase: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "SequenceErase", versions: [11], inputs: [Input("input_sequence"), Input("position", .index, optional: true)],
    outputs: [Output("output_sequence")], batch: .mixing)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.sequence(try elementType(inputs, 0, of: Self.schema))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    var (elements, type) = try sequence(inputs, 0, of: Self.schema)
    let position = try position(inputs, 1, below: elements.count, of: Self.schema) ?? elements.count - 1
    guard elements.indices.contains(position) else {
      throw TensorError(.range, "SequenceErase: the sequence has no elements")
    }
    elements.remove(at: position)
    return [.sequence(elements, of: type)]
  }
}
