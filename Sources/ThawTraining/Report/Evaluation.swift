import Foundation

/// How good a model is on some data.
public struct Evaluation: Hashable, Sendable, CustomStringConvertible {
  /// The mean over the samples.
  public let loss: Double
  public let metric: Metric
  public let value: Double
  public let sampleCount: Int

  public var description: String {
    String(format: "loss %.4f", loss) + ", \(metric.name) \(metric.text(value))"
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
  /// That of its last step.
  public let learningRate: Double
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
