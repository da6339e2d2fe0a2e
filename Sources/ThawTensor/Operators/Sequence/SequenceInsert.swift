/// A sequence with one more tensor, before a position or at the end (ONNX SequenceInsert-11).
public struct SequenceInsert: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "SequenceInsert", versions: [11],
    inputs: [Input("input_sequence"), Input("tensor"), Input("position", .index, optional: true)],
    outputs: [Output("output_sequence")], batch: .mixing)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let element = try elementType(inputs, 0, of: Self.schema)
    let inserted = ValueType.tensor(try tensorType(inputs, 1, of: Self.schema))
    return [.sequence(try joinedElementType(element, inserted, in: Self.schema))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    var (elements, type) = try sequence(inputs, 0, of: Self.schema)
    let inserted = Value.tensor(try tensor(inputs, 1, of: Self.schema))
    type = try joinedElementType(type, inserted.type, in: Self.schema)
    let position = try position(inputs, 2, below: elements.count + 1, of: Self.schema, fromEnd: elements.count)
    elements.insert(inserted, at: position ?? elements.count)
    return [.sequence(elements, of: type)]
  }
}
