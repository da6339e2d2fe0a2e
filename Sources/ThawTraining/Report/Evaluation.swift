import Foundation

/// How good a model is on some data.
public struct Evaluation: Hashable, Sendable, CustomStringConvertible {
  /// A metric and what it came to.
  public struct Score: Hashable, Sendable {
    public let metric: Metric
    public let value: Double
  }

  /// The mean over the samples, each weighing what the loss says.
  public let loss: Double
  /// The metrics, in the order in which they were asked for.
  public let scores: [Score]
  public let sampleCount: Int

  /// What a metric came to; nil where it was not measured.
  public subscript(metric: Metric) -> Double? { scores.first { $0.metric == metric }?.value }

  /// The loss and the metrics by their names on the command line, for logs.
  public var values: [(name: String, value: Double)] {
    [("loss", loss)] + scores.map { ($0.metric.rawValue, $0.value) }
  }

  public var description: String {
    ([String(format: "loss %.4f", loss)] + scores.map { "\($0.metric.name) \($0.metric.text($0.value))" })
      .joined(separator: ", ")
  }
}

/// What an epoch of training gave: while its steps were taken, before each.
public struct EpochReport: Hashable, Sendable, CustomStringConvertible {
  /// Counted from 1.
  public let epoch: Int
  public let epochs: Int
  public let evaluation: Evaluation
  /// On the validation data, after its last step; nil where there are none.
  public var validation: Evaluation?
  /// Whether no epoch before had a lower loss on the validation data.
  public var isBest = false
  /// Those of its last step, one for each group of parameters.
  public let learningRates: [Double]
  public let seconds: Double

  public var description: String {
    let measured = validation.map { "; validation \($0)" + (isBest ? ", the best so far" : "") } ?? ""
    return "epoch \(epoch)/\(epochs): \(evaluation)\(measured)" + String(format: " (%.1f s)", seconds)
  }
}

/// How far training is, after each step.
public struct TrainingProgress: Hashable, Sendable {
  /// Counted from 1.
  public let epoch: Int
  public let epochs: Int
  /// The steps of this epoch that are done.
  public let step: Int
  public let steps: Int
  /// The mean over this epoch's samples so far.
  public let loss: Double
}
