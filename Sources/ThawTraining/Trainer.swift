import ThawGraph
import ThawTensor

/// What BatchNormalization does while a model is trained.
public enum BatchNormalizationMode: String, Hashable, Sendable, CaseIterable {
  /// It normalizes with the statistics of the file, which stay; scale and bias train.
  case frozen
  /// It normalizes with each batch's statistics, and the running ones follow.
  case train
}

/// Whether Dropout draws while a model is trained; when it is measured it never does.
public enum DropoutMode: String, Hashable, Sendable, CaseIterable {
  /// It draws, whatever the file says: models exported for use say that it should not.
  case on
  /// It hands its data on.
  case off
}

/// Trains a model: forward, loss, backward, step.
public final class Trainer {
  public let model: Model
  public let evaluator: Evaluator
  public let batchNormalization: BatchNormalizationMode
  public let dropout: DropoutMode
  /// The trainable parameters that no gradient reaches, which stay as they are.
  public let unreached: [Parameter]
  /// What must be the same for a run to go on, in words.
  let settings: [RunSetting]
  private let reached: [Parameter]
  var optimizer: OptimizerGroups

  /// Prepares training of what is trainable in a model.
  ///
  /// - Parameters:
  ///   - output: the name of the output to train; may be left out where `Model.trainedOutput(_:fromLogits:)` finds it.
  ///   - inputs: those that are the same for every sample; all others have samples along their first axis.
  ///   - batchNormalization: what BatchNormalization does meanwhile.
  ///   - dropout: whether Dropout draws meanwhile.
  ///   - groups: patterns of parameters that have another optimizer or other settings, as in
  ///     `[("features.*", .sgd(0.001))]`; no parameter may be in two, and all others have `optimizer`.
  ///   - metrics: what to measure beside the loss; what belongs to it when left out.
  /// - Throws: `ModelError` that lists all operators without a kernel; `TrainingError` of kind `model` that lists all
  ///   without a gradient, or says that nothing trains, of kind `setting` for settings that have no meaning.
  public init(
    _ model: Model, loss: Loss, optimizer: OptimizerChoice, output: String? = nil,
    inputs: [String: Tensor] = [:], batchNormalization: BatchNormalizationMode = .frozen,
    dropout: DropoutMode = .on, groups: [(pattern: String, optimizer: OptimizerChoice)] = [], metrics: [Metric]? = nil
  ) throws {
    self.model = model
    self.batchNormalization = batchNormalization
    self.dropout = dropout
    evaluator = try Evaluator(model, loss: loss, output: output, inputs: inputs, metrics: metrics)
    if let name = inputs.keys.sorted().first(where: { model.parameters[$0]?.role == .trainable }) {
      throw TrainingError(
        .setting, "the input '\(name)' is given, and it is a parameter that trains: freeze it")
    }
    let path = model.gradientPath(to: evaluator.output)
    guard !model.parameters.with(.trainable).isEmpty else {
      throw TrainingError(
        .model,
        "nothing in the model is trainable (\(model.parameters.count) floating tensors, \(model.parameters.source)): "
          + "unfreeze what should train, with model.unfreeze(\"PATTERN\") or `thaw unfreeze MODEL PATTERN -o OUT`")
    }
    guard path.missingGradients.isEmpty else {
      throw TrainingError(
        .model,
        "freeze what leads to the following; Thaw has no gradient for \(path.missingGradients.list)")
    }
    guard !path.reached.isEmpty else {
      throw TrainingError(
        .model,
        "no gradient of the output '\(evaluator.output.name)' reaches a trainable parameter "
          + "(\(path.unreached.map(\.name).shortened())): train another output, or unfreeze other parameters")
    }
    unreached = path.unreached
    reached = path.reached
    self.optimizer = try OptimizerGroups(
      of: reached, in: model, rest: optimizer, groups: groups)
    settings =
      [
        RunSetting("loss", loss), RunSetting("output", evaluator.output.name), RunSetting("optimizer", optimizer),
        RunSetting("BatchNormalization", batchNormalization.rawValue), RunSetting("Dropout", dropout.rawValue),
      ] + groups.map { RunSetting("group '\($0.pattern)'", $0.optimizer) }
      + inputs.sorted { $0.key < $1.key }.map { RunSetting("input '\($0.key)'", $0.value) }
  }

  /// Trains on all samples, `epochs` times.
  ///
  /// - Parameters:
  ///   - batching: how many samples a step takes, and in which order.
  ///   - progress: called after each step.
  ///   - eachEpoch: called after each epoch.
  /// - Returns: a report an epoch.
  /// - Throws: see `fit(_:_:observe:)`.
  @discardableResult
  public func fit(
    _ dataset: Dataset, epochs: Int, batching: Batching = Batching(), progress: (TrainingProgress) -> Void = { _ in },
    eachEpoch: (EpochReport) -> Void = { _ in }
  ) throws -> TrainingHistory {
    try fit(dataset, TrainingPlan(epochs: epochs, batching: batching)) { event in
      switch event {
      case .step(let step): progress(step)
      case .epoch(let epoch): eachEpoch(epoch)
      case .note: break
      }
    }
  }

  /// Trains on all samples as planned.
  ///
  /// - Parameter observe: called after each step and each epoch, and with notes about the run.
  /// - Returns: a report an epoch, and how it ended.
  /// - Throws: `TrainingError` of kind `setting`, `data` or `label` before the first step, `nonFinite` when the loss
  ///   stops being a number; the model keeps the values of the step before.
  @discardableResult
  public func fit(
    _ dataset: Dataset, _ plan: TrainingPlan, observe: (TrainingEvent) -> Void = { _ in }
  ) throws -> TrainingHistory {
    var run = try TrainingRun(self, dataset, plan)
    return try run.run(observe)
  }

  /// The loss and the metrics over all samples; see `Evaluator`.
  public func evaluate(_ dataset: Dataset, batchSize: Int = 32) throws -> Evaluation {
    try evaluator.evaluate(dataset, batchSize: batchSize)
  }

  /// Takes one step; what its batches gave goes into `tally`.
  ///
  /// - Throws: an error, and the model has the values of before the step.
  func take(_ step: TrainingStep, of samples: Samples, _ tally: inout Tally) throws {
    // Values are replaced, never overwritten: these stay.
    let before = try (reached + model.parameters.with(.buffer)).map { ($0, try $0.value().detach()) }
    do {
      try takeUnguarded(step, of: samples, &tally)
    } catch {
      for (parameter, value) in before { try parameter.set(value) }
      throw error
    }
  }

  private func takeUnguarded(_ step: TrainingStep, of samples: Samples, _ tally: inout Tally) throws {
    model.zeroGrad()
    let count = Double(step.batches.reduce(0) { $0 + $1.count })
    var weight = 0.0
    for (rows, seed) in zip(step.batches, step.seeds) {
      let (inputs, target) = try samples.batch(rows)
      let batchWeight = try evaluator.loss.weight(of: target, count: rows.count)
      weight += batchWeight
      let prediction = try evaluator.predict(inputs, modes: modes, seed: seed)
      // Where every label is ignored there is nothing to learn, and the mean is no number.
      let loss = batchWeight > 0 ? try withErrors { evaluator.loss(prediction, target) } : Tensor(0.0)
      let value = try loss.item()
      guard value.isFinite else {
        let search = NonFiniteSearch(evaluator: evaluator, modes: modes, inputs: inputs, target: target, seed: seed)
        throw step.nonFinite("the loss became \(value.withPlainNaN)", try search.ofLoss())
      }
      try tally.add(loss: value, weight: batchWeight, prediction: prediction, target: target, count: rows.count)
      guard batchWeight > 0 else { continue }
      let share = step.batches.count == 1 ? 1 : batchWeight / count
      try (share == 1 ? loss : withErrors { loss * share }).backward()
    }
    guard weight > 0 else { return }
    // The mean over the whole step: shares of its samples are shares of its weight but for a factor.
    if step.batches.count > 1, weight != count { try scaleGradients(of: reached, by: count / weight) }
    try checkGradients(step, of: samples)
    try step.clipping?.apply(to: reached)
    optimizer.learningRateScale = step.learningRateScale
    let optimizerBefore = optimizer
    try withErrors { optimizer.step() }
    if let parameter = optimizer.firstNonFinite, let number = try parameter.value().detach().firstNonFinite() {
      optimizer = optimizerBefore
      throw step.nonFinite(
        "the parameter '\(parameter.name)' became \(number.value)", "its gradient is finite, and the step was too large"
      )
    }
  }

  /// - Throws: `TrainingError` of kind `nonFinite` that names the operator whose gradient has a number that is not
  ///   finite.
  private func checkGradients(_ step: TrainingStep, of samples: Samples) throws {
    let parameters = reached.filter { $0.grad != nil }
    let areFinite = try Tensor.areFinite(parameters.compactMap(\.grad))
    for (parameter, isFinite) in zip(parameters, areFinite) where !isFinite {
      guard let number = try parameter.grad?.firstNonFinite() else { continue }
      let text = "the gradient of the parameter '\(parameter.name)' became \(number.value)"
      for (rows, seed) in zip(step.batches, step.seeds) {
        let (inputs, target) = try samples.batch(rows)
        let search = NonFiniteSearch(evaluator: evaluator, modes: modes, inputs: inputs, target: target, seed: seed)
        if let cause = try search.ofGradient() { throw step.nonFinite(text, cause) }
      }
      throw step.nonFinite(text, "each batch's is finite, and their sum is not")
    }
  }

  private var modes: NodeModes {
    NodeModes(
      batchNormalization: batchNormalization == .train ? .training : .frozen,
      dropout: dropout == .on ? .drawing : .off)
  }
}
