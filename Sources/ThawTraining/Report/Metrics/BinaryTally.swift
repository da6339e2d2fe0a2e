import ThawTensor

/// Counts of yes and no.
struct BinaryTally: Codable, Hashable, Sendable {
  private var ofYes = F1Counts()
  private var trueNegatives = 0

  mutating func add(prediction: Tensor, target: Tensor) throws {
    let logits = try prediction.detach().elements(as: Float.self)
    for (logit, target) in zip(logits, try target.elements(as: Float.self)) {
      switch (logit > 0, target > 0.5) {
      case (true, true): ofYes.truePositives += 1
      case (true, false): ofYes.falsePositives += 1
      case (false, true): ofYes.falseNegatives += 1
      case (false, false): trueNegatives += 1
      }
    }
  }

  var f1: Double { ofYes.f1 }

  var accuracy: Double {
    let hits = ofYes.truePositives + trueNegatives
    let all = hits + ofYes.falsePositives + ofYes.falseNegatives
    return all == 0 ? 0 : Double(hits) / Double(all)
  }
}
