import ThawTensor

/// Runs a graph's nodes, one after another, through the one door.
struct Replay {
  /// Where those nodes draw from that are told to.
  enum Draws {
    /// Each from what this seed and its place in the file give.
    case seed(UInt64)
    /// Each from its own among seeds that are given when a program runs; the first node's is at `first`.
    case seeds(Tensor, first: Int)
  }

  private let graph: Graph
  private let targets: [Graph.ValueIndex]
  private let order: [Int]
  /// For each step of `order`, the values that nobody reads after it.
  private let dying: [[Graph.ValueIndex]]
  private let nodes: AdaptedNodes
  /// The values that somebody reads.
  private let read: Set<Graph.ValueIndex>
  /// The values that are there before any node runs and that some node reads.
  private let initials: [(value: Graph.ValueIndex, initial: Graph.Initial)]
  /// The parameters among these, in the order of the file.
  let parameters: [(value: Graph.ValueIndex, parameter: Parameter)]
  /// The buffers that a run updates, by the output that holds their new value.
  var updates: [(buffer: Graph.ValueIndex, output: Graph.ValueIndex)] { nodes.updates }
  /// How many nodes are told to draw.
  var drawCount: Int { nodes.drawing.count }

  /// Prepares a run that computes `targets`.
  ///
  /// - Throws: `ModelError` of kind `unsupported` that lists every operator that is missing.
  init(_ graph: Graph, targets: [Graph.ValueIndex], modes: NodeModes = .asInFile) throws {
    var graph = graph
    order = graph.nodesNeeded(for: targets)
    try graph.checkOperators(in: order)
    nodes = AdaptedNodes(&graph, order: order, modes: modes)
    read = Set(
      order.flatMap { [nodes = graph.nodes] in nodes[$0].inputs.compactMap { $0 } } + targets
        + nodes.updates.map(\.output))
    initials = graph.initials.filter { [read] in read.contains($0.key) }.map { ($0.key, $0.value) }
    parameters = initials.compactMap { value, initial in
      if case .parameter(let parameter) = initial { (value, parameter) } else { nil }
    }.sorted { $0.value < $1.value }
    self.graph = graph
    self.targets = targets
    dying = Self.lastUses(of: graph, in: order, keeping: Set(targets + nodes.updates.map(\.output)))
  }

  /// Computes the targets, and the new values of buffers.
  ///
  /// - Parameters:
  ///   - draws: for what Dropout draws in this run, where it is told to.
  ///   - observe: called after each node with what it read and made; its error ends the run.
  /// - Throws: the error of the node that failed, with its name.
  func run(
    _ given: [Graph.ValueIndex: Value], _ draws: Draws = .seed(0),
    observe: ((_ node: Graph.Node, _ inputs: [Value?], _ outputs: [Value?]) throws -> Void)? = nil
  ) throws -> (targets: [Value], updates: [Value?]) {
    var values = [Value?](repeating: nil, count: graph.values.count)
    for (index, value) in given { values[index] = value }
    try loadInitials(into: &values, except: given)
    let budget = Context.current.budget
    for (step, index) in order.enumerated() {
      let node = graph.nodes[index]
      guard let (operation, extra) = nodes.operation(index, draws) else { continue }
      let wanted = OutputMask(node.outputs.map { $0.map(read.contains) ?? false })
      do {
        try budget?.checkTime()
        let inputs = node.inputs.map { $0.flatMap { values[$0] } } + (extra.map { [.tensor($0)] } ?? [])
        let outputs = try apply(operation, to: inputs, wanted: wanted)
        try observe?(node, inputs, outputs)
        for (position, output) in node.outputs.enumerated() where position < outputs.count {
          guard let output else { continue }
          try budget?.checkElements(of: outputs[position])
          values[output] = outputs[position]
        }
      } catch let error as TensorError {
        throw error.at("node '\(node.name)'")
      }
      for value in dying[step] { values[value] = nil }
    }
    let results = try targets.map { target -> Value in
      guard let value = values[target] else {
        throw ModelError(.graph, "nothing in the model makes the value '\(graph.values[target].name)'")
      }
      return value
    }
    return (results, updates.map { values[$0.output] })
  }

  /// The seeds of the nodes that are told to draw, in order.
  func seeds(_ seed: UInt64) -> [Int] { nodes.seeds(seed) }

  private func loadInitials(into values: inout [Value?], except given: [Graph.ValueIndex: Value]) throws {
    for (index, initial) in initials where given[index] == nil {
      switch initial {
      case .parameter(let parameter): values[index] = .tensor(try parameter.value())
      case .constant(let stored): values[index] = .tensor(try stored.tensor())
      }
    }
  }

  private static func lastUses(
    of graph: Graph, in order: [Int], keeping kept: Set<Graph.ValueIndex>
  ) -> [[Graph.ValueIndex]] {
    var seen = kept
    var dying = [[Graph.ValueIndex]](repeating: [], count: order.count)
    for step in order.indices.reversed() {
      let node = graph.nodes[order[step]]
      for value in (node.inputs + node.outputs).compactMap({ $0 }) where seen.insert(value).inserted {
        dying[step].append(value)
      }
    }
    return dying
  }
}
