import Testing
import ThawGraph
import ThawTensor
import ThawTypes

@testable import ThawTraining

@Suite("Losses in training") struct LossTrainingTests {
  /// `y` = x · w, x float32[N, 2], three columns.
  private func model() throws -> Model {
    let w = Parameter("w", Tensor([1, -2, 3, 0.5, 0.2, -1] as [Float], shape: [2, 3]))
    return try Model(
      Graph.record(inputs: ["x": .float32("N", 2)], output: "y", parameters: [w]) { $0.matmul(try w.value()) })
  }

  private let x = Tensor([1, 2, -1, 0.5, 3, -2, 0.1, 1, 2, 2] as [Float], shape: [5, 2])

  @Test("weighed and ignored labels: the mean over the data, whatever the batches", arguments: 1...5)
  func weights(batchSize: Int) throws {
    let weights = [0.5, 2, 1]
    let loss = Loss.crossEntropy(classWeights: weights, ignoreIndex: 7)
    let labels = Tensor([2, 7, 0, 1, 7])
    let logits = try model()(["x": x])["y"]
    let expected = try crossEntropy(
      logits, labels, classWeights: Tensor(elements: weights).cast(to: .float32), ignoreIndex: 7
    ).item()
    let evaluation = try Evaluator(model(), loss: loss).evaluate(["x": x, "target": labels], batchSize: batchSize)
    #expect(abs(evaluation.loss - expected) < 1e-6)
    #expect(evaluation.sampleCount == 5)
  }

  @Test("a batch without a label that counts takes no step") func nothingCounts() throws {
    let model = try model()
    let before = try #require(model.parameters["w"]).value().elements(as: Float.self)
    let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.1))
    let data: Dataset = ["x": x, "target": Tensor([-100, -100, -100, -100, -100])]
    #expect(try trainer.fit(data, epochs: 1)[0].evaluation.loss == 0)
    #expect(try model.parameters["w"]?.value().elements(as: Float.self) == before)
  }

  @Test("balanced weights: n / (k · count), a missing class 1") func balanced() throws {
    let evaluator = try Evaluator(model(), loss: .crossEntropy)
    let weights = try evaluator.balancedClassWeights(of: ["x": x, "target": Tensor([0, 0, -100, 0, 2])])
    let expected: [Double] = [2 / 3, 1, 2]
    #expect(weights == expected)
  }

  @Test("a function of one's own, its target as it is") func custom() throws {
    let loss = Loss.custom("first column") { prediction, target in
      let first = prediction.slice(starts: [0], ends: [1], axes: [1]).squeezed(axes: [1])
      return ((first - target) * (first - target)).sum()
    }
    let evaluation = try Evaluator(model(), loss: loss).evaluate(["x": x, "target": Tensor.zeros([5])])
    #expect(evaluation.scores.isEmpty && "\(evaluation)".hasPrefix("loss "))
    // The sum of the squares of x · (1, 0.5): 2, −0.75, 2, 0.6, 3.
    #expect(abs(evaluation.loss - 17.9225) < 1e-5)
    let wrong = "the loss pairs should give one floating number, and gave float32[5, 3]"
    #expect(throws: TrainingError(.setting, wrong)) {
      try Evaluator(model(), loss: .custom("pairs") { $0 - $1 })
        .evaluate(["x": x, "target": Tensor.zeros([5, 3])])
    }
  }

  @Test(
    "16 bits in and out: data is converted, the loss is computed in float32", arguments: [DType.float16, .bfloat16])
  func halves(dtype: DType) throws {
    let w = Parameter("w", try Tensor.full([2, 1], 0.5, dtype: dtype))
    let graph = try Graph.record(inputs: ["x": TensorType(dtype, ["N", 2])], output: "y", parameters: [w]) {
      $0.matmul(try w.value())
    }
    let model = try Model(graph)
    let trainer = try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.01))
    let target = x.matmul(Tensor([1, -1] as [Float], shape: [2, 1]))
    let epochs = try trainer.fit(["x": x, "target": target.squeezed(axes: [1])], epochs: 100)
    let last = try #require(epochs.last)
    #expect(last.evaluation.loss < epochs[0].evaluation.loss / 100)
    #expect(try model.parameters["w"]?.value().dtype == dtype)
  }

  /// Targets, and what is said of them.
  private static let bad: [(loss: Loss, target: Tensor, message: String)] = [
    (
      .binaryCrossEntropy(), Tensor([0, 1, 1, 0, 2, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1], shape: [5, 3]),
      "the data: the array 'target': the value 2.0 in row 1 is not from 0 to 1, as the loss bce needs it"
    ),
    (
      .binaryCrossEntropy(positiveWeights: [1, 2]), Tensor.zeros([5, 3]),
      "2 positive weights were given, and the prediction's shape is [5, 3]: one is needed for all, or one for each "
        + "entry of the last axis"
    ),
    (
      .crossEntropy(classWeights: [1, 2]), Tensor([0, 1, 2, 0, 1]),
      "2 class weights were given, and the model has 3 classes: one is needed for each"
    ),
    (
      .crossEntropy(classWeights: [1, -2, 1]), Tensor([0, 1, 2, 0, 1]),
      "class weights should be numbers of at least 0, one of them above 0, and are 1.0, -2.0, 1.0"
    ),
    (
      .crossEntropy(labelSmoothing: -1), Tensor([0, 1, 2, 0, 1]),
      "the label smoothing should be from 0 to 1 and is -1.0"
    ),
    (
      .negativeLogLikelihood(ignoreIndex: 9), Tensor([0, 9, 3, 0, 1]),
      "the data: the array 'target': the label 3 in row 2 is not one of the 3 classes (0 to 2); reset the head to more "
        + "classes (--reset-head), or correct the target"
    ),
    (.huber(delta: 0), Tensor.zeros([5, 3]), "the delta of the Huber loss should be above 0 and is 0.0"),
    (
      .huber(), Tensor([1, 2, 3, 4, 5]),
      "the data: the array 'target' should be float32 for the loss huber and is int64[5]"
    ),
  ]

  @Test("what is wrong is named", arguments: bad.indices) func refused(index: Int) throws {
    let row = Self.bad[index]
    do {
      _ = try Evaluator(model(), loss: row.loss).evaluate(["x": x, "target": row.target])
      Issue.record("no error")
    } catch {
      #expect("\(error)" == row.message)
    }
  }

  @Test("a metric without a meaning") func metric() throws {
    let message = "the metric top-5 has no meaning for the loss bce; those that have are accuracy, f1"
    #expect(throws: TrainingError(.setting, message)) {
      try Evaluator(model(), loss: .binaryCrossEntropy(), metrics: [.topFive])
    }
  }
}
