import ThawTensor

/// Runs a graph's nodes, one after another, through the one door.
struct Replay {
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
  /// The buffers that a run updates, by the output that holds their new value.
  var updates: [(buffer: Graph.ValueIndex, output: Graph.ValueIndex)] { nodes.updates }

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
    self.graph = graph
    self.targets = targets
    dying = Self.lastUses(of: graph, in: order, keeping: Set(targets + nodes.updates.map(\.output)))
  }

  /// The values that are there before any node runs and that some node reads, in the order of the file.
  var initialValues: [Graph.ValueIndex] { initials.map(\.value).sorted() }

  /// Computes the targets, and the new values of buffers.
  ///
  /// - Parameters:
  ///   - seed: for what Dropout draws in this run, where it is told to.
  ///   - observe: called after each node with what it read and made; its error ends the run.
  /// - Throws: the error of the node that failed, with its name.
  func run(
    _ given: [Graph.ValueIndex: Value], seed: UInt64 = 0,
    observe: ((_ node: Graph.Node, _ inputs: [Value?], _ outputs: [Value?]) throws -> Void)? = nil
  ) throws -> (targets: [Value], updates: [Value?]) {
    var values = [Value?](repeating: nil, count: graph.values.count)
    for (index, value) in given { values[index] = value }
    try loadInitials(into: &values, except: given)
    let budget = Context.current.budget
    for (step, index) in order.enumerated() {
      let node = graph.nodes[index]
      guard let operation = nodes.operation(index, seed: seed) else { continue }
      let wanted = wanted(of: node)
      do {
        try budget?.checkTime()
        let inputs = node.inputs.map { $0.flatMap { values[$0] } }
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

  /// What a node does, unless it is told to draw from the run's seed.
  func operation(_ node: Int) -> (any Operator)? { nodes.operation(node, seed: 0) }

  /// The outputs of a node that somebody reads.
  func wanted(of node: Graph.Node) -> OutputMask { OutputMask(node.outputs.map { $0.map(read.contains) ?? false }) }

  /// Computes one node of what is there.
  ///
  /// - Throws: its error, with its name.
  func evaluate(
    _ index: Int, _ values: [Graph.ValueIndex: Value]
  ) throws -> [Graph.ValueIndex: Value] {
    let node = graph.nodes[index]
    guard let operation = operation(index) else { return [:] }
    let budget = Context.current.budget
    do {
      try budget?.checkTime()
      let inputs = try node.inputs.map { input in try input.flatMap { try values[$0] ?? initialValue($0) } }
      let outputs = try apply(operation, to: inputs, wanted: wanted(of: node))
      var results: [Graph.ValueIndex: Value] = [:]
      for (output, value) in zip(node.outputs, outputs) {
        try budget?.checkElements(of: value)
        if let output, let value { results[output] = value }
      }
      return results
    } catch let error as TensorError {
      throw error.at("node '\(node.name)'")
    }
  }

  /// A value that is there before any node runs; nil for another.
  func initialValue(_ index: Graph.ValueIndex) throws -> Value? {
    switch graph.initials[index] {
    case .parameter(let parameter): .tensor(try parameter.value())
    case .constant(let stored): .tensor(try stored.tensor())
    case nil: nil
    }
  }

  /// The parameters that some node reads, with their values.
  func fixedParameters() throws -> [(parameter: Parameter, value: Tensor)] {
    try initials.compactMap { _, initial in
      guard case .parameter(let parameter) = initial else { return nil }
      return (parameter, try parameter.value().detach())
    }
  }

  private func loadInitials(into values: inout [Value?], except given: [Graph.ValueIndex: Value]) throws {
    for (index, _) in initials where given[index] == nil {
      values[index] = try initialValue(index)
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
