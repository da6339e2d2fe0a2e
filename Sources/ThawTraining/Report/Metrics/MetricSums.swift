import ThawTensor

/// The sums of a metric over batches, as a checkpoint keeps them.
struct MetricSums: Codable, Hashable, Sendable {
  let metric: Metric
  private var tally: Tally

  private enum Tally: Codable, Hashable, Sendable {
    case topClasses(TopClassesTally)
    case macroF1(MacroF1Tally)
    case binary(BinaryTally)
    case differences(DifferenceTally)
  }

  /// nil where the metric has no meaning.
  init?(_ metric: Metric, of reading: PredictionReading) {
    self.metric = metric
    switch (metric, reading) {
    case (.accuracy, .classes(let ignoreIndex)): tally = .topClasses(TopClassesTally(1, ignoring: ignoreIndex))
    case (.topFive, .classes(let ignoreIndex)): tally = .topClasses(TopClassesTally(5, ignoring: ignoreIndex))
    case (.f1, .classes(let ignoreIndex)): tally = .macroF1(MacroF1Tally(ignoring: ignoreIndex))
    case (.accuracy, .binary), (.f1, .binary): tally = .binary(BinaryTally())
    case (.rootMeanSquaredError, .numbers), (.meanAbsoluteError, .numbers): tally = .differences(DifferenceTally())
    default: return nil
    }
  }

  mutating func add(prediction: Tensor, target: Tensor) throws {
    switch tally {
    case .topClasses(var sums):
      try sums.add(prediction: prediction, target: target)
      tally = .topClasses(sums)
    case .macroF1(var sums):
      try sums.add(prediction: prediction, target: target)
      tally = .macroF1(sums)
    case .binary(var sums):
      try sums.add(prediction: prediction, target: target)
      tally = .binary(sums)
    case .differences(var sums):
      try sums.add(prediction: prediction, target: target)
      tally = .differences(sums)
    }
  }

  /// The metric over what was added; 0 over nothing.
  var value: Double {
    switch tally {
    case .topClasses(let sums): sums.share
    case .macroF1(let sums): sums.mean
    case .binary(let sums): metric == .f1 ? sums.f1 : sums.accuracy
    case .differences(let sums): metric == .meanAbsoluteError ? sums.meanAbsolute : sums.rootMeanSquare
    }
  }
}
