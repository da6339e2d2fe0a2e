import ThawGraph
import ThawTensor

/// How long a model is trained, in which portions and at which pace, and what is written meanwhile.
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
  /// For what Dropout draws; the number of the batch and the node's place go into it too.
  public var seed: UInt64
  /// Whether what the frozen part before the first parameter that trains makes of each sample is kept from one epoch to
  /// the next. Results are the same but for rounding.
  public var features = FeatureCaching.auto
  /// The file to which the run is written now and then, so that another process can go on; nil for none.
  public var checkpoint: String?
  /// How often.
  public var checkpointInterval = Interval.epochs(1)
  /// The file to which a run without a checkpoint is written when it is interrupted; nil for none.
  public var interruptionCheckpoint: String?
  /// The checkpoint from which to go on. Model, data and settings must be those of the run that wrote it; without
  /// `checkpoint` it is also the file to which this run is written.
  public var resume: String?
  /// The file to which a line of JSON is added after every epoch; nil for none.
  public var log: String?
  /// Every how many steps a line is added too; nil for never.
  public var logInterval: Int?
  /// Asked after every step; a run that should end writes its checkpoint and throws an error of kind `interrupted`.
  public var isInterrupted: @Sendable () -> Bool = { Task.isCancelled }

  /// A time between two events.
  public enum Interval: Hashable, Sendable {
    case epochs(Int)
    case steps(Int)
  }

  /// - Parameter seed: for what Dropout draws; that of the order when left out.
  public init(epochs: Int, batching: Batching = Batching(), seed: UInt64? = nil) {
    self.epochs = epochs
    self.batching = batching
    if case .shuffled(let orderSeed) = batching.order { self.seed = seed ?? orderSeed } else { self.seed = seed ?? 0 }
  }

  /// The file to which the run is written.
  var checkpointPath: String? { checkpoint ?? resume }

  /// Checks what can be checked without data.
  ///
  /// - Throws: `TrainingError` of kind `setting`, `FileError` for a checkpoint that could not be written.
  func check() throws {
    let problems = [
      epochs >= 0 ? nil : "the number of epochs should not be negative: \(epochs)",
      accumulation >= 1 ? nil : "a step should take at least 1 batch, not \(accumulation)",
      schedule.problem, warmup.problem, clipping?.problem, features.problem,
      patience.map { $0 >= 1 } ?? true ? nil : "training should go on for at least 1 epoch without improvement",
      patience != nil && validation == nil
        ? "ending early takes data to measure on after every epoch: give some as validation" : nil,
      checkpointInterval.isPositive ? nil : "a checkpoint should be written every 1 or more epochs or steps",
      logInterval.map { $0 >= 1 } ?? true ? nil : "a line should be added to the log every 1 or more steps",
      logInterval != nil && log == nil ? "lines about steps go to the log: give its file" : nil,
    ]
    if let problem = problems.compactMap({ $0 }).first { throw TrainingError(.setting, problem) }
    if let checkpointPath { try TensorFile.checkWritable(checkpointPath) }
  }
}

extension TrainingPlan.Interval {
  fileprivate var isPositive: Bool {
    switch self {
    case .epochs(let count), .steps(let count): count >= 1
    }
  }

  /// Whether a run is written now.
  func isDue(_ state: TrainingState) -> Bool {
    switch self {
    case .epochs(let count): state.stepInEpoch == 0 && state.epoch % count == 0
    case .steps(let count): state.step % count == 0
    }
  }
}
