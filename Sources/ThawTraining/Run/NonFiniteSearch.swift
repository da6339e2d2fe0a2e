import ThawGraph
import ThawTensor

/// Finds which operator made the first number that is not finite, by computing a batch once more.
struct NonFiniteSearch {
  let evaluator: Evaluator
  let modes: NodeModes
  let inputs: [String: Value]
  let target: Tensor?
  let seed: UInt64

  private var targets: [Int] { [evaluator.output.target] }

  /// What made the loss no number.
  func ofLoss() throws -> String {
    let constants = Set(evaluator.inputs.keys)
    var cause: String?
    _ = try noGrad {
      try evaluator.predict(inputs, seed: seed) { inputs, seed in
        if cause == nil {
          cause = try evaluator.model.firstNonFinite(
            inputs, targets: targets, modes: modes, seed: seed, isBatchFree: evaluator.isBatchFree,
            constants: constants)
        }
        return try run(inputs, seed).values
      }
    }
    return cause ?? "the loss \(evaluator.loss.name) made it of a finite prediction"
  }

  private func run(
    _ inputs: [String: Value], _ seed: UInt64
  ) throws -> (values: [Value], nameOfNode: @Sendable (UInt64) -> String?) {
    try evaluator.model.runNamingNodes(
      inputs, targets: targets, modes: modes, seed: seed, isBatchFree: evaluator.isBatchFree)
  }

  /// What made a gradient no number; nil when all of this batch are finite.
  func ofGradient() throws -> String? {
    // One for each group, in the order in which they are computed: a later group's operations come after them.
    var namings: [@Sendable (UInt64) -> String?] = []
    let prediction = try evaluator.predict(inputs, seed: seed) { inputs, seed in
      let (values, nameOfNode) = try run(inputs, seed)
      namings.append(nameOfNode)
      return values
    }
    let nameOfNode: @Sendable (UInt64) -> String? = { [namings] sequence in
      namings.lazy.compactMap { $0(sequence) }.first
    }
    let loss = try withErrors { evaluator.loss(prediction, target) }
    do {
      try Context.with({ $0.anomaly = AnomalySearch(findsInfinity: true, nameOfNode: nameOfNode) }) {
        try loss.backward()
      }
      return nil
    } catch let error as TensorError where error.kind == .autograd {
      return error.message
    }
  }
}

extension TrainingStep {
  /// The error of a number that is not finite.
  ///
  /// - Parameters:
  ///   - text: what became of which value.
  ///   - cause: where the first such number came from.
  func nonFinite(_ text: String, _ cause: String) -> TrainingError {
    TrainingError(
      .nonFinite,
      "\(text) in \(name): nothing was saved; lower the learning rate, or look for extreme numbers in the data (\(cause))"
    )
  }
}
