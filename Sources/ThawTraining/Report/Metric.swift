import Foundation
import ThawTensor

/// What tells people how good a model is, beside the loss.
public enum Metric: String, Codable, Hashable, Sendable {
  /// The share of labels to which the logits give the highest value.
  case accuracy
  /// The root of the mean of the squared differences.
  case rootMeanSquaredError

  /// The one that belongs to a loss.
  public init(for loss: Loss) {
    switch loss {
    case .crossEntropy: self = .accuracy
    case .meanSquaredError: self = .rootMeanSquaredError
    }
  }

  public var name: String {
    switch self {
    case .accuracy: "accuracy"
    case .rootMeanSquaredError: "RMSE"
    }
  }

  /// A value as people read it.
  public func text(_ value: Double) -> String {
    switch self {
    case .accuracy: String(format: "%.2f %%", 100 * value)
    case .rootMeanSquaredError: String(format: "%.5g", value)
    }
  }
}

/// Sums a loss and a metric over batches.
struct Tally: Codable, Hashable, Sendable {
  private let metric: Metric
  private var lossSum = 0.0
  private var sampleCount = 0
  private var metricSum = 0.0
  private var metricCount = 0

  init(_ metric: Metric) { self.metric = metric }

  /// Adds a batch.
  ///
  /// - Parameter loss: the mean over the batch's samples.
  mutating func add(loss: Double, prediction: Tensor, target: Tensor) throws {
    lossSum += loss * Double(target.shape[0])
    sampleCount += target.shape[0]
    switch metric {
    case .accuracy:
      let axis = try ClassAxis(logits: prediction.shape, labels: target.shape)
      metricSum += Double(try axis.hits(prediction.detach(), target))
    case .rootMeanSquaredError:
      let values = try prediction.detach().elements(as: Double.self)
      for (value, target) in zip(values, try target.elements(as: Double.self)) {
        metricSum += (value - target) * (value - target)
      }
    }
    metricCount += target.count
  }

  /// The mean loss over the samples so far.
  var loss: Double { sampleCount == 0 ? 0 : lossSum / Double(sampleCount) }

  /// The result over the samples so far.
  var evaluation: Evaluation {
    let mean = metricCount == 0 ? 0 : metricSum / Double(metricCount)
    return Evaluation(
      loss: loss, metric: metric, value: metric == .accuracy ? mean : mean.squareRoot(), sampleCount: sampleCount)
  }
}

extension ClassAxis {
  /// How many labels are the class of the highest logit; the first of several that are equal.
  fileprivate func hits(_ logits: Tensor, _ labels: Tensor) throws -> Int {
    let values = try logits.elements(as: Float.self)
    let inner = logits.shape[(index + 1)...].reduce(1, *)
    var hits = 0
    for (position, label) in try labels.integers().enumerated() {
      let start = position / inner * inner * classCount + position % inner
      var best = 0
      for candidate in 1..<max(classCount, 1) where values[start + candidate * inner] > values[start + best * inner] {
        best = candidate
      }
      if best == label { hits += 1 }
    }
    return hits
  }
}
