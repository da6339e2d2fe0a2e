/// What a run of training gave: a report an epoch, and how it ended.
public struct TrainingHistory: RandomAccessCollection, Sendable {
  /// Why a run ended.
  public enum End: Hashable, Sendable {
    /// All epochs are done.
    case complete
    /// This epoch, counted from 1, was the last of those without a lower loss on the validation data.
    case stoppedEarly(after: Int)
  }

  private var reports: [EpochReport] = []
  public internal(set) var end = End.complete
  /// The epoch whose values the model has now, counted from 1; nil where no epoch was trained.
  public internal(set) var keptEpoch: Int?
  /// Whether that is the epoch with the lowest loss on the validation data.
  public internal(set) var keepsBest = false

  /// What to say where the model does not simply have the values of the last epoch; nil where it has.
  public var ending: String? {
    let kept = keptEpoch.map { "the model has the values of epoch \($0)" } ?? ""
    switch end {
    case .stoppedEarly(let epoch): return "ended early after epoch \(epoch): \(kept)"
    case .complete: return keepsBest ? "the best epoch on the validation data: \(kept)" : nil
    }
  }

  public var startIndex: Int { reports.startIndex }
  public var endIndex: Int { reports.endIndex }
  public subscript(index: Int) -> EpochReport { reports[index] }

  mutating func append(_ report: EpochReport) { reports.append(report) }
}

/// What is told while a model is trained.
public enum TrainingEvent: Sendable {
  /// Something to know about the run, as a sentence.
  case note(String)
  /// Features were computed for this share of the samples, before the first step.
  case features(share: Double)
  /// A step was taken.
  case step(TrainingProgress)
  /// An epoch is done.
  case epoch(EpochReport)
}
