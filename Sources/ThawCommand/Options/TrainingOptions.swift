import ArgumentParser
import Thaw

/// How long, in which portions, in which order and at which pace.
struct TrainingOptions: ParsableArguments {
  @Option(help: "How many times to go through the data.") var epochs = 5
  @Option(help: "The samples of a batch.") var batch = 32
  @Option(help: "How many batches a step's gradient is the mean of.") var accumulate = 1
  @Flag(help: "Takes the samples in the order of the data.") var noShuffle = false
  @Option(help: "For the order of the samples, for what Dropout draws and for new weights.") var seed: UInt64 = 0
  @Option(
    help: ArgumentHelp(
      """
      How the learning rate goes on: constant, step:every=EPOCHS,gamma=0.1, linear:end=0 or cosine:end=0, where the \
      end is a share of --lr.
      """, valueName: "name:key=value"),
    transform: Schedule.init(argument:))
  var schedule = Schedule.constant
  @Option(
    help: "Over how many steps the learning rate grows at first; a number, or a share of all steps such as 5%.",
    transform: Warmup.init(argument:))
  var warmup = Warmup.none
  @Option(help: "Scales a step's gradients together so that their norm is at most this.") var clipNorm: Double?
  @Option(help: "Bounds every element of the gradients to this.") var clipValue: Double?

  func validate() throws {
    guard epochs >= 0 else { throw ValidationError("--epochs should be at least 0 and is \(epochs)") }
    guard batch >= 1 else { throw ValidationError("--batch should be at least 1 and is \(batch)") }
    guard accumulate >= 1 else { throw ValidationError("--accumulate should be at least 1 and is \(accumulate)") }
    guard clipNorm == nil || clipValue == nil else {
      throw ValidationError("give --clip-norm or --clip-value, not both")
    }
    for (name, bound) in [("--clip-norm", clipNorm), ("--clip-value", clipValue)] {
      guard let bound else { continue }
      guard bound.isFinite, bound > 0 else {
        throw ValidationError("\(name) should be a number above 0 and is \(bound)")
      }
    }
  }

  var plan: TrainingPlan {
    let order = noShuffle ? Batching.Order.asGiven : .shuffled(seed: seed)
    var plan = TrainingPlan(epochs: epochs, batching: Batching(size: batch, order: order), seed: seed)
    plan.accumulation = accumulate
    plan.schedule = schedule
    plan.warmup = warmup
    plan.clipping = clipNorm.map(Clipping.norm) ?? clipValue.map(Clipping.value)
    return plan
  }
}
