import ThawGraph
import ThawTensor

/// Adagrad (Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization,
/// 2011), in the form of PyTorch (torch.optim.Adagrad).
///
/// With gradient g, sum s, parameter p and step t from 1: s ← s + g², p ← p − lr / (1 + (t − 1)·η) · g / (√s + ε),
/// where η is the decay of the learning rate. Weight decay λ adds λ·p to g.
public struct Adagrad: Optimizer {
  public var learningRate: Double
  public let learningRateDecay: Double
  public let weightDecay: Double
  public let initialAccumulatorValue: Double
  public let epsilon: Double
  public let maximize: Bool
  private var sums: ParameterStates<(steps: Int, squares: Tensor)>

  /// An optimizer of parameters.
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
    self.learningRate = learningRate
    self.learningRateDecay = learningRateDecay
    self.weightDecay = weightDecay
    self.initialAccumulatorValue = initialAccumulatorValue
    self.epsilon = epsilon
    self.maximize = maximize
    sums = ParameterStates(parameters)
  }

  public mutating func step() {
    sums.step(maximize: maximize, weightDecay: weightDecay) {
      [lr = learningRate, η = learningRateDecay, initial = initialAccumulatorValue, ε = epsilon] p, g, state in
      let steps = state?.steps ?? 0
      let squares = state.map { $0.squares + g * g } ?? g * g + initial
      state = (steps + 1, squares)
      return p - g / (squares.sqrt() + ε) * (lr / (1 + Double(steps) * η))
    }
  }
}
