import ThawGraph
import ThawTensor

/// Stochastic gradient descent with momentum, in the form of PyTorch (torch.optim.SGD).
///
/// With gradient g, velocity v and parameter p: v ← m·v + (1 − dampening)·g (v ← g at the first step), p ← p − lr·v;
/// with Nesterov's momentum p ← p − lr·(g + m·v) (Sutskever and others, On the importance of initialization and
/// momentum in deep learning, 2013). Weight decay λ adds λ·p to g.
public struct SGD: SingleOptimizer {
  public var learningRate: Double
  public let momentum: Double
  public let dampening: Double
  public let weightDecay: Double
  public let nesterov: Bool
  public let maximize: Bool
  var states: ParameterStates

  /// An optimizer of parameters; a setting outside its range is an error, as for any operation.
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
    OptimizerSetting.check {
      try OptimizerSetting("the learning rate", learningRate).checkNotNegative()
      try OptimizerSetting("the momentum", momentum).checkNotNegative()
      try OptimizerSetting("the dampening", dampening).checkNotNegative()
      try OptimizerSetting("the weight decay", weightDecay).checkNotNegative()
      guard !nesterov || (momentum > 0 && dampening == 0) else {
        throw TrainingError(
          .setting,
          "Nesterov's momentum needs a momentum above 0 and no dampening; they are \(momentum) and \(dampening)")
      }
    }
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.maximize = maximize
    states = ParameterStates(
      parameters,
      UpdateRule(
        slots: momentum == 0 ? [] : [UpdateRule.Slot(Self.velocity, start: nil)], maximize: maximize,
        weightDecay: weightDecay, numbers: { lr, _ in [lr] }
      ) { operands, slots in
        let (p, g, lr) = (operands.value, operands.gradient, operands.numbers[0])
        guard momentum != 0 else { return p - g * lr }
        let v = slots[Self.velocity].map { $0 * momentum + (dampening == 0 ? g : g * (1 - dampening)) } ?? g
        slots[Self.velocity] = v
        return p - (nesterov ? g + v * momentum : v) * lr
      })
  }

  private static let velocity = "momentum_buffer"
}
