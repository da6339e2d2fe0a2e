import ThawTensor

/// How long a model is trained, in which portions and at which pace.
public struct TrainingPlan: Sendable {
  /// How many times to go through the data.
  public var epochs: Int
  /// How many samples are computed at once, and in which order they come.
  public var batching: Batching
  /// How many batches a step's gradient is the mean over, weighed by their samples: the same step as with batches so
  /// many times as large. The last step of an epoch may have fewer.
  public var accumulation = 1
  /// How the learning rate goes on.
  public var schedule = Schedule.constant
  /// How it begins.
  public var warmup = Warmup.none
  /// How gradients are bounded; nil for not at all.
  public var clipping: Clipping?
  /// Data to measure on after every epoch; the model keeps the values of the epoch whose loss is the lowest there.
  public var validation: Dataset?
  /// After how many epochs without a lower loss on `validation` training ends; nil for never.
  public var patience: Int?
  /// For what Dropout draws; the number of the step and the node's place go into it too.
  public var seed: UInt64

  /// - Parameter seed: for what Dropout draws; that of the order when left out.
  public init(epochs: Int, batching: Batching = Batching(), seed: UInt64? = nil) {
    self.epochs = epochs
    self.batching = batching
    if case .shuffled(let orderSeed) = batching.order { self.seed = seed ?? orderSeed } else { self.seed = seed ?? 0 }
  }

  /// Checks what can be checked without data.
  ///
  /// - Throws: `TrainingError` of kind `setting`.
  func check() throws {
    let problems = [
      epochs >= 0 ? nil : "the number of epochs should not be negative: \(epochs)",
      accumulation >= 1 ? nil : "a step should take at least 1 batch, not \(accumulation)",
      schedule.problem, warmup.problem, clipping?.problem,
      patience.map { $0 >= 1 } ?? true ? nil : "training should go on for at least 1 epoch without improvement",
      patience != nil && validation == nil
        ? "ending early takes data to measure on after every epoch: give some as validation" : nil,
    ]
    if let problem = problems.compactMap({ $0 }).first { throw TrainingError(.setting, problem) }
  }
}
