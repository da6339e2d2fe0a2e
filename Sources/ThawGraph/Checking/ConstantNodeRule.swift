import ThawONNX
import ThawTensor

/// Parts of the graph that compute the same in every run.
enum ConstantNodeRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    guard let graph = file.model?.graph else { return [] }
    return ConstantParts(graph).parts.map { part in
      let first = graph.nodes[part.nodes[0]]
      let last = graph.nodes[part.last]
      let subject =
        part.nodes.count == 1
        ? "the node computes" : "\(part.nodes.count) nodes, from '\(first.name)' to this one, compute"
      return Finding(
        level: .note, rule: .constantNodes, place: file.walk.placeOfNode(named: last.name),
        message: "\(subject) '\(graph.values[part.result].name)' of constants alone, the same in every run",
        advice: "compute it once with `thaw convert --fold`")
    }
  }
}

/// The nodes that read nothing but constants and each other, in connected parts.
private struct ConstantParts {
  struct Part {
    /// Ascending.
    var nodes: [Int] = []
    /// The last node that gives something to other nodes or to the outputs, and what it gives.
    var last: Int
    var result: Graph.ValueIndex
  }

  private(set) var parts: [Part] = []

  init(_ graph: Graph) {
    var constants: Set<Graph.ValueIndex> = []
    for (value, initial) in graph.initials {
      switch initial {
      case .constant: constants.insert(value)
      case .parameter(let parameter): if parameter.role == .constant { constants.insert(value) }
      }
    }
    constants.subtract(graph.optionalInputs)
    var makers: [Graph.ValueIndex: Int] = [:]
    var order: [Int] = []
    // Each node's way to the one that stands for its part.
    var links: [Int: Int] = [:]
    func root(_ node: Int) -> Int {
      var node = node
      while let next = links[node], next != node {
        links[node] = links[next]
        node = next
      }
      return node
    }
    for (index, node) in graph.nodes.enumerated() {
      guard let operation = node.operation.known, !operation.draws, !(operation is any ControlFlow),
        node.inputs.allSatisfy({ $0.map(constants.contains) ?? true })
      else { continue }
      links[index] = index
      order.append(index)
      for case let input? in node.inputs {
        if let maker = makers[input] { links[root(maker)] = index }
      }
      for case let output? in node.outputs {
        constants.insert(output)
        makers[output] = index
      }
    }
    let outputs = Set(graph.outputs)
    let consumers = graph.consumers()
    var places: [Int: Int] = [:]
    for index in order {
      let result = graph.nodes[index].outputs.compactMap { $0 }.first { value in
        outputs.contains(value) || (consumers[value] ?? []).contains { links[$0.node] == nil }
      }
      let place = places[root(index)] ?? parts.count
      if place == parts.count {
        places[root(index)] = place
        parts.append(Part(last: index, result: -1))
      }
      parts[place].nodes.append(index)
      if let result { (parts[place].last, parts[place].result) = (index, result) }
    }
    // What nobody reads is dead, which is another rule's.
    parts.removeAll { $0.result < 0 }
  }
}
