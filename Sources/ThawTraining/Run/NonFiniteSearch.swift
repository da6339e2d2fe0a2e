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
    try evaluator.model.firstNonFinite(inputs, targets: targets, modes: modes, seed: seed)
      ?? "the loss \(evaluator.loss.name) made it of a finite prediction"
  }

  /// What made a gradient no number; nil when all of this batch are finite.
  func ofGradient() throws -> String? {
    let (values, nameOfNode) = try evaluator.model.runNamingNodes(inputs, targets: targets, modes: modes, seed: seed)
    guard let prediction = values.first?.tensor else { return nil }
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
