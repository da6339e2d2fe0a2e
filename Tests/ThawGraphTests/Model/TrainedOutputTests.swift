import Testing
import ThawONNX
import ThawTensor

@testable import ThawGraph

/// What makes a model's output, and which activation the loss passes over then.
struct OutputRow: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let skipped: String?
  let body: @Sendable (Tensor) throws -> Tensor

  init(_ description: String, skipped: String?, _ body: @escaping @Sendable (Tensor) throws -> Tensor) {
    (testDescription, self.skipped, self.body) = (description, skipped, body)
  }
}

@Suite("What a loss reads of a model") struct TrainedOutputTests {
  private let weight = Parameter("w", Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]))

  private func model(outputs: [String] = ["y"], _ body: ([Tensor]) throws -> [Tensor]) throws -> Model {
    let graph = try Graph.record(inputs: ["x": .float32("N", 2)], outputs: outputs, parameters: [weight]) { x in
      try body([x[0].matmul(try weight.value())])
    }
    return try Model(graph)
  }

  static let rows: [OutputRow] = [
    OutputRow("plain", skipped: nil) { $0 },
    OutputRow("Softmax", skipped: "Softmax") { $0.softmax() },
    OutputRow("LogSoftmax", skipped: "LogSoftmax") { $0.logSoftmax() },
    OutputRow("Sigmoid", skipped: "Sigmoid") { $0.sigmoid() },
    OutputRow("Softmax, Identity", skipped: "Softmax") { try apply(Identity(), to: $0.softmax()) },
    OutputRow("Relu", skipped: nil) { $0.relu() },
    OutputRow("Softmax, Reshape", skipped: nil) { $0.softmax().reshaped(to: Tensor([-1, 2])) },
  ]

  @Test("logits are read before a final activation", arguments: rows)
  func logits(row: OutputRow) throws {
    let model = try model { [try row.body($0[0])] }
    let output = try model.trainedOutput(fromLogits: true)
    #expect(output.skippedActivation == row.skipped)
    let read = try model.run(["x": .tensor(Tensor([1, 1] as [Float], shape: [1, 2]))], targets: [output.target])
    let isLogits = try read[0].tensor?.elements(as: Float.self) == [4, 6]
    #expect(isLogits == (row.skipped != nil || row.testDescription != "Softmax, Reshape"))
    #expect(try model.trainedOutput(fromLogits: false).skippedActivation == nil)
  }

  @Test("of several outputs the one that the others are made of, or the one that is named")
  func several() throws {
    let model = try model(outputs: ["label", "other", "score"]) {
      [$0[0].argMax(axis: 1), $0[0].relu(), $0[0]]
    }
    let output = try model.trainedOutput(fromLogits: true)
    #expect(output.name == "score" && output.others == ["label", "other"])
    #expect(try model.trainedOutput(fromLogits: false).name == "score")
    #expect(try model.trainedOutput("other", fromLogits: true).name == "other")
    #expect(throws: ModelError(.name, "the model has no output 'x'; it has 'label', 'other', 'score'")) {
      try model.trainedOutput("x", fromLogits: true)
    }
  }

  @Test("probabilities of the same logits are the same to a loss that reads logits, and are not to another")
  func sameLogits() throws {
    let model = try model(outputs: ["p", "log p"]) { [$0[0].softmax(), $0[0].logSoftmax()] }
    #expect(try model.trainedOutput(fromLogits: true).name == "p")
    #expect(throws: ModelError(.request, Self.unclear("'p' (float32[N, 2]), 'log p' (float32[N, 2])"))) {
      try model.trainedOutput(fromLogits: false)
    }
  }

  private static func unclear(_ list: String) -> String {
    "the model has several floating outputs, and which one is meant is not clear: \(list); name one (--output NAME)"
  }

  @Test("an output that a parameter or the input leads to as well is another one")
  func unclear() throws {
    let list = "'a' (float32[N, 2]), 'b' (float32[N, 2])"
    let byWeight = try model(outputs: ["a", "b"]) { [$0[0], $0[0].matmul(try weight.value())] }
    #expect(throws: ModelError(.request, Self.unclear(list))) { try byWeight.trainedOutput(fromLogits: true) }
    #expect(throws: ModelError(.request, Self.unclear(list))) { try byWeight.resettingHead(classes: 3) }
    #expect(throws: ModelError(.request, Self.unclear(list))) { try byWeight.trainLast(1) }
    let byInput = try Model(
      Graph.record(inputs: ["x": .float32("N", 2)], outputs: ["a", "b"], parameters: [weight]) { x in
        let a = x[0].matmul(try weight.value())
        return [a, a + x[0]]
      })
    #expect(throws: ModelError(.request, Self.unclear(list))) { try byInput.trainedOutput(fromLogits: true) }
  }

  @Test("without a floating output there is nothing to train")
  func noFloating() throws {
    let model = try model(outputs: ["label"]) { [$0[0].argMax(axis: 1)] }
    #expect(
      throws: ModelError(
        .request, "the model has no floating output that could be trained; it has 'label' (int64[N])")
    ) { try model.trainedOutput(fromLogits: true) }
  }

  @Test("a dimension named ? may be another size wherever it stands")
  func questionMark() throws {
    var proto = try model { $0 }.proto
    let shape = TensorShapeProto([.symbol("?"), .symbol("?")])
    var type = TypeProto.Tensor()
    (type.elemType, type.shape) = (1, shape)
    proto.graph?.input[0].type = TypeProto(.tensor(type))
    #expect(try Model(proto)(["x": Tensor.ones([3, 2])])["y"].shape == [3, 2])
  }

  @Test("a gradient reaches what leads to the output, and passes no operator without one")
  func gradientPath() throws {
    let bias = Parameter("b", Tensor([1, 2] as [Float]))
    let lost = Parameter("lost", Tensor([1, 2] as [Float]))
    let graph = try Graph.record(
      inputs: ["x": .float32("N", 2)], outputs: ["y", "z"], parameters: [weight, bias, lost]
    ) { x in
      let y = x[0].matmul(try weight.value()) + (try bias.value())
      return [y, y * (try lost.value())]
    }
    let model = try Model(graph)
    func path(_ name: String) throws -> GradientPath {
      model.gradientPath(to: try model.trainedOutput(name, fromLogits: true))
    }
    #expect(try path("y").reached.map(\.name).sorted() == ["b", "w"])
    #expect(try path("y").unreached.map(\.name) == ["lost"])
    #expect(try path("z").unreached.isEmpty)
    #expect(try path("z").missingGradients.isEmpty)
  }
}
