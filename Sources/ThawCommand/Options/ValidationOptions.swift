import ArgumentParser
import Thaw

/// What to measure on after every epoch, and what follows from it.
struct ValidationOptions: ParsableArguments {
  @Option(help: "Data to measure on after every epoch; the best epoch's values are saved.") var validation: [String] =
    []
  @Option(help: "Takes this share of the data for it instead, drawn with --seed.") var validationSplit: Double?
  @Option(help: "Ends after this number of epochs without a lower loss there.") var earlyStop: Int?

  func validate() throws {
    guard validation.isEmpty || validationSplit == nil else {
      throw ValidationError("give --validation or --validation-split, not both")
    }
    if let share = validationSplit {
      guard share > 0, share < 1 else {
        throw ValidationError("--validation-split should be above 0 and below 1 and is \(share)")
      }
    }
    guard let earlyStop else { return }
    guard earlyStop >= 1 else { throw ValidationError("--early-stop should be at least 1 and is \(earlyStop)") }
    guard !validation.isEmpty || validationSplit != nil else {
      throw ValidationError("--early-stop needs --validation or --validation-split")
    }
  }

  /// What is left to train on, what to measure on, and what to say about it.
  func divide(
    _ data: Dataset, _ format: DataFormatOptions, seed: UInt64
  ) throws -> (training: Dataset, validation: Dataset?, note: String?) {
    if !validation.isEmpty { return (data, try format.open(validation), nil) }
    guard let share = validationSplit else { return (data, nil, nil) }
    let parts = try data.split(validation: share, seed: seed)
    let (rest, taken) = (try parts.training.sampleCount(), try parts.validation.sampleCount())
    return (
      parts.training, parts.validation,
      "\(taken) of the \(taken + rest) samples, drawn with seed \(seed), are measured on and not trained on"
    )
  }
}
