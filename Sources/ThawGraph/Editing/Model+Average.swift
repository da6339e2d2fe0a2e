import ThawONNX
import ThawTensor

extension Model {
  /// The weighted mean of models of one structure, such as those that took part in a federated round.
  ///
  /// The result is the first model with other numbers. Nodes and tensors are matched by meaning, as `ModelDifference`
  /// does, so that names may differ. Sums are in float64; a tensor whose bytes are the same in all models keeps them.
  ///
  /// - Parameter weights: one number for each model, none negative; all the same when left out. Only their ratios count.
  /// - Throws: `ModelError` of kind `request` for weights that do not fit, and for models that differ in more than the
  ///   numbers of floating tensors; it says in what.
  public static func average(_ models: [Model], weights: [Double]? = nil) throws -> Model {
    guard let first = models.first else { throw ModelError(.request, "there is no model to average") }
    let weights = weights ?? [Double](repeating: 1, count: models.count)
    guard weights.count == models.count else {
      throw ModelError(.request, "there are \(models.count) models and \(weights.count) weights")
    }
    let total = weights.reduce(0, +)
    guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }), total > 0, total.isFinite else {
      throw ModelError(.request, "weights should be numbers of at least 0, and not all 0; they are \(weights)")
    }
    let result = try first.edited(try first.changedProto(), roles: first.rolesByName)
    let others = try models.dropFirst().enumerated().map { place, model in
      try first.counterparts(in: model, number: place + 2)
    }
    for (target, mine) in zip(result.parameters, first.parameters) {
      let all =
        try [mine]
        + others.map { others in
          guard let other = others[mine.name] else {
            throw ModelError(.graph, "nothing reads the tensor '\(mine.name)', and another model has none of that name")
          }
          return other
        }
      let bytes = try all.map { try $0.data().elements }
      if bytes.dropFirst().allSatisfy({ $0.isSame(as: bytes[0]) }) { continue }
      let mean = try inferenceMode(false) {
        try noGrad {
          try withErrors {
            var sum: Tensor?
            for (parameter, weight) in zip(all, weights) where weight > 0 {
              let share = try parameter.value().detach().cast(to: .float64) * (weight / total)
              sum = sum.map { $0 + share } ?? share
            }
            return (sum ?? Tensor(0)).cast(to: mine.type.dtype)
          }
        }
      }
      try target.set(mean)
    }
    return result
  }

  /// For each of this model's parameters, by name, that of another model.
  private func counterparts(in other: Model, number: Int) throws -> [String: Parameter] {
    func differ(_ what: String) -> ModelError {
      ModelError(.request, "model \(number) differs from the first in more than its weights: \(what); see `thaw diff`")
    }
    let matching = GraphMatching(self, other)
    if let node = matching.removedNodes.first { throw differ("it has no \(graph.nodes[node].label)") }
    if let node = matching.addedNodes.first { throw differ("it has \(other.graph.nodes[node].label)") }
    for (x, y) in matching.pairs {
      guard let change = matching.change(of: x, y) else { continue }
      throw differ("\(change.name) has \(change.to ?? "") where the first has \(change.from ?? "")")
    }
    let pairing = TensorPairing(matching)
    if let lost = pairing.onlyA.first { throw differ("it has no tensor '\(graph.values[lost].name)'") }
    if let new = pairing.onlyB.first { throw differ("it has a tensor '\(other.graph.values[new].name)'") }
    var result: [String: Parameter] = [:]
    for (x, y) in pairing.pairs {
      guard graph.typeText(of: x) == other.graph.typeText(of: y) else {
        throw differ(
          "'\(other.graph.values[y].name)' is \(other.graph.typeText(of: y)), and '\(graph.values[x].name)' is "
            + graph.typeText(of: x))
      }
      if case .parameter(let mine)? = graph.initials[x], case .parameter(let theirs)? = other.graph.initials[y] {
        result[mine.name] = theirs
      } else if try graph.data(of: x).map(\.elements)?.isSame(as: other.graph.data(of: y)?.elements ?? .strings([]))
        != true
      {
        throw differ("'\(graph.values[x].name)', which is no floating tensor, has other numbers")
      }
    }
    return result
  }
}
