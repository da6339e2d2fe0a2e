import ThawTensor

/// Sums a loss and metrics over batches.
struct Tally: Codable, Hashable, Sendable {
  private var metrics: [MetricSums]
  private var lossSum = 0.0
  private var weight = 0.0
  private var sampleCount = 0

  /// - Throws: `TrainingError` of kind `setting` when a metric has no meaning for the loss.
  init(_ loss: Loss, _ metrics: [Metric]) throws {
    self.metrics = try metrics.map { metric in
      guard let sums = MetricSums(metric, of: loss.rule.reading) else {
        let possible = loss.possibleMetrics.map(\.rawValue)
        throw TrainingError(
          .setting,
          "the metric \(metric.rawValue) has no meaning for the loss \(loss.name); "
            + (possible.isEmpty ? "no metric has" : "those that have are \(possible.joined(separator: ", "))"))
      }
      return sums
    }
  }

  /// Adds a batch.
  ///
  /// - Parameters:
  ///   - loss: the mean over the batch.
  ///   - weight: how much that mean weighs; see `Loss.weight(of:count:)`.
  ///   - count: the number of samples.
  mutating func add(loss: Double, weight: Double, prediction: Tensor, target: Tensor?, count: Int) throws {
    lossSum += loss * weight
    self.weight += weight
    sampleCount += count
    guard let target else { return }
    for index in metrics.indices { try metrics[index].add(prediction: prediction, target: target) }
  }

  /// The mean loss so far.
  var loss: Double { weight == 0 ? 0 : lossSum / weight }

  /// The result so far.
  var evaluation: Evaluation {
    Evaluation(
      loss: loss, scores: metrics.map { Evaluation.Score(metric: $0.metric, value: $0.value) },
      sampleCount: sampleCount)
  }
}
