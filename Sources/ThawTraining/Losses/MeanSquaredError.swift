import ThawTensor

/// The mean over all elements of the squared differences (PyTorch's `mse_loss`).
///
/// - Parameters:
///   - prediction: floating.
///   - target: of the same type and shape. Nothing is broadcast: `[32, 1]` against `[32]` is an error, as for any
///     operation, and not 1,024 differences.
public func meanSquaredError(_ prediction: Tensor, _ target: Tensor) -> Tensor {
  .catching {
    guard prediction.shape == target.shape else {
      throw TrainingError(
        .data,
        "the prediction's shape \(prediction.shape) and the target's shape \(target.shape) should be the same")
    }
    guard target.dtype == prediction.dtype else {
      throw TrainingError(
        .data, "the target should be \(prediction.dtype), as the prediction is, and is \(target.dtype)")
    }
    let difference = prediction - target
    return (difference * difference).mean()
  }
}
