import ThawTensor

/// The mean of the classes' F1; see `Metric.f1`.
struct MacroF1Tally: Codable, Hashable, Sendable {
  private let ignoreIndex: Int
  private var classes: [Int: F1Counts] = [:]

  init(ignoring ignoreIndex: Int) { self.ignoreIndex = ignoreIndex }

  mutating func add(prediction: Tensor, target: Tensor) throws {
    let scores = try ClassScores(prediction: prediction, target: target, ignoreIndex: ignoreIndex)
    for (label, start) in scores.labels {
      let best = scores.best(from: start)
      if best == label {
        classes[label, default: F1Counts()].truePositives += 1
      } else {
        classes[best, default: F1Counts()].falsePositives += 1
        classes[label, default: F1Counts()].falseNegatives += 1
      }
    }
  }

  var mean: Double {
    classes.isEmpty ? 0 : classes.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value.f1 } / Double(classes.count)
  }
}

/// How often a class was found, claimed wrongly, and missed.
struct F1Counts: Codable, Hashable, Sendable {
  var truePositives = 0
  var falsePositives = 0
  var falseNegatives = 0

  var f1: Double {
    let divisor = 2 * truePositives + falsePositives + falseNegatives
    return divisor == 0 ? 0 : 2 * Double(truePositives) / Double(divisor)
  }
}
