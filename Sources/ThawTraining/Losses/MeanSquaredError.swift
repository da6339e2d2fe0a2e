import ThawTensor

/// The squared differences, by default their mean over all elements (PyTorch's `mse_loss`).
///
/// - Parameters:
///   - prediction: floating.
///   - target: of the same type and shape. Nothing is broadcast: `[32, 1]` against `[32]` is an error, as for any
///     operation, and not 1,024 differences.
public func meanSquaredError(_ prediction: Tensor, _ target: Tensor, reduction: LossReduction = .mean) -> Tensor {
  prediction.compared(with: target, reduction) { prediction, target in
    let difference = prediction - target
    return difference * difference
  }
}

/// See `meanSquaredError(_:_:reduction:)`.
struct MeanSquaredError: ElementwiseLoss {
  var name: String { "mse" }
  var metrics: [Metric] { [.rootMeanSquaredError] }

  func loss(_ prediction: Tensor, _ target: Tensor) -> Tensor { meanSquaredError(prediction, target) }
}
