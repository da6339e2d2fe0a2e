import ThawGraph
import ThawTensor

extension Trainer {
  /// Gives the inputs and the target of some samples.
  typealias BatchSource = (_ rows: [Int]) throws -> (inputs: [String: Value], target: Tensor?)

  /// Takes one step on a batch that is in memory, as `fit` does for each of its batches.
  ///
  /// - Parameter seed: for what Dropout draws.
  /// - Returns: the loss before the step.
  /// - Throws: an error, and the model has the values of before the step; see `take(_:of:by:_:)`.
  @discardableResult
  package func step(_ inputs: [String: Tensor], _ target: Tensor?, seed: UInt64 = 0) throws -> Double {
    let count = (target ?? inputs.values.first)?.shape.first ?? 1
    let step = TrainingStep(
      name: "a step", batches: [Array(0..<count)], seeds: [seed], learningRateScale: 1, clipping: nil)
    var tally = try evaluator.tally()
    try evaluator.execution.run { try take(step, of: { _ in (inputs.mapValues(Value.tensor), target) }, &tally) }
    return tally.loss
  }

  /// Takes one step; what its batches gave goes into `tally`.
  ///
  /// - Parameter programs: those of another part of the model than the whole.
  /// - Throws: an error, and the model has the values of before the step. Where the step itself made a parameter
  ///   infinite or NaN, the optimizer starts anew.
  func take(
    _ step: TrainingStep, of batch: BatchSource, by programs: StepPrograms? = nil, _ tally: inout Tally
  ) throws {
    // Values are replaced, never overwritten: these stay.
    let before = try (reached + model.parameters.with(.buffer)).map { ($0, try $0.value().detach()) }
    do {
      try takeUnguarded(step, of: batch, by: programs ?? self.programs, &tally)
    } catch {
      for (parameter, value) in before { try parameter.set(value) }
      throw error
    }
  }

  /// Why steps are computed node by node, as a sentence for the user; nil where they are not, and after the first time.
  func takeEagerNote(of programs: StepPrograms) -> String? {
    let reasons = programs.eagerReasons
    guard !reasons.isEmpty, !hasToldEagerReasons else { return nil }
    hasToldEagerReasons = true
    return "training steps are computed node by node, because there can be no program of them: "
      + reasons.joined(separator: "; ")
  }

  private func takeUnguarded(
    _ step: TrainingStep, of batch: BatchSource, by programs: StepPrograms, _ tally: inout Tally
  ) throws {
    let (evaluator, modes) = (programs.evaluator, programs.modes)
    model.zeroGrad()
    let count = Double(step.batches.reduce(0) { $0 + $1.count })
    var weight = 0.0
    for (rows, seed) in zip(step.batches, step.seeds) {
      let (inputs, target) = try batch(rows)
      let batchWeight = try evaluator.loss.weight(of: target, count: rows.count)
      weight += batchWeight
      guard batchWeight > 0 else {
        // Where every label is ignored there is nothing to learn, and the mean is no number.
        let prediction = try noGrad { try evaluator.predict(inputs, modes: modes, seed: seed, execution: .eager) }
        try tally.add(loss: 0, weight: 0, prediction: prediction, target: target, count: rows.count)
        continue
      }
      let loss =
        try programs.loss(inputs, target, seed: seed)
        ?? BatchLoss(eager: evaluator, inputs, target, modes: modes, seed: seed)
      let value = try loss.loss.item()
      guard value.isFinite else {
        let search = NonFiniteSearch(evaluator: evaluator, modes: modes, inputs: inputs, target: target, seed: seed)
        throw step.nonFinite("the loss became \(value.withPlainNaN)", try search.ofLoss())
      }
      try tally.add(loss: value, weight: batchWeight, prediction: loss.prediction, target: target, count: rows.count)
      try loss.backward(share: step.batches.count == 1 ? 1 : batchWeight / count)
    }
    guard weight > 0 else { return }
    // The mean over the whole step: shares of its samples are shares of its weight but for a factor.
    if step.batches.count > 1, weight != count { try scaleGradients(of: reached, by: count / weight) }
    try checkGradients(step, of: batch, by: programs)
    try step.clipping?.apply(to: reached)
    optimizer.learningRateScale = step.learningRateScale
    try withErrors { optimizer.step() }
    if let parameter = optimizer.firstNonFinite, let number = try parameter.value().detach().firstNonFinite() {
      // What it remembered was overwritten: to keep that aside in every step would take as much memory again.
      try optimizer.restore([])
      throw step.nonFinite(
        "the parameter '\(parameter.name)' became \(number.value)", "its gradient is finite, and the step was too large"
      )
    }
  }

  /// - Throws: `TrainingError` of kind `nonFinite` that names the operator whose gradient has a number that is not
  ///   finite.
  private func checkGradients(_ step: TrainingStep, of batch: BatchSource, by programs: StepPrograms) throws {
    let gradients = reached.compactMap { parameter in parameter.grad.map { (parameter, $0) } }
    let areFinite = try Tensor.areFinite(gradients.map(\.1))
    for ((parameter, gradient), isFinite) in zip(gradients, areFinite) where !isFinite {
      guard let number = try gradient.firstNonFinite() else { continue }
      let text = "the gradient of the parameter '\(parameter.name)' became \(number.value)"
      for (rows, seed) in zip(step.batches, step.seeds) {
        let (inputs, target) = try batch(rows)
        let search = NonFiniteSearch(
          evaluator: programs.evaluator, modes: programs.modes, inputs: inputs, target: target, seed: seed)
        if let cause = try search.ofGradient() { throw step.nonFinite(text, cause) }
      }
      throw step.nonFinite(text, "each batch's is finite, and their sum is not")
    }
  }
}
