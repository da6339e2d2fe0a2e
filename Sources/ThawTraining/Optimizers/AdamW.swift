import ThawGraph
import ThawTensor

/// Adam with a weight decay apart from the gradient (Loshchilov and Hutter, Decoupled Weight Decay Regularization,
/// 2019), in the form of PyTorch (torch.optim.AdamW).
///
/// Weight decay λ shrinks the parameter, p ← (1 − lr·λ)·p, before the step of `Adam`, whose moments do not see it.
public struct AdamW: SingleOptimizer {
  public var learningRate: Double
  public let betas: (Double, Double)
  public let epsilon: Double
  public let weightDecay: Double
  public let amsgrad: Bool
  public let maximize: Bool
  var states: ParameterStates

  /// An optimizer of parameters; see `Adam`.
  ///
  /// - Parameter weightDecay: how much of the parameter goes at a step, times the learning rate.
  public init(
    _ parameters: some Sequence<Parameter>, learningRate: Double = 0.001, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0.01, amsgrad: Bool = false, maximize: Bool = false
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
        slots: moments.slots, countsSteps: true, maximize: maximize,
        numbers: { lr, step in moments.numbers(lr, step) + [1 - lr * weightDecay] }
      ) { operands, slots in
        let kept = operands.value * operands.numbers[2]
        return kept - moments.step(operands.gradient, operands.numbers, &slots)
      })
  }
}
