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
  /// What the steps of the next epoch gave.
  var tally: Tally
  /// How long they took.
  var seconds = 0.0
  var best: Best?
  /// Whether the run ended before its last epoch, because nothing improved.
  var stoppedEarly = false

  /// Epochs since the last improvement.
  var epochsWithoutImprovement: Int { epoch - (best?.epoch ?? 0) }
}
