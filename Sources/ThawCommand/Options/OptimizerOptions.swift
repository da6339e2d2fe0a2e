import ArgumentParser
import Thaw

/// How parameters follow their gradients.
struct OptimizerOptions: ParsableArguments {
  @Option(help: "How parameters follow their gradients.") var optimizer = OptimizerName.sgd
  @Option(name: .customLong("lr"), help: "The learning rate (default: 0.01; adam and adamw: 0.001).")
  var learningRate: Double?
  @Option(help: "How much of the last step goes into the next, from 0 to below 1 (default: sgd 0.9, rmsprop 0).")
  var momentum: Double?
  @Flag(help: "Looks ahead along the momentum (sgd).") var nesterov = false
  @Option(help: "How strongly parameters are drawn to 0 (default: 0; adamw: 0.01).") var weightDecay: Double?

  func validate() throws {
    for (name, value) in [("--lr", learningRate), ("--weight-decay", weightDecay)] {
      guard let value else { continue }
      guard value.isFinite, value >= 0 else {
        throw ValidationError("\(name) should be a number of at least 0 and is \(value)")
      }
    }
    if let momentum {
      guard momentum >= 0, momentum < 1 else {
        throw ValidationError("--momentum should be at least 0 and below 1 and is \(momentum)")
      }
      guard optimizer.momentum != nil else {
        throw ValidationError("--momentum is for the optimizers sgd and rmsprop, not for \(optimizer.rawValue)")
      }
    }
    guard !nesterov || optimizer == .sgd else {
      throw ValidationError("--nesterov is for the optimizer sgd, not for \(optimizer.rawValue)")
    }
    guard !nesterov || momentum != 0 else { throw ValidationError("--nesterov needs a --momentum above 0") }
  }

  var choice: OptimizerChoice {
    let learningRate = learningRate ?? optimizer.learningRate
    let momentum = momentum ?? optimizer.momentum ?? 0
    let weightDecay = weightDecay ?? optimizer.weightDecay
    return switch optimizer {
    case .sgd: .sgd(learningRate, momentum: momentum, weightDecay: weightDecay, nesterov: nesterov)
    case .adam: .adam(learningRate, weightDecay: weightDecay)
    case .adamw: .adamW(learningRate, weightDecay: weightDecay)
    case .rmsprop: .rmsProp(learningRate, weightDecay: weightDecay, momentum: momentum)
    case .adagrad: .adagrad(learningRate, weightDecay: weightDecay)
    }
  }
}
