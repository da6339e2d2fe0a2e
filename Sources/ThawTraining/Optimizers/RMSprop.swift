import ThawGraph
import ThawTensor

/// RMSprop (Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012), in the form of PyTorch
/// (torch.optim.RMSprop).
///
/// With gradient g, mean square s and parameter p: s ← α·s + (1 − α)·g², p ← p − lr·g / (√s + ε). With momentum m the
/// quotient goes into a velocity, v ← m·v + g / (√s + ε), and p ← p − lr·v. Weight decay λ adds λ·p to g.
public struct RMSprop: SingleOptimizer {
  public var learningRate: Double
  public let alpha: Double
  public let epsilon: Double
  public let weightDecay: Double
  public let momentum: Double
  public let centered: Bool
  public let maximize: Bool
  var states: ParameterStates

  private static let square = "square_avg"
  /// The mean gradient, which only the centered form reads.
  private static let mean = "grad_avg"
  private static let velocity = "momentum_buffer"

  /// An optimizer of parameters; a setting outside its range is an error, as for any operation.
  ///
  /// - Parameters:
  ///   - alpha: how much of the mean square stays.
  ///   - epsilon: what keeps the divisor from 0.
  ///   - weightDecay: how much of the parameter is added to its gradient.
  ///   - momentum: how much of the velocity stays.
  ///   - centered: whether the variance of the gradient takes the place of its mean square (Graves, Generating
  ///     Sequences With Recurrent Neural Networks, 2013).
  ///   - maximize: whether the loss should grow.
  public init(
    _ parameters: some Sequence<Parameter>, learningRate: Double = 0.01, alpha: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false, maximize: Bool = false
  ) {
    OptimizerSetting.check {
      try OptimizerSetting("the learning rate", learningRate).checkNotNegative()
      try OptimizerSetting("alpha", alpha).checkNotNegative()
      try OptimizerSetting("epsilon", epsilon).checkNotNegative()
      try OptimizerSetting("the weight decay", weightDecay).checkNotNegative()
      try OptimizerSetting("the momentum", momentum).checkNotNegative()
    }
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentum = momentum
    self.centered = centered
    self.maximize = maximize
    states = ParameterStates(
      parameters,
      UpdateRule(
        slots: ([Self.square] + (momentum > 0 ? [Self.velocity] : []) + (centered ? [Self.mean] : [])).map {
          UpdateRule.Slot($0)
        },
        maximize: maximize, weightDecay: weightDecay, numbers: { lr, _ in [lr] }
      ) { operands, slots in
        let (p, g, lr) = (operands.value, operands.gradient, operands.numbers[0])
        var variance = slots.held(Self.square) * alpha + g * g * (1 - alpha)
        slots[Self.square] = variance
        if centered {
          let old = slots.held(Self.mean)
          let mean = old + (g - old) * (1 - alpha)
          slots[Self.mean] = mean
          variance = variance - mean * mean
        }
        let quotient = g / (variance.sqrt() + epsilon)
        guard momentum > 0 else { return p - quotient * lr }
        let velocity = slots.held(Self.velocity) * momentum + quotient
        slots[Self.velocity] = velocity
        return p - velocity * lr
      })
  }
}
