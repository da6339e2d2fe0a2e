import Testing
import ThawGraph
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawTraining

@Suite("Dropout in training") struct DropoutModeTests {
  /// How a file writes a Dropout, exported for use or for training.
  enum Form: String, CaseIterable, Sendable {
    case opset17, opset17NotTraining, opset17Training, opset11, opset6, opset6Training
  }

  /// `y` = Dropout(x · w), x float32[N, 100], w the identity.
  private func model(_ form: Form = .opset17, ratio: Float = 0.25) throws -> Model {
    var dropout = NodeProto("Dropout", input: ["z"], output: ["y"], name: "drop")
    var initializers = [try tensor("w", identity)]
    switch form {
    case .opset17, .opset17NotTraining, .opset17Training:
      initializers.append(try tensor("ratio", Tensor([ratio], shape: [])))
      dropout.input.append("ratio")
      if form != .opset17 {
        initializers.append(try tensor("trains", Tensor([form == .opset17Training], shape: [])))
        dropout.input.append("trains")
      }
    case .opset11, .opset6, .opset6Training:
      var attribute = AttributeProto()
      (attribute.name, attribute.type, attribute.f) = ("ratio", .float, ratio)
      dropout.attribute = [attribute]
      if form == .opset6 {
        var isTest = AttributeProto()
        (isTest.name, isTest.type, isTest.i) = ("is_test", .int, 1)
        dropout.attribute.append(isTest)
      }
    }
    var type = TypeProto.Tensor()
    type.elemType = DType.float32.rawValue
    type.shape = TensorShapeProto([.symbol("N"), .value(100)])
    var graph = GraphProto()
    graph.name = "g"
    graph.node = [NodeProto("MatMul", input: ["x", "w"], output: ["z"], name: "scale"), dropout]
    graph.initializer = initializers
    graph.input = [ValueInfoProto(name: "x", type: TypeProto(.tensor(type)))]
    graph.output = [ValueInfoProto(name: "y", type: TypeProto(.tensor(type)))]
    var model = ModelProto()
    model.irVersion = 8
    let opset: Int64 = form.rawValue.hasPrefix("opset17") ? 17 : form == .opset11 ? 11 : 6
    model.opsetImport = [OperatorSetIdProto(domain: "", version: opset)]
    model.graph = graph
    return try Model(model)
  }

  private let identity = Tensor((0..<10_000).map { $0 % 101 == 0 ? 1 : 0 } as [Float], shape: [100, 100])

  private func tensor(_ name: String, _ value: Tensor) throws -> TensorProto {
    var proto = TensorProto()
    proto.name = name
    proto.dims = value.shape.map(Int64.init)
    proto.dataType = value.dtype.rawValue
    proto.rawData = try value.contiguous().withBytes { ByteRegion(Array($0)) }
    return proto
  }

  private let drawing = NodeModes(batchNormalization: .frozen, dropout: .drawing)
  private let x = Tensor.ones([40, 100])

  private func output(_ model: Model, _ modes: NodeModes, seed: UInt64 = 0) throws -> Tensor {
    let evaluator = try Evaluator(model, loss: .meanSquaredError)
    return try evaluator.predict(["x": .tensor(x)], modes: modes, seed: seed)
  }

  @Test("every form draws in training: the ratio's share is 0, the others scaled", arguments: Form.allCases)
  func draws(form: Form) throws {
    let values = try output(model(form), drawing).elements(as: Float.self)
    #expect(Set(values) == [0, Float(1 / 0.75)])
    // 4,000 draws: the deviation is 0.007.
    let dropped = Double(values.count { $0 == 0 }) / Double(values.count)
    #expect(abs(dropped - 0.25) < 0.035, "\(dropped)")
  }

  @Test("no form draws where it is measured or switched off", arguments: Form.allCases)
  func inference(form: Form) throws {
    #expect(try output(model(form), .inference).elements(as: Float.self).allSatisfy { $0 == 1 })
    let data: Dataset = ["x": x, "target": x]
    #expect(try Evaluator(model(form), loss: .meanSquaredError).evaluate(data, batchSize: 7).loss == 0)
    // Where nothing is dropped the loss is 0, and so is every gradient.
    let trainer = try Trainer(model(form), loss: .meanSquaredError, optimizer: .sgd(1), dropout: .off)
    #expect(try trainer.fit(data, epochs: 1)[0].evaluation.loss == 0)
  }

  @Test("the gradient is dropped where the forward pass was, and scaled alike", arguments: Form.allCases)
  func gradient(form: Form) throws {
    let model = try model(form)
    let prediction = try output(model, drawing)
    try prediction.sum().backward()
    let expected = try prediction.detach().sum(axes: [0], keepDims: false).elements(as: Double.self)
    let found = try #require(model.parameters["w"]?.grad).elements(as: Double.self)
    try #require(found.count == 10_000 && expected.count == 100)
    for (index, found) in found.enumerated() { #expect(abs(found - expected[index % 100]) < 1e-4) }
  }

  @Test("a ratio of 0 draws nothing") func zero() throws {
    for form in Form.allCases {
      #expect(try output(model(form, ratio: 0), drawing).elements(as: Float.self).allSatisfy { $0 == 1 })
    }
  }

  @Test("a ratio of 1 is an error that names the node") func one() throws {
    let error = #expect(throws: TensorError.self) { try output(model(ratio: 1), drawing) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("node 'drop'"))
  }

  @Test("what is drawn is a function of the seed and of the node") func seeds() throws {
    let model = try model()
    let first = try output(model, drawing, seed: 1).elements(as: Float.self)
    #expect(try output(model, drawing, seed: 1).elements(as: Float.self) == first)
    #expect(try output(model, drawing, seed: 2).elements(as: Float.self) != first)

    // Two nodes of the same size draw different masks.
    let graph = try Graph.record(inputs: ["x": .float32("N", 100)], outputs: ["y", "z"]) {
      [$0[0].dropout(training: false), $0[0].dropout(training: false)]
    }
    let two = try Model(graph)
    let targets = try ["y", "z"].map { try two.trainedOutput($0, fromLogits: false).target }
    let values = try two.run(["x": .tensor(x)], targets: targets, modes: drawing, seed: 1)
    #expect(
      try values[0].tensor?.elements(as: Float.self) != values[1].tensor?.elements(as: Float.self))
  }

  @Test("every step draws anew, the same again with the same seed; the file keeps its form", arguments: Form.allCases)
  func steps(form: Form) throws {
    func trained(_ seed: UInt64) throws -> (weights: [Float], node: NodeProto?) {
      let model = try model(form)
      let plan = TrainingPlan(epochs: 2, batching: Batching(size: 40, order: .asGiven), seed: seed)
      try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.1)).fit(["x": x, "target": x], plan)
      return (
        try #require(model.parameters["w"]).value().elements(as: Float.self), try model.changedProto().graph?.node[1]
      )
    }
    let (weights, node) = try trained(3)
    #expect(try trained(3).weights == weights)
    #expect(try trained(4).weights != weights)
    #expect(node == (try model(form).proto.graph?.node[1]))
  }
}
