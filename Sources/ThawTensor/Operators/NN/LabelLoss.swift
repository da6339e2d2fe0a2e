import ThawKernels
import ThawTypes

/// What becomes of the losses of single labels; the raw values are ONNX's.
public enum LossReduction: String, Hashable, Sendable, CaseIterable {
  /// They stay as they are.
  case none
  /// Their sum over the sum of their weights.
  case mean
  case sum
}

/// The settings of NegativeLogLikelihoodLoss, SoftmaxCrossEntropyLoss and the latter's gradient, and what all three do
/// with labels.
struct LabelLoss: Sendable {
  let name: String
  let reduction: LossReduction
  let ignoreIndex: Int?

  static func settings(_ node: NodeReader) throws -> (LossReduction, Int?) {
    let text = try node.string("reduction") ?? "mean"
    guard let reduction = LossReduction(rawValue: text) else {
      throw TensorError(
        .unsupported, "\(node.name): the attribute reduction is '\(text)'; it may be 'none', 'mean' or 'sum'")
    }
    return (reduction, try node.int("ignore_index"))
  }

  var attributes: [String: Attribute] {
    var attributes: [String: Attribute] = ["reduction": .text(reduction.rawValue)]
    if let ignoreIndex { attributes["ignore_index"] = .int(ignoreIndex) }
    return attributes
  }

  /// The type of the loss, from those of scores, labels and weights.
  func type(_ scores: TensorType, _ labels: TensorType, _ weights: TensorType?) throws -> TensorType {
    guard labels.dtype == .int32 || labels.dtype == .int64 else {
      throw TensorError(.dtype, "\(name): the labels should be int32 or int64 and are \(labels.dtype)")
    }
    if let weights, weights.dtype != scores.dtype {
      throw TensorError(
        .dtype,
        "\(name): the scores are \(scores.dtype) and the weights \(weights.dtype): cast one with Cast "
          + "(cast(to:))")
    }
    let loss = TensorType(scores.dtype, reduction == .none ? labels.dims : [])
    guard let dims = scores.dims else { return loss }
    let fits = labels.dims.map { labelDims in
      dims.count >= 2 && labelDims.count == dims.count - 1
        && zip(labelDims, [dims[0]] + dims[2...]).allSatisfy { agree($0, $1) }
    }
    guard dims.count >= 2, fits ?? true else {
      throw TensorError(
        .shape,
        "\(name): the scores are \(scores), samples by classes by places, and the labels \(labels); a label is "
          + "needed for each sample and place")
    }
    if let weightDims = weights?.dims, weightDims.count != 1 || !agree(weightDims[0], dims[1]) {
      throw TensorError(.shape, "\(name): the scores are \(scores), and the weights should be one for each class")
    }
    guard reduction == .none, labels.dims == nil else { return loss }
    return TensorType(scores.dtype, [dims[0]] + dims[2...])
  }

  private func agree(_ left: Dim, _ right: Dim) -> Bool {
    guard let a = left.value, let b = right.value else { return true }
    return a == b
  }

  /// Refuses labels in memory that are no class and are not ignored.
  func check(_ labels: Tensor, classes: Int) throws {
    try labels.contiguous().verify { row in
      let bounds = try row.withBytes { bytes in
        bytes.baseAddress.map { indexBounds($0, count: row.count, dtype: row.dtype) } ?? (min: 0, max: -1)
      }
      if bounds.min >= 0, bounds.max < classes { return }
      let values = try row.integers()
      guard let place = values.firstIndex(where: { $0 != ignoreIndex && !(0..<classes).contains($0) }) else { return }
      var rest = place
      let position = row.shape.reversed().map { size -> Int in
        defer { rest /= size }
        return rest % size
      }
      throw TensorError(
        .range,
        "\(name): the label \(values[place]) at \(Array(position.reversed())) is not one of the \(classes) classes "
          + "(expected 0 to \(classes - 1)" + (ignoreIndex.map { ", or \($0) to be ignored)" } ?? ")"))
    }
  }

  /// The labels with those ignored put to class 0, and the weight of each; those ignored weigh nothing.
  func weighed(_ labels: Tensor, _ weights: Tensor?, dtype: DType) -> (labels: Tensor, weights: Tensor) {
    let labels = labels.dtype == .int64 ? labels : labels.cast(to: .int64)
    let one = Tensor.catching { try Tensor.scalar(1, dtype: dtype) }
    guard let ignoreIndex else {
      return (labels, weights?.gather(labels) ?? one.expanded(to: labels.shapeTensor()))
    }
    let isIgnored = labels .== ignoreIndex
    let safe = Tensor.where(isIgnored, 0, labels)
    return (safe, Tensor.where(isIgnored, 0, weights?.gather(safe) ?? one))
  }

  /// The loss of log-probabilities, in tensor operations.
  func loss(_ logProbabilities: Tensor, _ labels: Tensor, _ weights: Tensor?) -> Tensor {
    let (labels, weights) = weighed(labels, weights, dtype: logProbabilities.dtype)
    let picked = logProbabilities.gatherElements(labels.unsqueezed(axes: [1]), axis: 1).squeezed(axes: [1])
    let losses = -(picked * weights)
    switch reduction {
    case .none: return losses
    case .sum: return losses.sum()
    case .mean: return losses.sum() / weights.sum()
    }
  }

  /// What each label's log-probability contributes to the loss, less the sign, times the loss's gradient.
  func shares(_ gradient: Tensor, _ weights: Tensor) -> Tensor {
    reduction == .mean ? gradient * weights / weights.sum() : gradient * weights
  }
}
