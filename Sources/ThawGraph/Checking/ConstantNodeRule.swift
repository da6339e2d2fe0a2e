import ThawONNX
import ThawTensor

/// Parts of the graph that compute the same in every run.
enum ConstantNodeRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    guard let graph = file.model?.graph else { return [] }
    var constants: Set<Graph.ValueIndex> = []
    for (value, initial) in graph.initials {
      switch initial {
      case .constant: constants.insert(value)
      case .parameter(let parameter): if parameter.role == .constant { constants.insert(value) }
      }
    }
    constants.subtract(graph.optionalInputs)
    // For each value that constant nodes make, these nodes.
    var makers: [Graph.ValueIndex: Set<Int>] = [:]
    for (index, node) in graph.nodes.enumerated() {
      guard let operation = node.operation.known, !operation.draws, !(operation is any ControlFlow),
        node.inputs.allSatisfy({ $0.map(constants.contains) ?? true })
      else { continue }
      let nodes = node.inputs.reduce(into: Set([index])) { nodes, input in
        if let input { nodes.formUnion(makers[input] ?? []) }
      }
      for case let output? in node.outputs {
        constants.insert(output)
        makers[output] = nodes
      }
    }
    let consumers = graph.consumers()
    let outputs = Set(graph.outputs)
    var told: Set<Int> = []
    return makers.sorted { $0.key < $1.key }.compactMap { value, nodes in
      // Where the constant part ends: an output, or a node that does not belong to it.
      let leaves =
        outputs.contains(value)
        || (consumers[value] ?? []).contains { consumer in
          graph.nodes[consumer.node].outputs.contains { $0.map { makers[$0] == nil } ?? false }
        }
      guard leaves, let last = nodes.max(), told.insert(last).inserted else { return nil }
      let first = nodes.min() ?? last
      let count =
        nodes.count == 1
        ? "the node computes" : "\(nodes.count) nodes, from '\(graph.nodes[first].name)' to this one, compute"
      return Finding(
        level: .note, rule: .constantNodes, place: file.walk.placeOfNode(named: graph.nodes[last].name),
        message: "\(count) '\(graph.values[value].name)' of constants alone, the same in every run",
        advice: "compute it once with `thaw convert --fold`")
    }
  }
}
