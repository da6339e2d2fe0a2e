import ThawTensor

/// Sums a loss and metrics over batches.
struct Tally {
  private let lossFunction: Loss
  private var metrics: [(metric: Metric, tally: any MetricTally)]
  private var lossSum = 0.0
  private var weight = 0.0
  private var sampleCount = 0

  /// - Throws: `TrainingError` of kind `setting` when a metric has no meaning for the loss.
  init(_ loss: Loss, _ metrics: [Metric]) throws {
    lossFunction = loss
    self.metrics = try metrics.map { metric in
      guard let tally = metric.tally(of: loss.rule.reading) else {
        let possible = Metric.allCases.filter { $0.tally(of: loss.rule.reading) != nil }.map(\.rawValue)
        throw TrainingError(
          .setting,
          "the metric \(metric.rawValue) has no meaning for the loss \(loss.name); "
            + (possible.isEmpty ? "no metric has" : "those that have are \(possible.joined(separator: ", "))"))
      }
      return (metric, tally)
    }
  }

  /// Adds a batch.
  ///
  /// - Parameters:
  ///   - loss: the mean over the batch.
  ///   - count: the number of samples.
  mutating func add(loss: Double, prediction: Tensor, target: Tensor?, count: Int) throws {
    sampleCount += count
    let batchWeight = try lossFunction.weight(of: target, count: count)
    // The mean over no labels is no number.
    guard batchWeight > 0 else { return }
    lossSum += loss * batchWeight
    weight += batchWeight
    guard let target else { return }
    for index in metrics.indices { try metrics[index].tally.add(prediction: prediction, target: target) }
  }

  /// The mean loss over the samples so far.
  var loss: Double { weight == 0 ? 0 : lossSum / weight }

  /// The result over the samples so far.
  var evaluation: Evaluation {
    Evaluation(
      loss: loss, scores: metrics.map { Evaluation.Score(metric: $0.metric, value: $0.tally.value) },
      sampleCount: sampleCount)
  }
}
