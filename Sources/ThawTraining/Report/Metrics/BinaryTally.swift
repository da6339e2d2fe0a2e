import ThawTensor

/// Counts of yes and no, of which a metric makes its number.
struct BinaryTally: MetricTally {
  struct Counts {
    var ofYes = F1Counts()
    var trueNegatives = 0

    var f1: Double { ofYes.f1 }

    var accuracy: Double {
      let hits = ofYes.truePositives + trueNegatives
      let all = hits + ofYes.falsePositives + ofYes.falseNegatives
      return all == 0 ? 0 : Double(hits) / Double(all)
    }
  }

  private let metric: (Counts) -> Double
  private var counts = Counts()

  init(_ metric: @escaping (Counts) -> Double) { self.metric = metric }

  mutating func add(prediction: Tensor, target: Tensor) throws {
    let logits = try prediction.detach().elements(as: Float.self)
    for (logit, target) in zip(logits, try target.elements(as: Float.self)) {
      switch (logit > 0, target > 0.5) {
      case (true, true): counts.ofYes.truePositives += 1
      case (true, false): counts.ofYes.falsePositives += 1
      case (false, true): counts.ofYes.falseNegatives += 1
      case (false, false): counts.trueNegatives += 1
      }
    }
  }

  var value: Double { metric(counts) }
}
