/// Where a run stands: with the values of the parameters and the optimizer's memory, all that its rest depends on.
struct TrainingState: Codable, Hashable, Sendable {
  /// The epoch with the lowest loss on the validation data.
  struct Best: Codable, Hashable, Sendable {
    /// Counted from 1.
    var epoch: Int
    var loss: Double
  }

  /// Whole epochs that are done.
  var epoch = 0
  /// Steps of the next epoch that are done.
  var stepInEpoch = 0
  /// All steps that are done.
  var step = 0
  /// How long those of the next epoch took.
  var seconds = 0.0
  var best: Best?
  /// Whether the run ended before its last epoch, because nothing improved.
  var stoppedEarly = false

  /// Epochs since the last improvement.
  var epochsWithoutImprovement: Int { epoch - (best?.epoch ?? 0) }

  /// Whether the numbers could be those of a run.
  var isSound: Bool {
    epoch >= 0 && stepInEpoch >= 0 && step >= stepInEpoch && best.map { (1...max(epoch, 1)).contains($0.epoch) } ?? true
  }
}

extension TrainingState: CustomStringConvertible {
  public var description: String {
    stepInEpoch == 0 ? "after epoch \(epoch)" : "in epoch \(epoch + 1) after step \(stepInEpoch)"
  }
}
