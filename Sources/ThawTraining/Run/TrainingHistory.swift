/// What a run of training gave: a report an epoch, and how it ended.
public struct TrainingHistory: RandomAccessCollection, Sendable {
  /// Why a run ended.
  public enum End: Hashable, Sendable {
    /// All epochs are done.
    case complete
    /// So many epochs brought no lower loss on the validation data.
    case stoppedEarly(patience: Int)
  }

  private var reports: [EpochReport] = []
  public internal(set) var end = End.complete
  /// The epoch whose values the model has now, counted from 1; nil where no epoch was trained.
  public internal(set) var keptEpoch: Int?

  public var startIndex: Int { reports.startIndex }
  public var endIndex: Int { reports.endIndex }
  public subscript(index: Int) -> EpochReport { reports[index] }

  mutating func append(_ report: EpochReport) { reports.append(report) }
}

/// What is told while a model is trained.
public enum TrainingEvent: Sendable {
  /// Something to know about the run, as a sentence.
  case note(String)
  /// A step was taken.
  case step(TrainingProgress)
  /// An epoch is done.
  case epoch(EpochReport)
}
