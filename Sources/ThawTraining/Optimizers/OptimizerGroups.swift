import ThawGraph

/// Several optimizers, each for its own group of parameters (PyTorch's parameter groups).
struct OptimizerGroups: Optimizer {
  /// The groups in the order in which they were named, last the parameters that no group has; none is empty.
  private var members: [(names: Set<String>, optimizer: any SingleOptimizer)]

  /// Divides parameters among groups.
  ///
  /// - Parameters:
  ///   - parameters: those that train.
  ///   - rest: for those that no group has.
  ///   - groups: patterns, and the optimizers of the parameters they name; see `Model.parameters(matching:)`.
  /// - Throws: `ModelError` of kind `name` for a pattern that matches nothing; `TrainingError` of kind `setting` for one
  ///   that names nothing that trains, for a parameter in two groups, and for settings outside their range.
  init(
    of parameters: [Parameter], in model: Model, rest: OptimizerChoice,
    groups: [(pattern: String, optimizer: OptimizerChoice)]
  ) throws {
    members = []
    var patterns: [ObjectIdentifier: String] = [:]
    for (pattern, choice) in groups {
      let named = Set(try model.parameters(matching: pattern).map(ObjectIdentifier.init))
      let group = parameters.filter { named.contains(ObjectIdentifier($0)) }
      guard !group.isEmpty else {
        throw TrainingError(
          .setting, "the group '\(pattern)' has no parameter that trains: unfreeze one, or leave it out")
      }
      for parameter in group {
        if let other = patterns.updateValue(pattern, forKey: ObjectIdentifier(parameter)) {
          throw TrainingError(
            .setting,
            "the parameter '\(parameter.name)' is in the groups '\(other)' and '\(pattern)'; it may be in one only")
        }
      }
      members.append((Set(group.map(\.name)), try choice.make(group)))
    }
    let others = parameters.filter { patterns[ObjectIdentifier($0)] == nil }
    // Settings outside their range are an error even where nobody has them.
    let optimizer = try rest.make(others)
    if !others.isEmpty { members.append((Set(others.map(\.name)), optimizer)) }
  }

  var learningRateScale: Double {
    get { members.first?.optimizer.learningRateScale ?? 1 }
    set { for index in members.indices { members[index].optimizer.learningRateScale = newValue } }
  }

  /// A parameter that the last step made infinite or NaN.
  var firstNonFinite: Parameter? { members.lazy.compactMap(\.optimizer.states.firstNonFinite).first }

  var learningRates: [Double] { members.flatMap(\.optimizer.learningRates) }

  var state: [OptimizerState] { members.flatMap(\.optimizer.state) }

  mutating func restore(_ state: [OptimizerState]) throws {
    let known = members.reduce(into: Set<String>()) { $0.formUnion($1.names) }
    try OptimizerState.check(state, areOf: known)
    var restored = members
    for index in restored.indices {
      try restored[index].optimizer.restore(state.filter { restored[index].names.contains($0.parameter) })
    }
    members = restored
  }

  mutating func step() { for index in members.indices { members[index].optimizer.step() } }
}
