import ThawGraph
import ThawTensor

/// Stochastic gradient descent with momentum, in the form of PyTorch (torch.optim.SGD).
///
/// With gradient g, velocity v and parameter p: v ← m·v + (1 − dampening)·g (v ← g at the first step), p ← p − lr·v;
/// with Nesterov's momentum p ← p − lr·(g + m·v) (Sutskever and others, On the importance of initialization and
/// momentum in deep learning, 2013). Weight decay λ adds λ·p to g.
public struct SGD: Optimizer {
  public var learningRate: Double
  public let momentum: Double
  public let dampening: Double
  public let weightDecay: Double
  public let nesterov: Bool
  public let maximize: Bool
  private var velocities: ParameterStates<Tensor>

  /// An optimizer of parameters.
  ///
  /// - Parameters:
  ///   - momentum: how much of the velocity stays.
  ///   - dampening: how much of a gradient does not get into the velocity.
  ///   - weightDecay: how much of the parameter is added to its gradient.
  ///   - nesterov: whether a step looks ahead along the velocity; this needs a momentum, and no dampening.
  ///   - maximize: whether the loss should grow.
  public init(
    _ parameters: some Sequence<Parameter>, learningRate: Double, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false, maximize: Bool = false
  ) {
    precondition(
      !nesterov || (momentum > 0 && dampening == 0), "Nesterov's momentum needs a momentum above 0 and no dampening")
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.maximize = maximize
    velocities = ParameterStates(parameters)
  }

  public mutating func step() {
    velocities.step(maximize: maximize, weightDecay: weightDecay) {
      [lr = learningRate, m = momentum, dampening = dampening, nesterov = nesterov] p, g, state in
      guard m != 0 else { return p - g * lr }
      let v = state.map { $0 * m + g * (1 - dampening) } ?? g
      state = v
      return p - (nesterov ? g + v * m : v) * lr
    }
  }
}
