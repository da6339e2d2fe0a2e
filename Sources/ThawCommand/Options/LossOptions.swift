import ArgumentParser
import Thaw

/// What to make small.
struct LossOptions: ParsableArguments {
  @Option(name: .customLong("loss"), help: "What to make small.") var name = LossName.crossEntropy

  var loss: Loss { name.loss }
}
