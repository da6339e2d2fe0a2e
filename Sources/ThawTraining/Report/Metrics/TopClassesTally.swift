import ThawTensor

/// The share of labels that are among the classes with the highest scores.
struct TopClassesTally: Codable, Hashable, Sendable {
  private let count: Int
  private let ignoreIndex: Int
  private var hits = 0
  private var labels = 0

  init(_ count: Int, ignoring ignoreIndex: Int) {
    self.count = count
    self.ignoreIndex = ignoreIndex
  }

  mutating func add(prediction: Tensor, target: Tensor) throws {
    let scores = try ClassScores(prediction: prediction, target: target, ignoreIndex: ignoreIndex)
    labels += scores.labels.count
    for (label, start) in scores.labels where scores.isLabel(label, among: count, from: start) { hits += 1 }
  }

  var share: Double { labels == 0 ? 0 : Double(hits) / Double(labels) }
}
