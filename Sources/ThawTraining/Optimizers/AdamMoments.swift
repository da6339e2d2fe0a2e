import Foundation
import ThawTensor

/// What Adam and AdamW remember of a parameter, and the step they take from it.
struct AdamMoments: Sendable {
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

  private let betas: (Double, Double)
  private let epsilon: Double
  private let amsgrad: Bool

  init(betas: (Double, Double), epsilon: Double, amsgrad: Bool) {
    self.betas = betas
    self.epsilon = epsilon
    self.amsgrad = amsgrad
  }

  var slots: [UpdateRule.Slot] {
    ([Self.mean, Self.square] + (amsgrad ? [Self.largest] : [])).map { UpdateRule.Slot($0) }
  }

  /// The root of the correction of v, and the learning rate with that of m.
  func numbers(_ learningRate: Double, _ step: Int) -> [Double] {
    [(1 - pow(betas.1, Double(step))).squareRoot(), learningRate / (1 - pow(betas.0, Double(step)))]
  }

  /// Takes a gradient into the moments, and gives what to subtract from the parameter.
  func step(_ g: Tensor, _ numbers: [Tensor], _ slots: inout [String: Tensor]) -> Tensor {
    let mean = slots.held(Self.mean)
    let newMean = mean + (g - mean) * (1 - betas.0)
    var square = slots.held(Self.square) * betas.1 + g * g * (1 - betas.1)
    (slots[Self.mean], slots[Self.square]) = (newMean, square)
    if amsgrad {
      square = .maximum(slots.held(Self.largest), square)
      slots[Self.largest] = square
    }
    let denominator = square.sqrt() / numbers[0] + epsilon
    return newMean / denominator * numbers[1]
  }
}
