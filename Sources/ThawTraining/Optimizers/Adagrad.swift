import ThawGraph
import ThawTensor

/// Adagrad (Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization,
/// 2011), in the form of PyTorch (torch.optim.Adagrad).
///
/// With gradient g, sum s, parameter p and step t from 1: s ← s + g², p ← p − lr / (1 + (t − 1)·η) · g / (√s + ε),
/// where η is the decay of the learning rate. Weight decay λ adds λ·p to g.
public struct Adagrad: SingleOptimizer {
  public var learningRate: Double
  public let learningRateDecay: Double
  public let weightDecay: Double
  public let initialAccumulatorValue: Double
  public let epsilon: Double
  public let maximize: Bool
  var states: ParameterStates

  /// An optimizer of parameters; a setting outside its range is an error, as for any operation.
  ///
  /// - Parameters:
  ///   - learningRateDecay: how the learning rate falls with the steps.
  ///   - weightDecay: how much of the parameter is added to its gradient.
  ///   - initialAccumulatorValue: the sum of squares before the first step.
  ///   - epsilon: what keeps the divisor from 0.
  ///   - maximize: whether the loss should grow.
  public init(
    _ parameters: some Sequence<Parameter>, learningRate: Double = 0.01, learningRateDecay: Double = 0,
    weightDecay: Double = 0, initialAccumulatorValue: Double = 0, epsilon: Double = 1e-10, maximize: Bool = false
  ) {
    OptimizerSetting.check {
      try OptimizerSetting("the learning rate", learningRate).checkNotNegative()
      try OptimizerSetting("the decay of the learning rate", learningRateDecay).checkNotNegative()
      try OptimizerSetting("the weight decay", weightDecay).checkNotNegative()
      try OptimizerSetting("the initial accumulator value", initialAccumulatorValue).checkNotNegative()
      try OptimizerSetting("epsilon", epsilon).checkNotNegative()
    }
    self.learningRate = learningRate
    self.learningRateDecay = learningRateDecay
    self.weightDecay = weightDecay
    self.initialAccumulatorValue = initialAccumulatorValue
    self.epsilon = epsilon
    self.maximize = maximize
    states = ParameterStates(
      parameters,
      UpdateRule(
        slots: [UpdateRule.Slot(Self.sum, start: initialAccumulatorValue)], countsSteps: true, maximize: maximize,
        weightDecay: weightDecay, numbers: { lr, step in [lr / (1 + Double(step - 1) * learningRateDecay)] }
      ) { operands, slots in
        let (p, g, lr) = (operands.value, operands.gradient, operands.numbers[0])
        let sum = slots.held(Self.sum) + g * g
        slots[Self.sum] = sum
        return p - g / (sum.sqrt() + epsilon) * lr
      })
  }

  private static let sum = "sum"
}
