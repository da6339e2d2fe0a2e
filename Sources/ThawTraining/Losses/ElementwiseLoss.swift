import ThawTensor
import ThawTypes

/// A loss that compares each number of the prediction with one of the target.
protocol ElementwiseLoss: LossRule {
  func loss(_ prediction: Tensor, _ target: Tensor) -> Tensor
}

extension ElementwiseLoss {
  var reading: PredictionReading { .numbers }

  func targetType(for given: TensorType, in dtype: DType) throws -> DType {
    guard [.float16, .bfloat16, .float32, .float64].contains(given.dtype) else {
      throw TrainingError(.data, "should be \(dtype) for the loss \(name) and is \(given)")
    }
    return dtype
  }

  func check(prediction: [Int], target: [Int]) throws -> TargetCheck {
    try checkShapes(prediction: prediction, target: target)
    return { _, _ in }
  }

  func checkShapes(prediction: [Int], target: [Int]) throws {
    if !isColumn(prediction, target) { try checkSame(prediction: prediction, target: target) }
  }

  func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    loss(prediction, isColumn(prediction.shape, target.shape) ? target.unsqueezed(axes: [-1]) : target)
  }

  /// Whether a prediction of one number a sample meets a target that is a vector.
  private func isColumn(_ prediction: [Int], _ target: [Int]) -> Bool {
    target.count == 1 && prediction == target + [1]
  }
}

/// - Throws: `TrainingError` of kind `data` when two shapes differ; nothing is broadcast in a loss.
private func checkSame(prediction: [Int], target: [Int]) throws {
  guard prediction == target else {
    throw TrainingError(
      .data, "the prediction's shape \(prediction) and the target's shape \(target) should be the same")
  }
}

extension Tensor {
  /// The loss of each number, reduced, after shapes and types were found to be the same.
  func compared(
    with target: Tensor, _ reduction: LossReduction, _ losses: (_ prediction: Tensor, _ target: Tensor) throws -> Tensor
  ) -> Tensor {
    .catching {
      try checkSame(prediction: shape, target: target.shape)
      guard target.dtype == dtype else {
        throw TrainingError(.data, "the target should be \(dtype), as the prediction is, and is \(target.dtype)")
      }
      return try losses(self, target).reduced(reduction)
    }
  }

  func reduced(_ reduction: LossReduction) -> Tensor {
    switch reduction {
    case .none: self
    case .mean: mean()
    case .sum: sum()
    }
  }
}
