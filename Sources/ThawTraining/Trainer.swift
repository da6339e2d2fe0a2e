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
  let reached: [Parameter]
  let programs: StepPrograms
  /// Whether it was said that steps run node by node.
  var hasToldEagerReasons = false
  var optimizer: OptimizerGroups
  /// The features of the last run that kept any.
  var features: FeatureStage?

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
  ///   - execution: how steps and predictions are computed. A step that cannot be a program, because shapes or decisions
  ///     depend on numbers, or because the loss asks for them, is computed node by node; a note says so.
  /// - Throws: `ModelError` that lists all operators without a kernel; `TrainingError` of kind `model` that lists all
  ///   without a gradient, or says that nothing trains, of kind `setting` for settings that have no meaning.
  public init(
    _ model: Model, loss: Loss, optimizer: OptimizerChoice, output: String? = nil,
    inputs: [String: Tensor] = [:], batchNormalization: BatchNormalizationMode = .frozen,
    dropout: DropoutMode = .on, groups: [(pattern: String, optimizer: OptimizerChoice)] = [],
    metrics: [Metric]? = nil, execution: Execution = .compiled
  ) throws {
    self.model = model
    self.batchNormalization = batchNormalization
    self.dropout = dropout
    evaluator = try Evaluator(
      model, loss: loss, output: output, inputs: inputs, metrics: metrics, execution: execution, isTrained: true)
    programs = StepPrograms(
      evaluator,
      modes: NodeModes(
        batchNormalization: batchNormalization == .train ? .training : .frozen,
        dropout: dropout == .on ? .drawing : .off))
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
      case .note, .features: break
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
    try evaluator.execution.run {
      var run = try TrainingRun(self, dataset, plan)
      return try run.run(observe)
    }
  }

  /// How many programs compute steps, features' steps among them, and predictions.
  package var programCount: Int {
    programs.count + model.programCount
      + (features.map { $0.programs.count + $0.evaluator.model.programCount } ?? 0)
  }

  /// The loss and the metrics over all samples; see `Evaluator`.
  public func evaluate(_ dataset: Dataset, batchSize: Int = 32) throws -> Evaluation {
    try evaluator.execution.run {
      if batchSize > 0, let features, let samples = features.kept(of: dataset.passedChecks)?.samples,
        features.isCurrent
      {
        return try features.evaluator.evaluate(samples, batchSize: batchSize)
      }
      return try evaluator.evaluate(dataset, batchSize: batchSize)
    }
  }
}
