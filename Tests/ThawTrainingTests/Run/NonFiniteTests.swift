import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("A number that is not finite stops the run and is traced to its operator") struct NonFiniteTests {
  /// A model of `x`, float32[N, 2], and a weight, by default [1, 1]; data whose first row is special; and the error.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var row: [Float] = [1, 1]
    var weight: [Float] = [1, 1]
    var learningRate = 0.1
    var loss = Loss.meanSquaredError
    let model: @Sendable (_ x: Tensor, _ w: Tensor) throws -> Tensor
    let message: String
  }

  private static let advice = "nothing was saved; lower the learning rate, or look for extreme numbers in the data"

  static let all: [Case] = [
    Case(
      testDescription: "a logarithm of 0", row: [0, 1],
      model: { x, w in (x * w).log() + 1 },
      message: "the loss became inf in epoch 1, step 1: \(advice) (the node 'Log_1' (Log) made -inf in its output "
        + "'value_3' of finite numbers)"),
    Case(
      testDescription: "an infinite constant is none", row: [-1, 1],
      model: { x, w in
        let masked = Tensor.where(x .> -10, x * w, Tensor([-Float.infinity] as [Float]))
        return masked.sqrt()
      },
      message: "the loss became nan in epoch 1, step 1: \(advice) (the node 'Sqrt_3' (Sqrt) made nan in its output "
        + "'y' of finite numbers)"),
    Case(
      testDescription: "NaN of infinities",
      model: { x, w in
        let infinite = x * w * Tensor([Float.infinity] as [Float])
        return x + infinite - infinite
      },
      message: "the loss became nan in epoch 1, step 1: \(advice) (the node 'Sub_3' (Sub) made nan in its output 'y')"),
    Case(
      testDescription: "the loss itself", row: [1, 1],
      loss: .custom("broken") { prediction, target in (prediction - target).sum().log() },
      model: { x, w in x * w * 0 },
      message: "the loss became -inf in epoch 1, step 1: \(advice) (the loss broken made it of a finite prediction)"),
    Case(
      testDescription: "a parameter", weight: [.nan, 1], model: { x, w in x * w },
      message: "the loss became nan in epoch 1, step 1: \(advice) (the parameter 'w' holds nan since an earlier step)"),
    Case(
      testDescription: "the gradient of a root at 0", row: [0, 1], model: { x, w in (x * w).sqrt() + 1 },
      message: "the gradient of the parameter 'w' became nan in epoch 1, step 1: \(advice) (Function 'SqrtBackward0' "
        + "returned inf values in its 0th output. It is the gradient of Sqrt, node 'Sqrt_1', operation "),
    Case(
      testDescription: "a step that is too large", learningRate: 1e39, model: { x, w in x * w * 2 },
      message: "the parameter 'w' became -inf in epoch 1, step 1: \(advice) (its gradient is finite, and the step was "
        + "too large)"),
  ]

  @Test("it is named, and the model keeps its values", arguments: all) func named(row: Case) throws {
    let w = Parameter("w", Tensor(row.weight))
    let model = try Model(
      Graph.record(inputs: ["x": .float32("N", 2)], output: "y", parameters: [w]) { try row.model($0, w.value()) })
    let trainer = try Trainer(model, loss: row.loss, optimizer: .sgd(row.learningRate, momentum: 0.9))
    let data: Dataset = ["x": Tensor(row.row + [1, 1], shape: [2, 2]), "target": Tensor.zeros([2, 2])]
    do {
      try trainer.fit(data, epochs: 3, batching: Batching(size: 2, order: .asGiven))
      Issue.record("no error")
    } catch let error as TrainingError {
      #expect(error.kind == .nonFinite)
      #expect(error.message.hasPrefix(row.message), "\(error.message)")
    }
    let kept = try #require(model.parameters["w"]).value().elements(as: Float.self)
    #expect(kept.map(\.bitPattern) == row.weight.map(\.bitPattern))
    // Nothing is remembered of a step that was not taken.
    #expect(trainer.optimizer.state.isEmpty)
  }

  @Test("running statistics stay as before the step") func statistics() throws {
    let (scale, bias) = (Parameter("scale", Tensor.ones([1])), Parameter("bias", Tensor.zeros([1])))
    let (mean, variance) = (
      Parameter("mean", Tensor.zeros([1]), role: .buffer), Parameter("var", Tensor.ones([1]), role: .buffer)
    )
    let graph = try Graph.record(
      inputs: ["x": .float32("N", 1, 1)], output: "y", parameters: [scale, bias, mean, variance]
    ) { x in
      try apply(BatchNormalization(), to: x, scale.value(), bias.value(), mean.value(), variance.value()).log()
    }
    let model = try Model(graph)
    let trainer = try Trainer(
      model, loss: .meanSquaredError, optimizer: .sgd(0.1), batchNormalization: .train)
    let data: Dataset = ["x": Tensor([1, 5] as [Float], shape: [2, 1, 1]), "target": Tensor.zeros([2, 1, 1])]
    #expect(throws: TrainingError.self) { try trainer.fit(data, epochs: 1) }
    #expect(try model.parameters["mean"]?.value().item() == 0)
    #expect(try model.parameters["var"]?.value().item() == 1)
  }
}
