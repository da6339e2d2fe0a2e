import ThawTensor
import ThawTypes

/// The negative of the log-probability of each label (PyTorch's `nll_loss`).
///
/// - Parameters:
///   - logProbabilities: floating, such as the result of a LogSoftmax over `[samples, classes]`.
///   - labels: int64 or int32; see `crossEntropy(_:_:classWeights:ignoreIndex:labelSmoothing:reduction:)` for these and
///     for the class axis.
///   - classWeights: how much each class weighs, a vector in the type of `logProbabilities`. It gets no gradient.
///   - ignoreIndex: the label that counts for nothing.
public func negativeLogLikelihood(
  _ logProbabilities: Tensor, _ labels: Tensor, classWeights: Tensor? = nil, ignoreIndex: Int = -100,
  reduction: LossReduction = .mean
) -> Tensor {
  .catching {
    let axis = try ClassAxis(logits: logProbabilities.shape, labels: labels.shape)
    if !labels.isTraced { try axis.check(labels, ignoreIndex: ignoreIndex) }
    let (scores, aligned) = axis.aligned(logProbabilities, labels)
    let loss = scores.negativeLogLikelihood(
      aligned, weights: classWeights, reduction: reduction, ignoreIndex: ignoreIndex)
    return logProbabilities.rank == 1 && reduction == .none ? loss.squeezed(axes: [0]) : loss
  }
}

/// See `negativeLogLikelihood(_:_:classWeights:ignoreIndex:reduction:)`.
struct NegativeLogLikelihood: LossRule {
  var labels: ClassLabels

  var name: String { "nll" }
  var settings: [String] { labels.settings }
  var reading: PredictionReading { .classes(ignoreIndex: labels.ignoreIndex) }
  var metrics: [Metric] { [.accuracy] }

  func checkSettings() throws { try labels.checkSettings() }

  func targetType(for given: TensorType, in dtype: DType) throws -> DType {
    try labels.targetType(for: given, loss: name)
  }

  func check(prediction: [Int], target: [Int]) throws -> TargetCheck {
    try labels.check(prediction: prediction, target: target)
  }

  func weight(of target: Tensor) throws -> Double { try labels.weight(of: target) }

  func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    negativeLogLikelihood(
      prediction, target, classWeights: labels.weightTensor(prediction.dtype), ignoreIndex: labels.ignoreIndex)
  }
}
