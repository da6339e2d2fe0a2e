import ThawTensor

/// A graph of operators by index: values are numbered, nodes name their inputs and outputs by these numbers.
public struct Graph: Sendable {
  /// A value's place in `values`.
  typealias ValueIndex = Int

  struct Value: Sendable {
    var name: String
    /// As declared or inferred; nil when unknown.
    var type: ValueType?
  }

  struct Node: Sendable {
    /// The name in the file, or its place there when it has none: for messages.
    var name: String
    /// Whether the name is the file's.
    var isNamed = true
    /// As written in the file.
    var opType: String
    var operation: Operation
    /// nil for an optional input that is absent.
    var inputs: [ValueIndex?]
    /// nil for an optional output that is not used.
    var outputs: [ValueIndex?]
  }

  /// What a node does, as far as Thaw knows.
  enum Operation: Sendable {
    case known(any Operator)
    case missing(MissingOperator)

    var known: (any Operator)? { if case .known(let operation) = self { operation } else { nil } }
  }

  /// A value that is there before any node runs.
  enum Initial: Sendable {
    case parameter(Parameter)
    case constant(StoredTensor)
  }

  var name = "graph"
  /// The version of each domain that the file imports; of a recording, those its operators were written in.
  var opsets: [String: Int] = ["": Operators.recordingOpset]
  var values: [Value] = []
  /// In an order in which each node's inputs are there when it runs.
  var nodes: [Node] = []
  var inputs: [ValueIndex] = []
  /// Initial values that a caller may give instead.
  var optionalInputs: [ValueIndex] = []
  var outputs: [ValueIndex] = []
  var initials: [ValueIndex: Initial] = [:]

  /// The nodes that make the values of `targets`, in order.
  func nodesNeeded(for targets: some Sequence<ValueIndex>) -> [Int] {
    var needed = Set(targets)
    var result: [Int] = []
    for index in nodes.indices.reversed()
    where nodes[index].outputs.contains(where: { $0.map(needed.contains) ?? false }) {
      result.append(index)
      needed.formUnion(nodes[index].inputs.compactMap { $0 })
    }
    return result.reversed()
  }

  /// The values that are computed from an input of the graph, and the inputs themselves.
  func valuesFromInputs() -> Set<ValueIndex> {
    var result = Set(inputs)
    for node in nodes where node.inputs.contains(where: { $0.map(result.contains) ?? false }) {
      result.formUnion(node.outputs.compactMap { $0 })
    }
    return result
  }

  /// Checks that Thaw knows what some nodes do.
  ///
  /// - Throws: `ModelError` of kind `unsupported` that lists every operator that is missing.
  func checkOperators(in order: [Int]) throws {
    let missing = missingOperators(in: order)
    guard missing.isEmpty else { throw ModelError(.unsupported, "no kernel for \(missing.list)") }
  }

  /// What Thaw does not know among some nodes and in their bodies; these are named by the way to them.
  func missingOperators(in order: some Sequence<Int>) -> [MissingOperator] {
    order.flatMap { index -> [MissingOperator] in
      let node = nodes[index]
      if case .missing(let missing) = node.operation { return [missing] }
      return node.bodies.flatMap { attribute, body in
        body.graph.missingOperators(in: body.graph.nodes.indices).map { $0.inside("\(node.name)/\(attribute)") }
      }
    }
  }

  /// For each value, the node that makes it.
  func producers() -> [ValueIndex: Int] {
    var producers: [ValueIndex: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for case let output? in node.outputs { producers[output] = index }
    }
    return producers
  }

  /// For each value, the nodes that read it and as which input.
  func consumers() -> [ValueIndex: [(node: Int, input: Int)]] {
    var consumers: [ValueIndex: [(node: Int, input: Int)]] = [:]
    for (index, node) in nodes.enumerated() {
      for (position, input) in node.inputs.enumerated() {
        if let input { consumers[input, default: []].append((index, position)) }
      }
    }
    return consumers
  }
}
