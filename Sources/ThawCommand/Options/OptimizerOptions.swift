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
  @Option(
    help: "Other settings for some parameters, PATTERN:lr=…,weight-decay=…,momentum=…; repeatable, none may be in two.")
  var group: [OptimizerGroup] = []

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
    for group in group {
      guard group.momentum == nil || optimizer.momentum != nil else {
        throw ValidationError(
          "--group \(group.pattern): momentum is for the optimizers sgd and rmsprop, not for \(optimizer.rawValue)")
      }
      guard !nesterov || group.momentum != 0 else {
        throw ValidationError("--group \(group.pattern): --nesterov needs a momentum above 0")
      }
    }
  }

  var choice: OptimizerChoice { choice(learningRate: nil, momentum: nil, weightDecay: nil) }

  /// The patterns of the groups, and what is other there.
  var groups: [(pattern: String, optimizer: OptimizerChoice)] {
    group.map { group in
      (
        group.pattern,
        choice(learningRate: group.learningRate, momentum: group.momentum, weightDecay: group.weightDecay)
      )
    }
  }

  /// The optimizer with the options' settings where none of its own is given.
  private func choice(
    learningRate ownRate: Double?, momentum ownMomentum: Double?, weightDecay ownDecay: Double?
  ) -> OptimizerChoice {
    let learningRate = ownRate ?? learningRate ?? optimizer.learningRate
    let momentum = ownMomentum ?? momentum ?? optimizer.momentum ?? 0
    let weightDecay = ownDecay ?? weightDecay ?? optimizer.weightDecay
    return switch optimizer {
    case .sgd: .sgd(learningRate, momentum: momentum, weightDecay: weightDecay, nesterov: nesterov)
    case .adam: .adam(learningRate, weightDecay: weightDecay)
    case .adamw: .adamW(learningRate, weightDecay: weightDecay)
    case .rmsprop: .rmsProp(learningRate, weightDecay: weightDecay, momentum: momentum)
    case .adagrad: .adagrad(learningRate, weightDecay: weightDecay)
    }
  }
}
