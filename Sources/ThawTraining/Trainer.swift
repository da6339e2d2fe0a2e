import ThawGraph
import ThawTensor

/// What BatchNormalization does while a model is trained.
public enum BatchNormalizationMode: String, Hashable, Sendable, CaseIterable {
  /// It normalizes with the statistics of the file, which stay; scale and bias train.
  case frozen
  /// It normalizes with each batch's statistics, and the running ones follow.
  case train
}

/// Trains a model: forward, loss, backward, step.
public final class Trainer {
  public let model: Model
  public let evaluator: Evaluator
  public let batchNormalization: BatchNormalizationMode
  /// The trainable parameters that no gradient reaches, which stay as they are.
  public let unreached: [Parameter]
  private var optimizer: any Optimizer

  /// Prepares training of what is trainable in a model.
  ///
  /// - Parameters:
  ///   - output: the name of the output to train; may be left out where `Model.trainedOutput(_:fromLogits:)` finds it.
  ///   - inputs: those that are the same for every sample; all others have samples along their first axis.
  ///   - batchNormalization: what BatchNormalization does meanwhile.
  /// - Throws: `ModelError` that lists all operators without a kernel; `TrainingError` of kind `model` that lists all
  ///   without a gradient, or says that nothing trains.
  public init(
    _ model: Model, loss: Loss, optimizer: OptimizerChoice, output: String? = nil,
    inputs: [String: Tensor] = [:], batchNormalization: BatchNormalizationMode = .frozen
  ) throws {
    self.model = model
    self.batchNormalization = batchNormalization
    evaluator = try Evaluator(model, loss: loss, output: output, inputs: inputs)
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
    self.optimizer = optimizer.make(path.reached)
  }

  /// Trains on all samples, `epochs` times.
  ///
  /// - Parameters:
  ///   - batching: how many samples a step takes, and in which order.
  ///   - progress: called after each step.
  /// - Returns: a report an epoch.
  /// - Throws: `TrainingError` of kind `data` or `label` before the first step, `nonFinite` when the loss stops being a
  ///   number; the model keeps the values of the step before.
  @discardableResult
  public func fit(
    _ dataset: Dataset, epochs: Int, batching: Batching = Batching(), progress: (TrainingProgress) -> Void = { _ in },
    eachEpoch: (EpochReport) -> Void = { _ in }
  ) throws -> [EpochReport] {
    guard epochs >= 0 else { throw TrainingError(.setting, "the number of epochs should not be negative: \(epochs)") }
    let samples = try evaluator.checkedSamples(dataset, batchSize: batching.size)
    return try (0..<epochs).map { epoch in
      let start = ContinuousClock.now
      var tally = Tally(Metric(for: evaluator.loss))
      let batches = try batching.batches(of: samples.count, epoch: epoch)
      for (step, rows) in batches.enumerated() {
        try take(step: "epoch \(epoch + 1), step \(step + 1)", on: samples.batch(rows), &tally)
        progress(
          TrainingProgress(
            epoch: epoch + 1, epochs: epochs, step: step + 1, steps: batches.count, loss: tally.loss))
      }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let report = EpochReport(epoch: epoch + 1, epochs: epochs, evaluation: tally.evaluation, seconds: seconds)
      eachEpoch(report)
      return report
    }
  }

  /// The loss and the metric over all samples; see `Evaluator`.
  public func evaluate(_ dataset: Dataset, batchSize: Int = 32) throws -> Evaluation {
    try evaluator.evaluate(dataset, batchSize: batchSize)
  }

  private func take(step: String, on batch: (inputs: [String: Value], target: Tensor), _ tally: inout Tally) throws {
    model.zeroGrad()
    let prediction = try evaluator.predict(
      batch.inputs, batchNormalization: batchNormalization == .train ? .training : .frozen)
    let loss = try withErrors { evaluator.loss(prediction, batch.target) }
    let value = try loss.item()
    guard value.isFinite else {
      throw TrainingError(
        .nonFinite,
        "the loss became \(value) in \(step): nothing was saved; lower the learning rate, or look for extreme numbers "
          + "in the data")
    }
    try tally.add(loss: value, prediction: prediction, target: batch.target)
    try loss.backward()
    try withErrors { optimizer.step() }
  }
}
