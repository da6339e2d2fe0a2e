/// A graph applied to each element of sequences (ONNX SequenceMap-17).
///
/// The first input is a sequence; others are sequences of as many elements, or tensors that are the same for all. Each
/// output of the body becomes a sequence.
public struct SequenceMap: ControlFlow {
  private let elementBody: Body

  public init(_ body: any Subgraph) { elementBody = Body(body) }

  public static let schema = Schema(
    "SequenceMap", versions: [17],
    inputs: [Input("input_sequence"), Input("additional_inputs", optional: true, variadic: true)],
    outputs: [Output("out_sequence", variadic: true)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(try node.subgraph("body"))
    guard elementBody.graph.outputTypes.count == node.outputCount else {
      throw TensorError(
        .operand,
        "SequenceMap: the body has \(elementBody.graph.outputTypes.count) outputs, and the node has "
          + "\(node.outputCount)")
    }
  }

  package var bodies: [(attribute: String, graph: any Subgraph)] { [("body", elementBody.graph)] }
  package var ownInputCount: Int { elementBody.graph.inputTypes.count }
  package func bodyInput(ofInput index: Int) -> Int? { index < ownInputCount ? index : nil }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    try elementBody.graph.outputTypes.indices.map { .sequence(try declaredType(ofOutput: $0)) }
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let count = try sequence(inputs, 0, of: Self.schema).elements.count
    let own = try (0..<ownInputCount).map { try value(inputs, $0) }
    for (index, input) in own.enumerated() {
      guard case .sequence(let elements, _) = input, elements.count != count else { continue }
      throw TensorError(
        .operand, "SequenceMap: input 0 has \(count) elements and input \(index) has \(elements.count)")
    }
    let captured = try captured(inputs)
    var columns = [[Value]](repeating: [], count: elementBody.graph.outputTypes.count)
    for index in 0..<count {
      let given = own.map { input -> Value in
        if case .sequence(let elements, _) = input { elements[index] } else { input }
      }
      for (column, output) in try iterate(index, given, captured).enumerated() { columns[column].append(output) }
    }
    return try columns.enumerated().map { index, elements in
      var type = elements.first?.type
      for element in elements.dropFirst() {
        type = try type.map { try joinedElementType($0, element.type, in: Self.schema) }
      }
      return .sequence(elements, of: try type ?? declaredType(ofOutput: index))
    }
  }
}
