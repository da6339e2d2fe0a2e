import ThawGraph
import ThawTensor

/// Adam (Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015), in the form of PyTorch (torch.optim.Adam).
///
/// With gradient g, moments m and v, parameter p and step t: m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g²,
/// p ← p − lr·m̂ / (√v̂ + ε), where m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ). Weight decay λ adds λ·p to g.
public struct Adam: SingleOptimizer {
  public var learningRate: Double
  public let betas: (Double, Double)
  public let epsilon: Double
  public let weightDecay: Double
  public let amsgrad: Bool
  public let maximize: Bool
  var states: ParameterStates

  /// An optimizer of parameters; a setting outside its range is an error, as for any operation.
  ///
  /// - Parameters:
  ///   - betas: how much of the moments stays, from 0 to below 1.
  ///   - epsilon: what keeps the divisor from 0.
  ///   - weightDecay: how much of the parameter is added to its gradient.
  ///   - amsgrad: whether the largest v so far takes the place of v (Reddi, Kale and Kumar, On the Convergence of Adam
  ///     and Beyond, 2018).
  ///   - maximize: whether the loss should grow.
  public init(
    _ parameters: some Sequence<Parameter>, learningRate: Double = 0.001, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false, maximize: Bool = false
  ) {
    AdamMoments.checkSettings(learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay)
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.amsgrad = amsgrad
    self.maximize = maximize
    let moments = AdamMoments(betas: betas, epsilon: epsilon, amsgrad: amsgrad)
    states = ParameterStates(
      parameters,
      UpdateRule(
        slots: moments.slots, countsSteps: true, maximize: maximize, weightDecay: weightDecay,
        numbers: { lr, step in moments.numbers(lr, step) }
      ) { operands, slots in
        operands.value - moments.step(operands.gradient, operands.numbers, &slots)
      })
  }
}
