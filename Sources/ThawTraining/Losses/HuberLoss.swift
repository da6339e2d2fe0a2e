import ThawTensor

/// Half the squared difference up to δ, a line of slope δ from there, by default the mean over all elements (Huber,
/// Robust Estimation of a Location Parameter, 1964; PyTorch's `huber_loss`).
///
/// - Parameters:
///   - prediction: floating.
///   - target: of the same type and shape; nothing is broadcast.
///   - delta: above 0.
public func huberLoss(
  _ prediction: Tensor, _ target: Tensor, delta: Double = 1, reduction: LossReduction = .mean
) -> Tensor {
  prediction.compared(with: target, reduction) { prediction, target in
    try HuberLoss(delta: delta).checkSettings()
    // With c the difference d clipped to ±δ, c·(d − c/2) is d²/2 inside and δ·(|d| − δ/2) outside.
    let difference = prediction - target
    let clipped = difference.clip(min: -delta, max: delta)
    return clipped * (difference - clipped * 0.5)
  }
}

/// See `huberLoss(_:_:delta:reduction:)`.
struct HuberLoss: ElementwiseLoss {
  let delta: Double

  var name: String { "huber" }
  var settings: [String] { delta == 1 ? [] : ["delta \(delta)"] }
  var metrics: [Metric] { [.rootMeanSquaredError, .meanAbsoluteError] }

  func checkSettings() throws {
    guard delta > 0, delta.isFinite else {
      throw TrainingError(.setting, "the delta of the Huber loss should be above 0 and is \(delta)")
    }
  }

  func loss(_ prediction: Tensor, _ target: Tensor) -> Tensor { huberLoss(prediction, target, delta: delta) }
}
