import ArgumentParser
import Thaw

/// What is written while a model is trained.
struct RecordOptions: ParsableArguments {
  @Option(help: "Writes the run to this .npz file now and then, to go on from it with --resume.", completion: .file())
  var checkpoint: String?
  @Option(
    help: ArgumentHelp(
      "How often: a number of epochs, or of steps as in 500steps (default: 1).", valueName: "interval"),
    transform: TrainingPlan.Interval.init(argument:))
  var checkpointEvery: TrainingPlan.Interval?
  @Option(help: "Goes on from this checkpoint, and writes to it unless --checkpoint is another.", completion: .file())
  var resume: String?
  @Option(help: "Adds a line of JSON to this file after every epoch.", completion: .file()) var log: String?
  @Option(help: "Adds one after every so many steps too.") var logEvery: Int?

  func validate() throws {
    guard checkpointEvery == nil || checkpoint != nil || resume != nil else {
      throw ValidationError("--checkpoint-every needs --checkpoint")
    }
    guard logEvery ?? 1 >= 1 else { throw ValidationError("--log-every should be at least 1 and is \(logEvery ?? 1)") }
    guard logEvery == nil || log != nil else { throw ValidationError("--log-every needs --log") }
  }

  /// - Throws: `ValidationError` when two files that are written have the same path.
  func check(against output: String) throws {
    let written = [("--out", output), ("--checkpoint", checkpoint ?? resume), ("--log", log)]
    for (index, (name, path)) in written.enumerated() {
      guard let path, let other = written[..<index].first(where: { $0.1 == path }) else { continue }
      throw ValidationError("\(other.0) and \(name) should be different files; both are \(path)")
    }
  }

  func add(to plan: inout TrainingPlan) {
    plan.checkpoint = checkpoint
    if let checkpointEvery { plan.checkpointInterval = checkpointEvery }
    plan.resume = resume
    plan.log = log
    plan.logInterval = logEvery
  }
}
