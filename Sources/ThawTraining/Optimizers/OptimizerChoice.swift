import ThawGraph
import ThawTensor

/// Which optimizer to make, before it is known for which parameters: `.sgd(0.01, momentum: 0.9)`.
public struct OptimizerChoice: Sendable, CustomStringConvertible {
  public let description: String
  private let body: @Sendable ([Parameter]) -> any SingleOptimizer

  /// - Throws: `TrainingError` of kind `setting` for a setting outside its range.
  func make(_ parameters: [Parameter]) throws -> any SingleOptimizer { try withErrors { body(parameters) } }

  /// See `SGD`.
  public static func sgd(
    _ learningRate: Double, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false
  ) -> OptimizerChoice {
    OptimizerChoice(
      "SGD", learningRate, ["momentum": momentum, "dampening": dampening, "weight decay": weightDecay],
      notes: nesterov ? ["Nesterov"] : []
    ) {
      SGD(
        $0, learningRate: learningRate, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
        nesterov: nesterov)
    }
  }

  /// See `Adam`.
  public static func adam(
    _ learningRate: Double = 0.001, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0, amsgrad: Bool = false
  ) -> OptimizerChoice {
    OptimizerChoice("Adam", learningRate, ["weight decay": weightDecay], notes: amsgrad ? ["AMSGrad"] : []) {
      Adam(
        $0, learningRate: learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay, amsgrad: amsgrad)
    }
  }

  /// See `AdamW`.
  public static func adamW(
    _ learningRate: Double = 0.001, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0.01, amsgrad: Bool = false
  ) -> OptimizerChoice {
    OptimizerChoice("AdamW", learningRate, ["weight decay": weightDecay], notes: amsgrad ? ["AMSGrad"] : []) {
      AdamW(
        $0, learningRate: learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay, amsgrad: amsgrad)
    }
  }

  /// See `RMSprop`.
  public static func rmsProp(
    _ learningRate: Double = 0.01, alpha: Double = 0.99, epsilon: Double = 1e-8, weightDecay: Double = 0,
    momentum: Double = 0, centered: Bool = false
  ) -> OptimizerChoice {
    OptimizerChoice(
      "RMSprop", learningRate, ["momentum": momentum, "weight decay": weightDecay],
      notes: centered ? ["centered"] : []
    ) {
      RMSprop(
        $0, learningRate: learningRate, alpha: alpha, epsilon: epsilon, weightDecay: weightDecay, momentum: momentum,
        centered: centered)
    }
  }

  /// See `Adagrad`.
  public static func adagrad(
    _ learningRate: Double = 0.01, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulatorValue: Double = 0, epsilon: Double = 1e-10
  ) -> OptimizerChoice {
    OptimizerChoice(
      "Adagrad", learningRate, ["learning rate decay": learningRateDecay, "weight decay": weightDecay]
    ) {
      Adagrad(
        $0, learningRate: learningRate, learningRateDecay: learningRateDecay, weightDecay: weightDecay,
        initialAccumulatorValue: initialAccumulatorValue, epsilon: epsilon)
    }
  }

  /// A choice that describes itself by its name, its learning rate, and those settings that are not 0.
  private init(
    _ name: String, _ learningRate: Double, _ settings: KeyValuePairs<String, Double>, notes: [String] = [],
    body: @escaping @Sendable ([Parameter]) -> any SingleOptimizer
  ) {
    let set = settings.filter { $0.value != 0 }.map { "\($0.key) \($0.value)" }
    description = (["\(name), learning rate \(learningRate)"] + set + notes).joined(separator: ", ")
    self.body = body
  }
}
