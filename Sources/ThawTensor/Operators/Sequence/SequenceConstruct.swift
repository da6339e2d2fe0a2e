/// A sequence of the inputs, which have one element type (ONNX SequenceConstruct-11).
public struct SequenceConstruct: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "SequenceConstruct", versions: [11], inputs: [Input("inputs", variadic: true)],
    outputs: [Output("output_sequence")], batch: .mixing)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let types = try inputs.indices.map { ValueType.tensor(try tensorType(inputs, $0, of: Self.schema)) }
    guard let first = types.first else { throw TensorError(.operand, "SequenceConstruct: no inputs are given") }
    return [.sequence(try types.dropFirst().reduce(first) { try joinedElementType($0, $1, in: Self.schema) })]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    guard case .sequence(let type) = try outputTypes(inputs.map { $0?.type }, known: KnownValues())[0] else {
      throw TensorError(.internal, "SequenceConstruct: no sequence")
    }
    return [.sequence(inputs.compactMap { $0 }, of: type)]
  }
}
