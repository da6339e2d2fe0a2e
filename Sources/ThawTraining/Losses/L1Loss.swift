import ThawTensor

/// The absolute differences, by default their mean over all elements (PyTorch's `l1_loss`).
///
/// The gradient where prediction and target are equal is 0.
///
/// - Parameters:
///   - prediction: floating.
///   - target: of the same type and shape; nothing is broadcast.
public func l1Loss(_ prediction: Tensor, _ target: Tensor, reduction: LossReduction = .mean) -> Tensor {
  prediction.compared(with: target, reduction) { ($0 - $1).abs() }
}

/// See `l1Loss(_:_:reduction:)`.
struct L1Loss: ElementwiseLoss {
  var name: String { "l1" }
  var metrics: [Metric] { [.rootMeanSquaredError] }

  func loss(_ prediction: Tensor, _ target: Tensor) -> Tensor { l1Loss(prediction, target) }
}
