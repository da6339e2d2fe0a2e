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
  public let seconds: Double

  public var description: String {
    "epoch \(epoch)/\(epochs): \(evaluation)" + String(format: " (%.1f s)", seconds)
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
