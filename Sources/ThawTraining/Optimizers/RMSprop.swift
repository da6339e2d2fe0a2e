import ThawGraph
import ThawTensor

/// RMSprop (Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012), in the form of PyTorch
/// (torch.optim.RMSprop).
///
/// With gradient g, mean square s and parameter p: s ← α·s + (1 − α)·g², p ← p − lr·g / (√s + ε). With momentum m the
/// quotient goes into a velocity, v ← m·v + g / (√s + ε), and p ← p − lr·v. Weight decay λ adds λ·p to g.
public struct RMSprop: Optimizer {
  public var learningRate: Double
  public let alpha: Double
  public let epsilon: Double
  public let weightDecay: Double
  public let momentum: Double
  public let centered: Bool
  public let maximize: Bool
  private var averages: ParameterStates<Averages>

  private struct Averages {
    var square: Tensor
    /// The mean gradient, which only the centered form reads.
    var mean: Tensor
    var velocity: Tensor

    init(like gradient: Tensor) {
      square = Tensor.zeros(gradient.shape, dtype: gradient.dtype)
      mean = square
      velocity = square
    }
  }

  /// An optimizer of parameters.
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
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentum = momentum
    self.centered = centered
    self.maximize = maximize
    averages = ParameterStates(parameters)
  }

  public mutating func step() {
    averages.step(maximize: maximize, weightDecay: weightDecay) {
      [lr = learningRate, α = alpha, ε = epsilon, m = momentum, centered = centered] p, g, state in
      var averages = state ?? Averages(like: g)
      defer { state = averages }
      averages.square = averages.square * α + g * g * (1 - α)
      var variance = averages.square
      if centered {
        averages.mean = averages.mean + (g - averages.mean) * (1 - α)
        variance = variance - averages.mean * averages.mean
      }
      let quotient = g / (variance.sqrt() + ε)
      guard m > 0 else { return p - quotient * lr }
      averages.velocity = averages.velocity * m + quotient
      return p - averages.velocity * lr
    }
  }
}
