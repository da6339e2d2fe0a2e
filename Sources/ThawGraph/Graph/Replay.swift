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

  let graph: Graph
  let targets: [Graph.ValueIndex]
  /// The nodes that run, in order.
  let order: [Int]
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
    for (step, index) in order.enumerated() {
      let outputs = try evaluate(index, draws, observe: observe) { values[$0] }
      for (output, value) in outputs { values[output] = value }
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

  /// Computes one node of what is there.
  ///
  /// - Throws: its error, with its name.
  func evaluate(
    _ index: Int, _ draws: Draws = .seed(0),
    observe: ((_ node: Graph.Node, _ inputs: [Value?], _ outputs: [Value?]) throws -> Void)? = nil,
    of value: (Graph.ValueIndex) throws -> Value?
  ) throws -> [(output: Graph.ValueIndex, value: Value)] {
    let node = graph.nodes[index]
    guard let (operation, extra) = nodes.operation(index, draws) else { return [] }
    let budget = Context.current.budget
    do {
      try budget?.checkTime()
      let inputs = try node.inputs.map { try $0.flatMap(value) } + (extra.map { [.tensor($0)] } ?? [])
      let outputs = try apply(operation, to: inputs, wanted: wanted(of: node))
      try observe?(node, inputs, outputs)
      var results: [(output: Graph.ValueIndex, value: Value)] = []
      for (output, value) in zip(node.outputs, outputs) {
        guard let output, let value else { continue }
        try budget?.checkElements(of: value)
        results.append((output, value))
      }
      return results
    } catch let error as TensorError {
      throw error.at("node '\(node.name)'")
    }
  }

  /// What a node does, where it is not told to draw.
  func operation(_ node: Int) -> (any Operator)? { nodes.operation(node, .seed(0))?.operation }

  /// The outputs of a node that somebody reads.
  func wanted(of node: Graph.Node) -> OutputMask { OutputMask(node.outputs.map { $0.map(read.contains) ?? false }) }

  /// A value that is there before any node runs; nil for another.
  func initialValue(_ index: Graph.ValueIndex) throws -> Value? {
    switch graph.initials[index] {
    case .parameter(let parameter): .tensor(try parameter.value())
    case .constant(let stored): .tensor(try stored.tensor())
    case nil: nil
    }
  }

  private func loadInitials(into values: inout [Value?], except given: [Graph.ValueIndex: Value]) throws {
    for (index, _) in initials where given[index] == nil { values[index] = try initialValue(index) }
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
