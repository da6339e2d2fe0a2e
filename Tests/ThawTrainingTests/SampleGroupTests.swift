import Testing
import ThawGraph
import ThawONNX
import ThawTensor

@testable import ThawTraining

@Suite("Models for a fixed number of samples, and inputs without samples") struct SampleGroupTests {
  enum Form: Sendable, CaseIterable {
    /// No number is declared.
    case free
    /// 4 is declared, and nothing holds it.
    case declared
    /// 4 is declared, and a Reshape holds it.
    case held
  }

  /// `y` = relu(x · w) · v, x float32[N or 4, 2].
  private func model(_ form: Form) throws -> Model {
    let w = Parameter("w", try RandomGenerator(seed: 1).uniform([2, 6], from: -1, to: 1))
    let v = Parameter("v", try RandomGenerator(seed: 2).uniform([6, 3], from: -1, to: 1))
    let type: TensorType = form == .free ? .float32("N", 2) : .float32(4, 2)
    return try Model(
      Graph.record(inputs: ["x": type], output: "y", parameters: [w, v]) { x in
        let hidden = x.matmul(try w.value()).relu()
        return (form == .held ? hidden.reshaped(to: Tensor([4, 6])) : hidden).matmul(try v.value())
      })
  }

  private func data(_ count: Int) throws -> Dataset {
    [
      "x": try RandomGenerator(seed: 3).uniform([count, 2], from: -1, to: 1),
      "target": Tensor((0..<count).map { $0 % 3 }),
    ]
  }

  @Test("the same numbers as any number at a time", arguments: [Form.declared, .held], [1, 3, 4, 6, 9, 32])
  func sameNumbers(form: Form, batchSize: Int) throws {
    func trained(_ form: Form) throws -> (before: Evaluation, after: Evaluation, values: [Double], notes: BatchSize) {
      let model = try model(form)
      let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.1, momentum: 0.9))
      let before = try trainer.evaluate(data(9), batchSize: batchSize)
      try trainer.fit(data(9), epochs: 3, batching: Batching(size: batchSize))
      let values = try model.parameters.flatMap { try $0.value().elements(as: Double.self) }
      return (before, try trainer.evaluate(data(9), batchSize: batchSize), values, trainer.evaluator.batchSize)
    }
    let (expected, actual) = (try trained(.free), try trained(form))
    #expect(expected.notes == .any)
    #expect(actual.notes == (form == .held ? .fixed(4, holder: "node 'Reshape_2' (Reshape)") : .freed(declared: 4)))
    #expect(actual.before.sampleCount == 9 && actual.before[.accuracy] == expected.before[.accuracy])
    #expect(abs(actual.before.loss - expected.before.loss) < 1e-6)
    #expect(abs(actual.after.loss - expected.after.loss) < 1e-5)
    for (one, other) in zip(actual.values, expected.values) { #expect(abs(one - other) < 1e-5) }
  }

  @Test("an output whose first axis does not count the samples")
  func otherAxis() throws {
    let w = Parameter("w", Tensor.ones([2, 3]))
    let model = try Model(
      Graph.record(inputs: ["x": .float32(4, 2)], output: "y", parameters: [w]) {
        $0.matmul(try w.value()).transposed([1, 0])
      })
    let evaluator = try Evaluator(model, loss: .meanSquaredError)
    let data: Dataset = ["x": Tensor.ones([6, 2]), "target": Tensor.ones([6, 3])]
    let message =
      "the output 'y' is float32[3, 4] for 4 samples, and its first axis should count them: give a multiple of 4 "
      + "samples, and 4 as the batch size"
    #expect(throws: TrainingError(.model, message)) { try evaluator.evaluate(data) }
  }

  @Test("an input that is the same for every sample is not sliced")
  func given() throws {
    let w = Parameter("w", Tensor([1, 1] as [Float], shape: [2, 1]))
    let model = try Model(
      Graph.record(
        inputs: ["x": .float32("N", 2), "factor": .float32([]), "offset": .float32([1])], outputs: ["y"],
        parameters: [w]
      ) { [$0[0].matmul(try w.value()) * $0[1] + $0[2]] })
    let given = ["factor": Tensor(3 as Float), "offset": Tensor([0.5] as [Float])]
    let trainer = try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.0005), inputs: given)
    let x = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])
    let exact: Dataset = ["x": x, "target": Tensor([9.5, 21.5, 33.5] as [Float], shape: [3, 1])]
    #expect(try trainer.evaluate(exact, batchSize: 2).loss == 0)
    let other: Dataset = ["x": x, "target": Tensor.zeros([3, 1])]
    let before = try trainer.evaluate(other).loss
    try trainer.fit(other, epochs: 2, batching: Batching(size: 2))
    #expect(try trainer.evaluate(other).loss < before)
  }

  @Test("a parameter that is given cannot train")
  func givenParameter() throws {
    let (w, scale) = (Parameter("w", Tensor.ones([2])), Parameter("scale", Tensor.ones([2])))
    var proto = try Model(
      Graph.record(inputs: ["x": .float32("N", 2)], output: "y", parameters: [w, scale]) {
        $0 * (try w.value()) * (try scale.value())
      }
    ).proto
    let input = proto.graph?.input[0]
    proto.graph?.input.append(ValueInfoProto(name: "scale", type: input?.type))
    let model = try Model(proto)
    func trainer() throws -> Trainer {
      try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.1), inputs: ["scale": Tensor.ones([1, 2])])
    }
    let message = "the input 'scale' is given, and it is a parameter that trains: freeze it"
    #expect(throws: TrainingError(.setting, message)) { try trainer() }
    try model.freeze("scale")
    #expect(try trainer().evaluator.inputs.count == 1)
  }
}
