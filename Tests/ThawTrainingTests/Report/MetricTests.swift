import Testing
import ThawTensor

@testable import ThawTraining

@Suite("Metrics over batches") struct MetricTests {
  /// Scores of seven classes for twelve samples.
  private static let scores: [Float] = [
    2.0, -2.6, 0.4, -0.6, -0.5, -0.2, -2.0,
    -0.2, -0.9, 3.3, 0.2, -0.4, -0.3, -0.7,
    -1.1, -0.4, 0.5, -0.2, 1.0, -0.2, 0.0,
    1.5, 0.5, -0.5, -0.2, 0.5, 1.9, -0.3,
    -0.2, 1.0, -0.9, -0.3, 0.9, 0.6, 0.1,
    0.7, -2.8, 1.0, -1.0, -1.7, 0.3, 0.7,
    -0.4, -1.1, 0.0, -0.1, 1.4, 0.7, 0.2,
    1.1, -0.2, -0.9, 0.6, 0.6, -0.2, -0.8,
    0.2, -2.5, 0.7, 0.5, -1.6, 0.1, -1.0,
    0.8, -2.0, -0.9, 0.7, 1.2, -2.2, -0.5,
    0.3, -0.6, 1.6, -1.2, 0.4, -1.0, 1.4,
    -0.0, -0.4, -1.7, 1.7, 0.8, 0.8, 1.1,
  ]
  /// Every second label is the class of the highest score; one is ignored.
  private static let labels = [0, 3, 4, 4, -100, 0, 4, 4, 2, 5, 2, 4]

  /// Sums of a metric over batches of some size.
  private func value(
    _ metric: Metric, _ loss: Loss, _ prediction: Tensor, _ target: Tensor, batchSize: Int
  ) throws -> Double {
    var sums = try #require(MetricSums(metric, of: loss.rule.reading))
    let count = prediction.shape[0]
    for start in stride(from: 0, to: count, by: batchSize) {
      let rows = Array(start..<min(start + batchSize, count))
      try sums.add(prediction: prediction.rows(rows), target: target.rows(rows))
    }
    return sums.value
  }

  @Test(
    "classes: NumPy's counts by the definitions, whatever the batches",
    arguments: [(Metric.accuracy, 0.45454545454545453), (.topFive, 0.9090909090909091), (.f1, 0.3333333333333333)],
    [1, 5, 12])
  func classes(expected: (metric: Metric, value: Double), batchSize: Int) throws {
    let scores = Tensor(Self.scores, shape: [12, 7])
    for loss in [Loss.crossEntropy, .negativeLogLikelihood()] {
      let found = try value(expected.metric, loss, scores, Tensor(Self.labels), batchSize: batchSize)
      #expect(abs(found - expected.value) < 1e-12)
    }
  }

  @Test("classes along another axis, and probabilities as the target") func axes() throws {
    // Two samples of two places: the highest scores are at the classes 2, 0 and 1, 1.
    let scores = Tensor([0, 9, 1, 1, 5, 2, 3, 3, 7, 8, 1, 2] as [Float], shape: [2, 3, 2])
    #expect(try value(.accuracy, .crossEntropy, scores, Tensor([2, 0, 1, 0], shape: [2, 2]), batchSize: 1) == 0.75)
    let probabilities = Tensor([0.1, 0.2, 0.7, 0.5, 0.3, 0.2] as [Float], shape: [2, 3])
    let logits = Tensor([0, 1, 2, 0, 1, 2] as [Float], shape: [2, 3])
    #expect(try value(.accuracy, .crossEntropy, logits, probabilities, batchSize: 2) == 0.5)
  }

  @Test("yes or no: a logit of 0 is no") func binary() throws {
    let logits = Tensor([2, -1, 0, 3, -2, 1] as [Float])
    let target = Tensor([1, 1, 1, 0, 0, 0.9] as [Float])
    // Two found, one claimed wrongly, two missed, one rightly not claimed.
    #expect(try value(.accuracy, .binaryCrossEntropy(), logits, target, batchSize: 4) == 0.5)
    #expect(try value(.f1, .binaryCrossEntropy(), logits, target, batchSize: 4) == 0.571_428_571_428_571_4)
    #expect(try value(.f1, .binaryCrossEntropy(), Tensor([-1] as [Float]), Tensor.zeros([1]), batchSize: 1) == 0)
  }

  @Test("differences") func differences() throws {
    let (prediction, target) = (Tensor([1, 2, 3, 4] as [Float]), Tensor([1, 4, 0, 4] as [Float]))
    #expect(try value(.rootMeanSquaredError, .huber(), prediction, target, batchSize: 3) == 3.25.squareRoot())
    #expect(try value(.meanAbsoluteError, .l1, prediction, target, batchSize: 3) == 1.25)
  }

  @Test("what is better", arguments: Metric.allCases) func better(metric: Metric) {
    let larger = [.accuracy, .topFive, .f1].contains(metric)
    #expect(metric.isBetter(0.9, than: 0.8) == larger)
    #expect(metric.isBetter(0.8, than: 0.9) != larger)
    #expect(!metric.isBetter(.nan, than: 0.5))
  }
}
