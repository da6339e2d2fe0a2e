import Foundation
import ThawTensor

/// What Adam and AdamW remember of a parameter, and the step they take from it.
enum AdamMoments {
  private static let mean = "exp_avg"
  private static let square = "exp_avg_sq"
  /// The largest `square` so far, for AMSGrad.
  private static let largest = "max_exp_avg_sq"

  /// Holds the settings of both against their ranges.
  static func checkSettings(
    _ learningRate: Double, betas: (Double, Double), epsilon: Double, weightDecay: Double
  ) {
    OptimizerSetting.check {
      try OptimizerSetting("the learning rate", learningRate).checkNotNegative()
      try OptimizerSetting("the first beta", betas.0).checkShare()
      try OptimizerSetting("the second beta", betas.1).checkShare()
      try OptimizerSetting("epsilon", epsilon).checkNotNegative()
      try OptimizerSetting("the weight decay", weightDecay).checkNotNegative()
    }
  }

  static func slots(amsgrad: Bool) -> [String] { [mean, square] + (amsgrad ? [largest] : []) }

  /// Takes a gradient into the moments, and gives what to subtract from the parameter.
  static func step(
    _ g: Tensor, _ state: inout ParameterState, learningRate: Double, betas: (Double, Double), epsilon: Double,
    amsgrad: Bool
  ) -> Tensor {
    let mean = state.slot(Self.mean, like: g)
    let newMean = mean + (g - mean) * (1 - betas.0)
    var square = state.slot(Self.square, like: g) * betas.1 + g * g * (1 - betas.1)
    (state.slots[Self.mean], state.slots[Self.square]) = (newMean, square)
    if amsgrad {
      square = .maximum(state.slot(largest, like: g), square)
      state.slots[largest] = square
    }
    let meanCorrection = 1 - pow(betas.0, Double(state.steps))
    let squareCorrection = 1 - pow(betas.1, Double(state.steps))
    let denominator = square.sqrt() / squareCorrection.squareRoot() + epsilon
    return newMean / denominator * (learningRate / meanCorrection)
  }
}
