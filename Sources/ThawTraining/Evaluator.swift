import ThawGraph
import ThawTensor

/// Measures a model on data, without gradients.
public struct Evaluator: Sendable {
  public private(set) var model: Model
  public let loss: Loss
  /// What the loss reads.
  public let output: TrainedOutput
  /// The inputs that are the same for every sample.
  public private(set) var inputs: [String: Tensor]
  /// How many samples the model takes at a time.
  public let batchSize: BatchSize
  /// What is measured beside the loss.
  public let metrics: [Metric]
  /// How predictions are computed.
  public let execution: Execution
  /// Whether a trainer changes the model between evaluations.
  private let isTrained: Bool

  /// - Parameters:
  ///   - name: the output to measure; that of the loss, or the one that `Model.trainedOutput(_:fromLogits:)` finds, when
  ///     left out.
  ///   - inputs: those that are the same for every sample; all others have samples along their first axis.
  ///   - metrics: what to measure beside the loss; what belongs to it when left out.
  ///   - execution: how predictions are computed. Batches of the first size are compiled, those of another size where a
  ///     second one follows.
  /// - Throws: `ModelError` when there is no such output or input, or operators are missing; `TrainingError` of kind
  ///   `setting` for a setting of the loss outside its range, or a metric that has no meaning for it.
  public init(
    _ model: Model, loss: Loss, output name: String? = nil, inputs: [String: Tensor] = [:], metrics: [Metric]? = nil,
    execution: Execution = .compiled
  ) throws {
    try self.init(
      model, loss: loss, output: name, inputs: inputs, metrics: metrics, execution: execution, isTrained: false)
  }

  /// - Parameter isTrained: whether a trainer changes the model between evaluations.
  init(
    _ model: Model, loss: Loss, output name: String?, inputs: [String: Tensor], metrics: [Metric]?,
    execution: Execution, isTrained: Bool
  ) throws {
    try loss.rule.checkSettings()
    if let name, let own = loss.outputName, name != own {
      throw TrainingError(
        .setting, "the loss \(loss) reads the output '\(own)', and the output '\(name)' was asked for")
    }
    self.model = model
    self.loss = loss
    self.inputs = inputs
    self.metrics = metrics ?? loss.rule.metrics
    self.execution = execution
    self.isTrained = isTrained
    _ = try Tally(loss, self.metrics)
    output = try model.trainedOutput(loss.outputName ?? name, fromLogits: loss.readsLogits)
    try model.checkOperators(for: output)
    batchSize = try model.batchSize(for: output, given: inputs)
  }

  /// As another, for the rest of its model.
  init(_ evaluator: Evaluator, rest model: Model) {
    self = evaluator
    self.model = model
    let names = Set((model.inputs + model.optionalInputs).map(\.name))
    inputs = evaluator.inputs.filter { names.contains($0.key) }
  }

  /// The loss and the metrics over all samples, normalization with the statistics of the file.
  ///
  /// - Throws: `TrainingError` that names what does not fit in the data.
  public func evaluate(_ dataset: Dataset, batchSize: Int = 32) throws -> Evaluation {
    try execution.run {
      try evaluate(checkedSamples(dataset, batchSize: batchSize), batchSize: batchSize)
    }
  }

  func evaluate(_ samples: Samples, batchSize: Int) throws -> Evaluation {
    var tally = try tally()
    try noGrad {
      let batches = try Batching(size: batchSize, order: .asGiven).batches(of: samples.count, epoch: 0)
      let reader = BatchReader(batches) { try samples.batch($0) }
      for rows in batches {
        let (inputs, target) = try reader.batch(rows)
        let prediction = try predict(inputs)
        let weight = try loss.weight(of: target, count: rows.count)
        let value = weight > 0 ? try withErrors { loss(prediction, target) }.item() : 0
        try tally.add(loss: value, weight: weight, prediction: prediction, target: target, count: rows.count)
      }
    }
    return tally.evaluation
  }

  /// Sums over batches, of what is measured.
  func tally() throws -> Tally { try Tally(loss, metrics) }

  /// What the loss reads, for these samples; see `SampleGroups`.
  ///
  /// - Parameters:
  ///   - seed: for what Dropout draws, where the modes tell it to; each group draws its own.
  ///   - execution: the evaluator's when left out.
  func predict(
    _ samples: [String: Value], modes: NodeModes = .inference, seed: UInt64 = 0, execution: Execution? = nil
  ) throws -> Tensor {
    try predict(samples, seed: seed) { inputs, seed in
      try model.run(
        inputs, targets: [output.target], modes: modes, seed: seed, isBatchFree: isBatchFree,
        execution: execution ?? self.execution, trains: isTrained)
    }
  }

  /// What the loss reads, where `run` computes the output for all inputs of a group and its seed.
  func predict(
    _ samples: [String: Value], seed: UInt64, _ run: ([String: Value], UInt64) throws -> [Value]
  ) throws -> Tensor {
    try SampleGroups(batchSize, output: output.name).predict(samples) { group, index in
      let all = group.merging(inputs.mapValues(Value.tensor)) { $1 }
      return try tensor(run(all, self.seed(seed, ofGroup: index)))
    }
  }

  /// The seed of a group of samples, from that of the batch.
  func seed(_ seed: UInt64, ofGroup index: Int) -> UInt64 {
    index == 0 ? seed : RandomGenerator.seed(seed, for: index)
  }

  /// Whether the number of samples may be another than the one the file declares.
  var isBatchFree: Bool { if case .freed = batchSize { true } else { false } }

  private func tensor(_ values: [Value]) throws -> Tensor {
    guard let prediction = values.first?.tensor, prediction.dtype.isFloatingPoint else {
      throw TrainingError(.model, "the output '\(output.name)' is not a floating tensor and cannot be compared")
    }
    return prediction
  }

  /// Finds out whether a data set fits, all its numbers included, as `evaluate` and training do before they begin.
  ///
  /// - Parameter progress: called with the share that is done.
  /// - Throws: `TrainingError` that names what does not fit.
  public func check(_ dataset: Dataset, batchSize: Int = 32, progress: (Double) -> Void = { _ in }) throws {
    _ = try checkedSamples(dataset, batchSize: batchSize, progress: progress)
  }

  /// The data in the model's types, after two samples have shown that shapes fit, and a pass that all numbers do.
  func checkedSamples(
    _ dataset: Dataset, batchSize: Int, progress: (Double) -> Void = { _ in }
  ) throws -> Samples {
    guard batchSize > 0 else {
      throw TrainingError(.setting, "the batch size should be at least 1 and is \(batchSize)")
    }
    let samples = try Samples(dataset, for: model, loss: loss, prediction: output.type, given: Set(inputs.keys))
    let (batchCount, count) = (min(batchSize, samples.count), min(batchSize, samples.count, 2))
    let (inputs, target) = try samples.batch(Array(0..<count))
    guard let target else {
      _ = try noGrad { try withErrors { loss(try trialPrediction(for: inputs)) } }
      try samples.check("", { _, _ in }, progress: progress)
      return samples
    }
    /// As a whole batch would have it.
    func whole(_ shape: [Int]) -> [Int] { shape.first == count ? [batchCount] + shape.dropFirst() : shape }
    let prediction = try predictionShape(for: inputs)
    let check: TargetCheck
    do {
      check = try loss.rule.check(prediction: whole(prediction), target: whole(target.shape))
    } catch let error as TrainingError where error.kind != .setting {
      throw TrainingError(error.kind, "\(dataset.source): the array '\(dataset.reading.target)': \(error.message)")
    }
    // Every row is checked here, with its number in the file; a batch would only know its place.
    try samples.check("\(loss), \(prediction.dropFirst())", check, progress: progress)
    return samples
  }

  /// The shape of what the loss reads for these samples: as it follows from theirs, or of what is computed where it
  /// depends on numbers, or where an error should name its node.
  private func predictionShape(for samples: [String: Value]) throws -> [Int] {
    if case .fixed = batchSize { return try trialPrediction(for: samples).shape }
    let type = try model.inferredType(of: output, for: samples, given: inputs, isBatchFree: isBatchFree)
    if let type, type.dtype.isFloatingPoint, let shape = type.shape { return shape }
    return try trialPrediction(for: samples).shape
  }

  private func trialPrediction(for samples: [String: Value]) throws -> Tensor {
    // Of a trained model this may be the only prediction without gradients: no reason to compile.
    try noGrad { try predict(samples, execution: isTrained ? .eager : nil) }
  }
}
