import ThawONNX
import ThawTensor

extension Model {
  /// Lets the last operators with weights train, and freezes all else.
  ///
  /// Counted are the operators on the way to the output that compute with data and read a parameter of rank 2 or more,
  /// in the file's order. An elementwise operator counts when its parameter has two axes longer than 1: a bias written
  /// as `[1, 10]` is no layer of its own. The parameters of these operators train, and those that only feed what comes
  /// after them: biases and normalizations. Parameters that are frozen count as well; buffers and constants never do.
  ///
  /// - Parameters:
  ///   - count: how many operators, at least 1.
  ///   - output: the name of an output; may be left out where `trainedOutput(_:fromLogits:)` finds it.
  /// - Throws: `ModelError` of kind `request` when there are fewer such operators, or the output is not clear.
  public func trainLast(_ count: Int, output: String? = nil) throws {
    let index = try outputIndex(named: output)
    let layers = LayerSearch(graph, output: index)
    guard (1...max(layers.layers.count, 1)).contains(count), !layers.layers.isEmpty else {
      throw ModelError(
        .request,
        "the last \(count) operators with weights should train, and on the way to the output "
          + "'\(graph.values[index].name)' there are \(layers.layers.count) that read a parameter of rank 2 or more")
    }
    let trained = layers.parameters(ofLast: count)
    for (parameter, place) in zip(parameters, places) {
      switch parameter.role {
      case .trainable, .frozen: parameter.role = trained.contains(place.value) ? .trainable : .frozen
      case .buffer, .constant: break
      }
    }
  }
}

/// The operators on the way to an output that compute with data and weights.
private struct LayerSearch {
  private let graph: Graph
  /// The nodes on the way that compute with data, in order.
  private let path: [Int]
  /// For each of them, the parameters that it reads, also through nodes that move or convert these alone.
  private let reads: [Int: Set<Graph.ValueIndex>]
  /// Those that read a weight, in order.
  let layers: [Int]

  init(_ graph: Graph, output: Graph.ValueIndex) {
    self.graph = graph
    let data = graph.valuesFromInputs()
    var sources: [Graph.ValueIndex: Set<Graph.ValueIndex>] = [:]
    for (index, initial) in graph.initials {
      if case .parameter(let parameter) = initial, [.trainable, .frozen].contains(parameter.role) {
        sources[index] = [index]
      }
    }
    var path: [Int] = []
    var reads: [Int: Set<Graph.ValueIndex>] = [:]
    for index in graph.nodesNeeded(for: [output]) {
      let node = graph.nodes[index]
      let read = node.inputs.reduce(into: Set<Graph.ValueIndex>()) { $0.formUnion($1.flatMap { sources[$0] } ?? []) }
      if node.inputs.contains(where: { $0.map(data.contains) ?? false }) {
        path.append(index)
        reads[index] = read
      } else {
        for case let output? in node.outputs { sources[output] = read }
      }
    }
    self.path = path
    self.reads = reads
    layers = path.filter { index in
      (reads[index] ?? []).contains { Self.isWeight($0, of: graph.nodes[index], in: graph) }
    }
  }

  private static func isWeight(_ value: Graph.ValueIndex, of node: Graph.Node, in graph: Graph) -> Bool {
    guard case .parameter(let parameter)? = graph.initials[value], let shape = parameter.type.shape else {
      return false
    }
    if case .elementwise? = node.operation.known?.schema.batch { return shape.count { $0 > 1 } >= 2 }
    return shape.count >= 2
  }

  /// The parameters of the last layers, and those that nothing before or beside them reads.
  func parameters(ofLast count: Int) -> Set<Graph.ValueIndex> {
    let chosen = Set(layers.suffix(count))
    var after: Set<Graph.ValueIndex> = []
    var trained: Set<Graph.ValueIndex> = []
    var elsewhere: Set<Graph.ValueIndex> = []
    for index in path {
      let node = graph.nodes[index]
      let isAfter = node.inputs.contains { $0.map(after.contains) ?? false }
      if isAfter || chosen.contains(index) { after.formUnion(node.outputs.compactMap { $0 }) }
      if chosen.contains(index) {
        trained.formUnion(reads[index] ?? [])
      } else if !isAfter {
        elsewhere.formUnion(reads[index] ?? [])
      }
    }
    let following = path.reduce(into: Set<Graph.ValueIndex>()) { $0.formUnion(reads[$1] ?? []) }
    return trained.union(following.subtracting(elsewhere))
  }
}
