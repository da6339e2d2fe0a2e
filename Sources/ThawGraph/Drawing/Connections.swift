import ThawTensor

/// The arrows of a drawing, and the model's inputs and outputs where they begin and end.
struct Connections {
  private(set) var result: (terminals: [DrawnGraph.Terminal], arrows: [DrawnGraph.Arrow]) = ([], [])
  private let graph: Graph
  private let parts: DrawnParts
  private let places: FoldedPlaces
  private var drawn: Set<DrawnGraph.Arrow> = []

  /// A place of a box that an input leads to, or an output comes from.
  private struct End: Hashable, Comparable {
    let node: Int
    let position: Int
    static func < (left: End, right: End) -> Bool { (left.node, left.position) < (right.node, right.position) }
  }

  init(_ graph: Graph, _ parts: DrawnParts, _ places: FoldedPlaces) {
    (self.graph, self.parts, self.places) = (graph, parts, places)
    let consumers = graph.consumers()
    addTerminals(graph.inputs, isInput: true) { value in
      (consumers[value] ?? []).map { End(node: places.representatives[$0.node], position: $0.input) }
    }
    for node in places.order {
      for source in parts.sources[node] where !places.isCarried(from: source.node, to: node) {
        guard let value = graph.nodes[source.node].outputs[source.output] else { continue }
        add(value, from: id(source.node), to: id(node), isBackward: parts.backward.nodes.contains(node))
      }
    }
    let producers = graph.producers()
    addTerminals(graph.outputs, isInput: false) { value in
      guard let producer = producers[value] else { return [] }
      let position = graph.nodes[producer].outputs.firstIndex(of: value) ?? 0
      return [End(node: places.representatives[producer], position: position)]
    }
    addDirect()
  }

  private func id(_ node: Int) -> String { "n\(places.representatives[node])" }

  private mutating func add(_ value: Graph.ValueIndex, from source: String, to target: String, isBackward: Bool) {
    let arrow = DrawnGraph.Arrow(
      source: source, target: target, label: parts.types[value]?.drawn ?? "",
      isInBackward: isBackward && parts.backward.values.contains(value))
    if drawn.insert(arrow).inserted { result.arrows.append(arrow) }
  }

  /// Values that lead to the same places, in copies of a block, are one.
  private mutating func addTerminals(_ values: [Graph.ValueIndex], isInput: Bool, _ ends: (Graph.ValueIndex) -> [End]) {
    var groups: [[End]: Int] = [:]
    var members: [(values: [Graph.ValueIndex], ends: [End])] = []
    for value in values {
      let own = Set(ends(value)).sorted()
      if let group = groups[own], !own.isEmpty, own.contains(where: { !places.copies[$0.node].isEmpty }) {
        members[group].values.append(value)
      } else {
        groups[own] = members.count
        members.append(([value], own))
      }
    }
    for (index, (values, ends)) in members.enumerated() {
      guard let value = values.first else { continue }
      let name = (isInput ? "in" : "out") + "\(index)"
      result.terminals.append(
        DrawnGraph.Terminal(
          id: name, isInput: isInput, names: values.map { graph.values[$0].name },
          type: parts.types[value]?.drawn ?? ""))
      for end in ends {
        let node = "n\(end.node)"
        add(value, from: isInput ? name : node, to: isInput ? node : name, isBackward: !isInput)
      }
    }
  }

  /// Inputs that are outputs as they are.
  private mutating func addDirect() {
    for (position, output) in graph.outputs.enumerated() {
      guard let input = graph.inputs.firstIndex(of: output) else { continue }
      let names = (graph.values[graph.inputs[input]].name, graph.values[graph.outputs[position]].name)
      guard let source = result.terminals.first(where: { $0.isInput && $0.names.contains(names.0) }),
        let target = result.terminals.first(where: { !$0.isInput && $0.names.contains(names.1) })
      else { continue }
      add(output, from: source.id, to: target.id, isBackward: false)
    }
  }
}
