import ThawGraph
import ThawTensor

/// Measures a model on data, without gradients.
public struct Evaluator: Sendable {
  public let model: Model
  public let loss: Loss
  /// What the loss reads.
  public let output: TrainedOutput
  /// The inputs that are the same for every sample.
  public let inputs: [String: Tensor]
  /// How many samples the model takes at a time.
  public let batchSize: BatchSize

  /// - Parameters:
  ///   - name: the output to measure; may be left out where `Model.trainedOutput(_:fromLogits:)` finds it.
  ///   - inputs: those that are the same for every sample; all others have samples along their first axis.
  /// - Throws: `ModelError` when there is no such output or input, or operators are missing.
  public init(_ model: Model, loss: Loss, output name: String? = nil, inputs: [String: Tensor] = [:]) throws {
    self.model = model
    self.loss = loss
    self.inputs = inputs
    output = try model.trainedOutput(name, fromLogits: loss.readsLogits)
    try model.checkOperators(for: output)
    batchSize = try model.batchSize(for: output, given: inputs)
  }

  /// The loss and the metric over all samples, normalization with the statistics of the file.
  ///
  /// - Throws: `TrainingError` that names what does not fit in the data.
  public func evaluate(_ dataset: Dataset, batchSize: Int = 32) throws -> Evaluation {
    try evaluate(checkedSamples(dataset, batchSize: batchSize), batchSize: batchSize)
  }

  func evaluate(_ samples: Samples, batchSize: Int) throws -> Evaluation {
    var tally = Tally(Metric(for: loss))
    try noGrad {
      for rows in try Batching(size: batchSize, order: .asGiven).batches(of: samples.count, epoch: 0) {
        let (inputs, target) = try samples.batch(rows)
        let prediction = try predict(inputs)
        let value = try withErrors { loss(prediction, target) }.item()
        try tally.add(loss: value, prediction: prediction, target: target)
      }
    }
    return tally.evaluation
  }

  /// What the loss reads, for these samples; see `SampleGroups`.
  func predict(
    _ samples: [String: Value], batchNormalization: BatchNormalizationTraining = .frozen
  ) throws -> Tensor {
    try SampleGroups(batchSize, output: output.name).predict(samples) { try run($0, batchNormalization) }
  }

  private func run(_ samples: [String: Value], _ training: BatchNormalizationTraining) throws -> Tensor {
    let isBatchFree = if case .freed = batchSize { true } else { false }
    let values = try model.run(
      samples.merging(inputs.mapValues(Value.tensor)) { $1 }, targets: [output.target], training: training,
      isBatchFree: isBatchFree)
    guard let prediction = values.first?.tensor, prediction.dtype.isFloatingPoint else {
      throw TrainingError(.model, "the output '\(output.name)' is not a floating tensor and cannot be compared")
    }
    return prediction
  }

  /// The data in the model's types, after one batch has shown that the target fits too.
  func checkedSamples(_ dataset: Dataset, batchSize: Int) throws -> Samples {
    guard batchSize > 0 else {
      throw TrainingError(.setting, "the batch size should be at least 1 and is \(batchSize)")
    }
    let samples = try Samples(dataset, for: model, loss: loss, prediction: output.type, given: Set(inputs.keys))
    let (inputs, target) = try samples.batch(Array(0..<min(batchSize, samples.count)))
    let prediction = try noGrad { try predict(inputs) }
    do {
      switch loss {
      case .crossEntropy:
        // Every label is checked here, with its row in the file; a batch would only know its place.
        try ClassAxis(logits: prediction.shape, labels: target.shape).check(samples.target)
      case .meanSquaredError: _ = try withErrors { meanSquaredError(prediction.detach(), target) }
      }
    } catch let error as TrainingError {
      throw TrainingError(error.kind, "\(dataset.source): the array 'target': \(error.message)")
    }
    return samples
  }
}
