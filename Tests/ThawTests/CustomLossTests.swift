import Testing
import Thaw

/// A loss of one's own, written in tensor operations: the trainer differentiates it like any other.
@Suite("A custom loss") struct CustomLossTests {
  /// What is missed above costs `quantile`, what is missed below the rest (Koenker and Bassett, Regression Quantiles, 1978).
  private static func pinball(_ quantile: Double) -> Loss {
    .custom("pinball") { prediction, target in
      let missed = target - prediction
      return Tensor.where(missed .> 0, missed * quantile, missed * (quantile - 1)).mean()
    }
  }

  private static let xs: [Float] = [1, 2, -1, 0.5]
  private static let targets: [Float] = [2, 1, 3, -1]

  private func model() throws -> Model {
    let w = Parameter("w", Tensor([0.5], shape: [1, 1]))
    return try Model(
      try Graph.record(inputs: ["x": .float32("N", 1)], output: "y", parameters: [w]) { $0.matmul(try w.value()) })
  }

  private let data: Dataset = ["x": Tensor(xs, shape: [4, 1]), "target": Tensor(targets, shape: [4, 1])]

  @Test("its first step is the one by hand") func step() throws {
    let model = try model()
    let trainer = try Trainer(model, loss: Self.pinball(0.9), optimizer: .sgd(0.1))
    #expect(trainer.evaluator.loss.name == "pinball")
    try trainer.fit(data, epochs: 1, batching: Batching(size: 4, order: .asGiven))
    let slopes = zip(Self.xs, Self.targets).map { x, target in target - 0.5 * x > 0 ? -0.9 * x : 0.1 * x }
    let expected = 0.5 - 0.1 * slopes.reduce(0, +) / 4
    #expect(abs(try Float(model.parameters["w"]?.value().detach().item() ?? .nan) - expected) < 1e-6)
  }

  @Test("training makes it small") func training() throws {
    let tripled: Dataset = [
      "x": Tensor(Self.xs, shape: [4, 1]), "target": Tensor(Self.xs.map { 3 * $0 }, shape: [4, 1]),
    ]
    let trainer = try Trainer(try model(), loss: Self.pinball(0.5), optimizer: .sgd(0.1))
    let before = try trainer.evaluate(tripled).loss
    try trainer.fit(tripled, epochs: 40)
    #expect(try trainer.evaluate(tripled).loss < before / 4)
  }

  @Test("an error in it ends the run with its message") func failure() throws {
    let loss = Loss.custom("wrong") { prediction, target in prediction.matmul(target) }
    let error = #expect(throws: (any Error).self) {
      let trainer = try Trainer(try model(), loss: loss, optimizer: .sgd(0.1))
      try trainer.fit(data, epochs: 1)
    }
    #expect(error.map { "\($0)" }?.contains("MatMul") == true)
  }
}
