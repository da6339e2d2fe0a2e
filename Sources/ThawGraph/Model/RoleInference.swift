import ThawONNX
import ThawTensor
import ThawTypes

/// Which floating tensors of a file without roles train, and by which rule.
struct RoleInference {
  private let graph: Graph
  private let consumers: [Graph.ValueIndex: [(node: Int, input: Int)]]
  /// The values from which a gradient of an output can be had.
  private let differentiable: Set<Graph.ValueIndex>

  init(_ graph: Graph) {
    self.graph = graph
    consumers = graph.consumers()
    differentiable = Self.differentiableValues(of: graph)
  }

  /// The roles of initial values, and the rule that fired.
  func roles(
    of initials: [(value: Graph.ValueIndex, type: TensorType, isConstantNode: Bool)], model: ModelProto
  ) -> (roles: [Graph.ValueIndex: Role], source: RoleSource) {
    let marks = exportMarks(model)
    if !marks.isEmpty {
      var roles: [Graph.ValueIndex: Role] = [:]
      for initial in initials {
        roles[initial.value] = marks[graph.values[initial.value].name] ?? unmarkedRole(of: initial.value)
      }
      return (roles, .exportMarks)
    }
    let updated = Set(model.trainingInfo.flatMap { $0.updateBinding.compactMap(\.key) })
    if !updated.isEmpty {
      return (
        Dictionary(
          uniqueKeysWithValues: initials.map {
            ($0.value, updated.contains(graph.values[$0.value].name) ? .trainable : restingRole(of: $0.value))
          }), .trainingInfo
      )
    }
    return (reachabilityRoles(of: initials), .reachability)
  }

  // PyTorch's marks.

  private func exportMarks(_ model: ModelProto) -> [String: Role] {
    var marks: [String: Role] = [:]
    for info in model.graph?.valueInfo ?? [] {
      let key = "pkg.torch.export.graph_signature.InputSpec.kind"
      guard let name = info.name, let mark = info.metadataProps.first(where: { $0.key == key })?.value else { continue }
      switch mark {
      case "PARAMETER": marks[name] = .trainable
      case "BUFFER": marks[name] = .buffer
      default: break
      }
    }
    return marks
  }

  /// In a file with marks, an unmarked tensor trains only in a weight's place.
  private func unmarkedRole(of value: Graph.ValueIndex) -> Role {
    differentiable.contains(value) && reachesWeight(value) ? .trainable : restingRole(of: value)
  }

  /// Operators that move or convert a weight without computing with it.
  private static let movers: Set<String> = [
    "Transpose", "Reshape", "Slice", "Concat", "Squeeze", "Unsqueeze", "Expand", "Split", "Cast", "Identity",
  ]

  private func reachesWeight(_ value: Graph.ValueIndex) -> Bool {
    var seen: Set<Graph.ValueIndex> = [value]
    var open = [value]
    while let current = open.popLast() {
      for (node, input) in consumers[current] ?? [] {
        if case .weight = graph.nodes[node].use(ofInput: input) { return true }
        guard Self.movers.contains(graph.nodes[node].opType) else { continue }
        for case let output? in graph.nodes[node].outputs where seen.insert(output).inserted { open.append(output) }
      }
    }
    return false
  }

  // Reachability.

  private func reachabilityRoles(
    of initials: [(value: Graph.ValueIndex, type: TensorType, isConstantNode: Bool)]
  ) -> [Graph.ValueIndex: Role] {
    func trains(_ initial: (value: Graph.ValueIndex, type: TensorType, isConstantNode: Bool)) -> Bool {
      initial.type.dims?.isEmpty == false && isReachedAsData(initial.value)
    }
    // A file keeps its weights in one place. Where initializers train, a Constant is a number that somebody wrote, such
    // as the ones and zeros by which PyTorch writes a GroupNorm.
    let initializersTrain = initials.contains { !$0.isConstantNode && trains($0) }
    var roles: [Graph.ValueIndex: Role] = [:]
    for initial in initials {
      let mayTrain = !initial.isConstantNode || !initializersTrain
      roles[initial.value] = mayTrain && trains(initial) ? .trainable : restingRole(of: initial.value)
    }
    return roles
  }

  private func isReachedAsData(_ value: Graph.ValueIndex) -> Bool {
    (consumers[value] ?? []).contains { node, input in
      switch graph.nodes[node].use(ofInput: input) {
      case .data, .weight: graph.nodes[node].outputs.contains { $0.map(differentiable.contains) ?? false }
      case .buffer, .setting, .index: false
      }
    }
  }

  /// The role of what does not train.
  private func restingRole(of value: Graph.ValueIndex) -> Role {
    (consumers[value] ?? []).contains { node, input in
      if case .buffer = graph.nodes[node].use(ofInput: input) { true } else { false }
    } ? .buffer : .constant
  }

  static func differentiableValues(of graph: Graph) -> Set<Graph.ValueIndex> {
    func isFloating(_ value: Graph.ValueIndex) -> Bool {
      graph.values[value].type?.tensor?.dtype.isFloatingPoint ?? true
    }
    var reached = Set(graph.outputs.filter(isFloating))
    for node in graph.nodes.reversed() {
      guard node.outputs.contains(where: { $0.map(reached.contains) ?? false }) else { continue }
      if let operation = node.operation.known, !operation.isDifferentiable { continue }
      for (position, input) in node.inputs.enumerated() {
        guard let input, isFloating(input) else { continue }
        switch node.use(ofInput: position) {
        case .index, .buffer: break
        default: reached.insert(input)
        }
      }
    }
    return reached
  }

  /// What a graph does with values that it is given: a body with its inputs and with what it captures.
  static func uses(of values: [Graph.ValueIndex], in graph: Graph) -> [Input.Use] {
    let inference = RoleInference(graph)
    return values.map { value in
      let uses = (inference.consumers[value] ?? []).map { graph.nodes[$0.node].use(ofInput: $0.input) }
      if inference.differentiable.contains(value) {
        if inference.reachesWeight(value) { return .weight }
        if inference.isReachedAsData(value) || graph.outputs.contains(value) { return .data }
      }
      return uses.contains(.buffer) ? .buffer : uses.contains(.setting) ? .setting : .index
    }
  }
}
