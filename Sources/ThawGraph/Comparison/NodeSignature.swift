import ThawONNX
import ThawTensor

/// What a node does, apart from what it reads and makes: equal for two nodes that mean the same, whatever their opsets.
struct NodeSignature: Hashable {
  let opType: String
  private let operation: AnyHashable?
  /// Attributes beside graphs, of what has no operation to compare.
  private let attributes: [String]
  private let bodies: [Int]

  /// - Parameter proto: the node in the file, for an operator that Thaw does not know.
  init(_ node: Graph.Node, _ proto: NodeProto?) {
    switch node.operation {
    case .known(let operation as any ControlFlow):
      opType = operation.schema.name
      self.operation = nil
      let own = (try? operation.attributes(opset: Operators.newestOpset)) ?? [:]
      attributes = own.filter { if case .graph = $0.value { false } else { true } }.map { "\($0): \($1)" }.sorted()
      bodies = node.bodies.map { GraphFingerprint($0.body.graph).ofOutputs }
    case .known(let operation):
      opType = operation.schema.name
      self.operation = AnyHashable(operation)
      (attributes, bodies) = ([], [])
    case .missing(let missing):
      opType = node.opType
      operation = nil
      attributes = [missing.domain] + Self.texts(of: proto?.attribute ?? [])
      bodies = []
    }
  }

  private static func texts(of attributes: [AttributeProto]) -> [String] {
    attributes.map { attribute in
      var model = ModelProto()
      var graph = GraphProto()
      graph.node = [NodeProto("", input: [], output: [], attribute: [attribute])]
      model.graph = graph
      return "\(attribute.name ?? "") \((try? model.checksum()) ?? "")"
    }.sorted()
  }
}

/// Numbers that tell the places of a graph apart: by what computes a value, and by what is computed of it.
struct GraphFingerprint {
  let signatures: [NodeSignature]
  /// For each node, a number for all that it is computed from.
  private(set) var above: [Int]
  /// For each node, a number for all that is computed from it.
  private(set) var below: [Int]
  /// A number for the whole graph.
  let ofOutputs: Int

  /// - Parameters:
  ///   - proto: the file's graph, for operators that Thaw does not know.
  ///   - namesInputs: whether inputs are told by name, and not by place.
  init(_ graph: Graph, _ proto: GraphProto? = nil, namesInputs: Bool = false) {
    let protos = Dictionary(
      (proto?.node ?? []).flatMap { node in node.output.map { ($0, node) } }, uniquingKeysWith: { first, _ in first })
    signatures = graph.nodes.map { node in
      let output = node.outputs.compactMap { $0 }.first.map { graph.values[$0].name }
      return NodeSignature(node, node.operation.known == nil ? output.flatMap { protos[$0] } : nil)
    }
    let signs = signatures.map { Self.number($0) }
    var values: [Int: Int] = [:]
    for (place, input) in graph.inputs.enumerated() {
      values[input] = namesInputs ? Self.number(graph.values[input].name) : Self.number("input", place)
    }
    for (index, initial) in graph.initials {
      switch initial {
      case .parameter(let parameter): values[index] = Self.number("tensor", parameter.type.shape)
      case .constant(let stored): values[index] = Self.number("tensor", stored.type?.shape)
      }
    }
    above = []
    for (index, node) in graph.nodes.enumerated() {
      let number = Self.number(signs[index], node.inputs.map { $0.map { values[$0] ?? 0 } })
      above.append(number)
      for (slot, output) in node.outputs.enumerated() { output.map { values[$0] = Self.number(number, slot) } }
    }
    ofOutputs = Self.number(graph.outputs.map { values[$0] ?? 0 })
    var uses: [Int: Int] = [:]
    for (place, output) in graph.outputs.enumerated() { uses[output, default: 0] &+= Self.number("output", place) }
    below = [Int](repeating: 0, count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated().reversed() {
      let number = Self.number(signs[index], node.outputs.map { $0.map { uses[$0] ?? 0 } })
      below[index] = number
      // A sum, because the order of the readers means nothing.
      for (place, input) in node.inputs.enumerated() {
        input.map { uses[$0, default: 0] &+= Self.number(number, place) }
      }
    }
  }

  private static func number(_ parts: any Hashable...) -> Int {
    var hasher = Hasher()
    for part in parts { hasher.combine(AnyHashable(part)) }
    return hasher.finalize()
  }
}
