import ThawTensor

/// The share of labels that are among the classes with the highest scores.
struct TopClassesTally: MetricTally {
  let count: Int
  let ignoreIndex: Int
  private var hits = 0
  private var labels = 0

  init(count: Int, ignoreIndex: Int) {
    self.count = count
    self.ignoreIndex = ignoreIndex
  }

  mutating func add(prediction: Tensor, target: Tensor) throws {
    let scores = try ClassScores(prediction: prediction, target: target, ignoreIndex: ignoreIndex)
    labels += scores.labels.count
    for (label, start) in scores.labels where scores.isLabel(label, among: count, from: start) { hits += 1 }
  }

  var value: Double { labels == 0 ? 0 : Double(hits) / Double(labels) }
}
