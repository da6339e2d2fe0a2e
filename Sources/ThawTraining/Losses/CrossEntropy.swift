import ThawTensor
import ThawTypes

/// The negative logarithm of the probability that logits give to each label (PyTorch's `cross_entropy`).
///
/// With labels, the class axis is the one whose removal from the logits' shape leaves the labels' shape; axis 1 if two
/// fit. With probabilities of the logits' shape and type it is axis 1, or 0 of a vector. The mean is that of the labels
/// that count, each weighing what its class does; with probabilities, that over all samples and places.
///
/// - Parameters:
///   - logits: floating, such as `[samples, classes]` or `[samples, classes, height, width]`.
///   - target: int64 or int32 labels, from 0 to below the number of classes, or `ignoreIndex`; or probabilities.
///     Another label is an error, as for any operation.
///   - classWeights: how much each class weighs, a vector in the logits' type. It gets no gradient.
///   - ignoreIndex: the label that counts for nothing. Has no meaning for probabilities, and is an error there from 0.
///   - labelSmoothing: the share of the probability, from 0 to 1, that a label gives to all classes alike (Szegedy and
///     others, Rethinking the Inception Architecture for Computer Vision, 2016).
public func crossEntropy(
  _ logits: Tensor, _ target: Tensor, classWeights: Tensor? = nil, ignoreIndex: Int = -100, labelSmoothing: Double = 0,
  reduction: LossReduction = .mean
) -> Tensor {
  .catching {
    guard (0...1).contains(labelSmoothing) else {
      throw TrainingError(.setting, "the label smoothing should be from 0 to 1 and is \(labelSmoothing)")
    }
    if target.dtype.isFloatingPoint, target.shape == logits.shape {
      guard ignoreIndex < 0 else {
        throw TrainingError(.setting, "probabilities have no label to ignore, and the ignore index is \(ignoreIndex)")
      }
      return try crossEntropy(
        logits, probabilities: target, classWeights, smoothing: labelSmoothing, reduction: reduction)
    }
    let axis = try ClassAxis(logits: logits.shape, labels: target.shape)
    if !target.isTraced { try axis.check(target, ignoreIndex: ignoreIndex) }
    let (scores, labels) = axis.aligned(logits, target)
    let loss =
      labelSmoothing == 0
      ? scores.softmaxCrossEntropy(labels, weights: classWeights, reduction: reduction, ignoreIndex: ignoreIndex)
      : smoothedCrossEntropy(
        scores, labels, classWeights, ignoreIndex: ignoreIndex, smoothing: labelSmoothing, reduction: reduction)
    return logits.rank == 1 && reduction == .none ? loss.squeezed(axes: [0]) : loss
  }
}

/// ONNX's operator knows no smoothing: ε of the loss is the mean over the classes of what each would give as a label.
private func smoothedCrossEntropy(
  _ scores: Tensor, _ labels: Tensor, _ classWeights: Tensor?, ignoreIndex: Int, smoothing: Double,
  reduction: LossReduction
) -> Tensor {
  let logProbabilities = scores.logSoftmax(axis: 1)
  let isIgnored = labels .== ignoreIndex
  let safe = Tensor.where(isIgnored, 0, labels)
  let one = Tensor.catching { try Tensor.scalar(1, dtype: scores.dtype) }
  let weights = Tensor.where(isIgnored, 0, classWeights?.gather(safe) ?? one)
  let picked = logProbabilities.gatherElements(safe.unsqueezed(axes: [1]), axis: 1).squeezed(axes: [1])
  let ofAllClasses = Tensor.where(isIgnored, 0, weighed(logProbabilities, classWeights, axis: 1).sum(axes: [1]))
  let losses = -(picked * weights * (1 - smoothing) + ofAllClasses * (smoothing / Double(scores.shape[1])))
  switch reduction {
  case .none: return losses
  case .sum: return losses.sum()
  case .mean: return losses.sum() / weights.sum()
  }
}

private func crossEntropy(
  _ logits: Tensor, probabilities: Tensor, _ classWeights: Tensor?, smoothing: Double, reduction: LossReduction
) throws -> Tensor {
  let axis = try ClassAxis(logits: logits.shape)
  let share = smoothing / Double(max(axis.classCount, 1))
  let target = smoothing == 0 ? probabilities : probabilities * (1 - smoothing) + share
  let terms = weighed(logits.logSoftmax(axis: axis.index) * target, classWeights, axis: axis.index)
  return (-terms.sum(axes: [axis.index])).reduced(reduction)
}

/// Each class's slice times its weight.
private func weighed(_ scores: Tensor, _ classWeights: Tensor?, axis: Int) -> Tensor {
  guard let classWeights else { return scores }
  let after = Array(1..<(scores.rank - axis))
  return scores * (after.isEmpty ? classWeights : classWeights.unsqueezed(axes: after))
}

/// See `crossEntropy(_:_:classWeights:ignoreIndex:labelSmoothing:reduction:)`.
struct CrossEntropyLoss: LossRule {
  var labels: ClassLabels
  let labelSmoothing: Double

  var name: String { "cross-entropy" }
  var settings: [String] { labels.settings + (labelSmoothing == 0 ? [] : ["label smoothing \(labelSmoothing)"]) }
  var readsLogits: Bool { true }
  var reading: PredictionReading { .classes(ignoreIndex: labels.ignoreIndex) }
  var metrics: [Metric] { [.accuracy] }

  func checkSettings() throws {
    try labels.checkSettings()
    guard (0...1).contains(labelSmoothing) else {
      throw TrainingError(.setting, "the label smoothing should be from 0 to 1 and is \(labelSmoothing)")
    }
  }

  func targetType(for given: TensorType, in dtype: DType) throws -> DType {
    // Floating numbers of more than one axis may be probabilities; their shape is checked against the prediction's.
    guard given.dtype.isFloatingPoint, given.dims?.count ?? 0 > 1 else {
      return try labels.targetType(for: given, loss: name)
    }
    return dtype
  }

  func check(prediction: [Int], target: [Int]) throws -> TargetCheck {
    guard prediction == target else { return try labels.check(prediction: prediction, target: target) }
    try labels.checkWeights(classCount: ClassAxis(logits: prediction).classCount)
    return { rows, _ in
      guard rows.dtype.isFloatingPoint else {
        throw TrainingError(
          .data, "labels of the prediction's shape should be probabilities, floating numbers, and are \(rows.dtype)")
      }
    }
  }

  func weight(of target: Tensor) throws -> Double {
    target.dtype.isFloatingPoint ? Double(target.shape.first ?? 1) : try labels.weight(of: target)
  }

  func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    ThawTraining.crossEntropy(
      prediction, target, classWeights: labels.weightTensor(prediction.dtype), ignoreIndex: labels.ignoreIndex,
      labelSmoothing: labelSmoothing)
  }
}
