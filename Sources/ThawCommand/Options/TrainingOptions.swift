import ArgumentParser
import Thaw

/// How long, in which portions and in which order.
struct TrainingOptions: ParsableArguments {
  @Option(help: "How many times to go through the data.") var epochs = 5
  @Option(help: "The samples of a step.") var batch = 32
  @Flag(help: "Takes the samples in the order of the data.") var noShuffle = false
  @Option(help: "For the order of the samples and for new weights.") var seed: UInt64 = 0

  func validate() throws {
    guard epochs >= 0 else { throw ValidationError("--epochs should be at least 0 and is \(epochs)") }
    guard batch >= 1 else { throw ValidationError("--batch should be at least 1 and is \(batch)") }
  }

  var order: Batching.Order { noShuffle ? .asGiven : .shuffled(seed: seed) }
}
