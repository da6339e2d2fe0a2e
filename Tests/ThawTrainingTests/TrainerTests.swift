import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("The trainer") struct TrainerTests {
  /// `y` = relu(x · w1 + b1) · w2 + b2, x float32[N, 2].
  private func model() throws -> Model {
    let w1 = Parameter("body.w", try RandomGenerator(seed: 1).uniform([2, 8], from: -1, to: 1))
    let b1 = Parameter("body.b", Tensor.zeros([8]))
    let w2 = Parameter("head.w", try RandomGenerator(seed: 2).uniform([8, 2], from: -1, to: 1))
    let b2 = Parameter("head.b", Tensor.zeros([2]))
    let graph = try Graph.record(inputs: ["x": .float32("N", 2)], output: "y", parameters: [w1, b1, w2, b2]) { x in
      (x.matmul(try w1.value()) + (try b1.value())).relu().matmul(try w2.value()) + (try b2.value())
    }
    return try Model(graph)
  }

  /// Points, labelled by the side of a line they lie on.
  private func data(_ count: Int = 50) throws -> Dataset {
    let x = try RandomGenerator(seed: 3).uniform([count, 2], from: -1, to: 1)
    let points = try x.elements(as: Float.self)
    return ["x": x, "target": Tensor((0..<count).map { points[2 * $0] > points[2 * $0 + 1] ? 1 : 0 })]
  }

  @Test("learns, reports, and leaves frozen parameters as they are")
  func fit() throws {
    let model = try model()
    try model.freeze("body.*")
    let frozen = try #require(model.parameters["body.w"]).value().elements(as: Float.self)
    let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.1, momentum: 0.9))
    let before = try trainer.evaluate(data())
    var steps: [TrainingProgress] = []
    let epochs = try trainer.fit(data(), epochs: 20, batching: Batching(size: 16)) { steps.append($0) }
    let after = try trainer.evaluate(data())
    #expect(epochs.map(\.epoch) == Array(1...20))
    #expect(steps.count == 20 * 4)
    #expect(steps[3].step == 4 && steps[3].steps == 4 && steps[4].epoch == 2)
    #expect(after.loss < before.loss / 2 && (after[.accuracy] ?? 0) > 0.9 && after.sampleCount == 50)
    #expect(try model.parameters["body.w"]?.value().elements(as: Float.self) == frozen)
    #expect("\(epochs[0])".hasPrefix("epoch 1/20: loss "))
  }

  @Test(
    "the loop of the README: the same bits as the trainer's, compiled the same to rounding",
    arguments: [(Execution.eager, 0.0), (.compiled, 1e-6)])
  func byHand(execution: Execution, bound: Double) throws {
    let trained = try model()
    let trainer = try Trainer(
      trained, loss: .crossEntropy, optimizer: .sgd(0.1, momentum: 0.9), execution: execution)
    let data = try data(8)
    try trainer.fit(data, epochs: 3, batching: Batching(size: 8, order: .asGiven))

    let model = try model()
    var optimizer = SGD(model.parameters, learningRate: 0.1, momentum: 0.9)
    let (x, labels) = (try #require(data["x"]), try #require(data["target"]))
    for _ in 0..<3 {
      let loss = crossEntropy(try model(["x": x])["y"], labels)
      try loss.backward()
      optimizer.step()
      model.zeroGrad()
    }
    for (one, other) in zip(trained.parameters, model.parameters) {
      let pairs = zip(try one.value().elements(as: Double.self), try other.value().elements(as: Double.self))
      #expect(pairs.allSatisfy { abs($0 - $1) <= bound * max(1, abs($1)) }, "\(one.name)")
    }
  }

  @Test("the same seed gives the same model, another seed another")
  func seeds() throws {
    func weights(_ seed: UInt64) throws -> [Float] {
      let model = try model()
      try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.1))
        .fit(data(), epochs: 2, batching: Batching(size: 8, order: .shuffled(seed: seed)))
      return try model.parameters.flatMap { try $0.value().elements(as: Float.self) }
    }
    #expect(try weights(1) == weights(1))
    #expect(try weights(1) != weights(2))
  }

  @Test("a loss that is no number stops the run, and names the step")
  func nonFinite() throws {
    let trainer = try Trainer(model(), loss: .meanSquaredError, optimizer: .sgd(1e20))
    let data: Dataset = ["x": Tensor.ones([4, 2]), "target": Tensor.ones([4, 2])]
    do {
      try trainer.fit(data, epochs: 50)
      Issue.record("no error")
    } catch let error as TrainingError {
      #expect(error.kind == .nonFinite)
      #expect(error.message.hasPrefix("the loss became "))
      #expect(error.message.contains(" in epoch "))
    }
  }

  @Test("the root mean square error")
  func rmse() throws {
    let w = Parameter("w", Tensor([1] as [Float], shape: [1, 1]))
    let model = try Model(
      Graph.record(inputs: ["x": .float32("N", 1)], output: "y", parameters: [w]) { $0.matmul(try w.value()) })
    let data: Dataset = [
      "x": Tensor([1, 2, 3] as [Float], shape: [3, 1]), "target": Tensor([1, 5, 7] as [Float], shape: [3, 1]),
    ]
    // Differences 0, 3, 4, whatever the size of the batches.
    for batchSize in 1...4 {
      let evaluation = try Evaluator(model, loss: .meanSquaredError).evaluate(data, batchSize: batchSize)
      #expect(abs(try #require(evaluation[.rootMeanSquaredError]) - (25.0 / 3).squareRoot()) < 1e-6)
      #expect(abs(evaluation.loss - 25.0 / 3) < 1e-5)
    }
  }

  @Test("nothing trainable: the error tells how to unfreeze")
  func nothingTrains() throws {
    let model = try model()
    try model.freeze("*")
    do {
      _ = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.1))
      Issue.record("no error")
    } catch let error as TrainingError {
      #expect(error.kind == .model)
      #expect(error.message.hasPrefix("nothing in the model is trainable (4 floating tensors, as written in the file)"))
      #expect(error.message.hasSuffix("`thaw unfreeze MODEL PATTERN -o OUT`"))
    }
  }

  @Test("what no gradient reaches is told")
  func unreached() throws {
    let (w, other) = (Parameter("w", Tensor([1, 2] as [Float])), Parameter("other", Tensor([1, 2] as [Float])))
    let graph = try Graph.record(
      inputs: ["x": .float32("N", 2)], outputs: ["y", "z"], parameters: [w, other]
    ) { [$0[0] * (try w.value()), $0[0] * (try other.value())] }
    let model = try Model(graph)
    func trainer(_ output: String) throws -> Trainer {
      try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.1), output: output)
    }
    #expect(try trainer("y").unreached.map(\.name) == ["other"])
    try model.freeze("w")
    let message =
      "no gradient of the output 'y' reaches a trainable parameter (other): train another output, or unfreeze other "
      + "parameters"
    #expect(throws: TrainingError(.model, message)) { try trainer("y") }
    let z = try trainer("z")
    #expect(z.unreached.isEmpty && z.evaluator.output.others == ["y"])
  }

  @Test("no epochs change nothing, fewer are an error")
  func epochs() throws {
    let trainer = try Trainer(model(), loss: .crossEntropy, optimizer: .sgd(0.1))
    #expect(try trainer.fit(data(), epochs: 0).isEmpty)
    #expect(throws: TrainingError(.setting, "the number of epochs should not be negative: -1")) {
      try trainer.fit(data(), epochs: -1)
    }
  }
}

@Suite("BatchNormalization in training") struct BatchNormalizationModeTests {
  /// `y` = normalized x, float32[N, 1, 1], statistics 0 and 1.
  private func model() throws -> Model {
    let (scale, bias) = (Parameter("scale", Tensor.ones([1])), Parameter("bias", Tensor.zeros([1])))
    let (mean, variance) = (
      Parameter("mean", Tensor.zeros([1]), role: .buffer), Parameter("var", Tensor.ones([1]), role: .buffer)
    )
    let graph = try Graph.record(
      inputs: ["x": .float32("N", 1, 1)], output: "y", parameters: [scale, bias, mean, variance]
    ) { x in
      try apply(
        BatchNormalization(epsilon: 0, momentum: 0.75), to: x, scale.value(), bias.value(), mean.value(),
        variance.value())
    }
    return try Model(graph)
  }

  /// Mean 3, population variance 4.
  private let data: Dataset = [
    "x": Tensor([1, 5] as [Float], shape: [2, 1, 1]), "target": Tensor([0, 0] as [Float], shape: [2, 1, 1]),
  ]

  @Test("frozen: the file's statistics, which stay")
  func frozen() throws {
    let model = try model()
    let trainer = try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.01))
    // y = x: the mean of 1 and 25.
    #expect(try trainer.fit(data, epochs: 1)[0].evaluation.loss == 13)
    #expect(try model.parameters["mean"]?.value().item() == 0)
    #expect(try model.parameters["var"]?.value().item() == 1)
    #expect(try model.parameters["scale"]?.value().item() != 1)
  }

  @Test("train: the batch's statistics, and the running ones follow by ONNX's rule")
  func train() throws {
    let model = try model()
    let trainer = try Trainer(
      model, loss: .meanSquaredError, optimizer: .sgd(0.01), batchNormalization: .train)
    // y = ±1.
    #expect(abs(try trainer.fit(data, epochs: 1)[0].evaluation.loss - 1) < 1e-6)
    #expect(abs(try #require(model.parameters["mean"]).value().item() - 0.25 * 3) < 1e-6)
    #expect(abs(try #require(model.parameters["var"]).value().item() - (0.75 + 0.25 * 4)) < 1e-6)
    // Evaluation takes the running ones, and leaves them.
    _ = try trainer.evaluate(data)
    #expect(abs(try #require(model.parameters["mean"]).value().item() - 0.75) < 1e-6)
  }
}
