import Testing
import ThawONNX
import ThawTensor

@testable import ThawGraph

@Suite("Bodies in models") struct ControlFlowTests {
  private static let w = "repeat/body/choose/then_branch/w"
  private static let k = "repeat/body/choose/else_branch/k"

  private func numbers(_ tensor: Tensor?) throws -> [Double] { try #require(tensor).elements() }

  @Test("what is in a body is a parameter, named by the way to it")
  func roles() throws {
    let model = try Model(NestedModel().proto())
    #expect(model.missingOperators.isEmpty)
    #expect(model.parameters.with(.trainable).map(\.name) == ["scale", Self.w])
    // Where initializers train, a Constant is a number that somebody wrote.
    #expect(model.parameters.with(.constant).map(\.name) == [Self.k])
    let unnamed = try Model(NestedModel(ifName: nil).proto())
    #expect(unnamed.parameters.map(\.name).contains("repeat/body/1/then_branch/w"))
  }

  @Test("gradients go through the branch taken and through the iterations")
  func gradients() throws {
    let model = try Model(NestedModel().proto())
    try model.unfreeze(Self.k)
    let outputs = try model(NestedModel.inputs(flag: true, n: 2))
    #expect(try numbers(outputs["y"]) == [4, 18])
    #expect(try numbers(outputs["z"]) == [2, 6, 4, 18])
    // The sum of y = x w² and z = (x w, x w²) has the derivative 4 x w + x.
    let total: Tensor = outputs["y"].sum() + outputs["z"].sum()
    try total.backward()
    #expect(try numbers(model.parameters[Self.w]?.grad) == [9, 26])
    #expect(model.parameters["scale"]?.grad == nil && model.parameters[Self.k]?.grad == nil)

    model.zeroGrad()
    // y = (x + k) s at one iteration.
    try model(NestedModel.inputs(flag: false, n: 1))["y"].sum().backward()
    #expect(try numbers(model.parameters["scale"]?.grad) == [2, 1])
    #expect(try numbers(model.parameters[Self.k]?.grad) == [10, 100])
    #expect(model.parameters[Self.w]?.grad == nil)
    let none = try model(NestedModel.inputs(flag: false, n: 0))
    #expect(try numbers(none["y"]) == [1, 2])
    #expect(none["z"].shape == [0, 2])
  }

  @Test("what is frozen in a body stays out of the graph of automatic differentiation")
  func freezing() throws {
    let model = try Model(NestedModel().proto())
    try model.freeze("*then_branch*")
    #expect(try !model(NestedModel.inputs(flag: true, n: 3))["y"].requiresGrad)
    #expect(try model(NestedModel.inputs(flag: false, n: 3))["y"].requiresGrad)
    #expect(try model.parameters(matching: "repeat").count == 3)
    let path = model.gradientPath(to: try model.trainedOutput("y", fromLogits: false))
    #expect(path.reached.map(\.name) == ["scale"] && path.unreached.isEmpty && path.missingGradients.isEmpty)
  }

  @Test("saved where it stands, and nothing else is changed")
  func saving() throws {
    let proto = try NestedModel().proto()
    let model = try Model(proto)
    #expect(try model.changedProto() == proto)
    try model.unfreeze(Self.k)
    try model.parameters[Self.w]?.set(Tensor([5, 7] as [Float]))
    try model.parameters[Self.k]?.set(Tensor([0.5, 0.25] as [Float]))
    let saved = try Model(ModelProto(decoding: try model.changedProto().encoded()))
    #expect(saved.parameters.source == .file)
    #expect(saved.parameters[Self.k]?.role == .trainable)
    #expect(try numbers(saved(NestedModel.inputs(flag: true, n: 1))["y"]) == [5, 14])
    #expect(try numbers(saved(NestedModel.inputs(flag: false, n: 1))["y"]) == [15, 225])
    // The same file but for the two values and the roles.
    var restored = saved
    try restored.parameters[Self.w]?.set(Tensor([2, 3] as [Float]))
    try restored.parameters[Self.k]?.set(Tensor([1, -1] as [Float]))
    var changed = try restored.changedProto()
    changed.metadataProps = []
    restored = try Model(changed)
    #expect(try restored.changedProto().encoded() == proto.encoded())
  }

  @Test("an error tells the way to the node")
  func errors() throws {
    let wrong = try Model(NestedModel(w: [1, 2, 3]).proto())
    let error = #expect(throws: TensorError.self) { try wrong(NestedModel.inputs(flag: true, n: 1)) }
    #expect(
      error?.message == "node 'repeat': Loop: body, iteration 0: node 'choose': If: then_branch: node 'mul': Mul: the "
        + "shapes [2] and [3] do not broadcast: counted from the last, dimensions must be equal or 1")
    let missing = try Model(NestedModel(thenOperator: "Frobnicate").proto())
    #expect(missing.missingOperators.map(\.node) == ["repeat/body/choose/then_branch/mul"])
    let refused = #expect(throws: ModelError.self) { try missing(NestedModel.inputs(flag: false, n: 1)) }
    #expect(
      refused?.message
        == "no kernel for an operator of the model:\n  Frobnicate (ai.onnx opset 16, node "
        + "'repeat/body/choose/then_branch/mul')")
  }

  @Test("a node whose inputs do not fit its body is named before it runs")
  func inputCount() throws {
    var proto = try NestedModel().proto()
    proto.graph?.node[0].input.append("x")
    let missing = try Model(proto).missingOperators
    #expect(missing.map(\.reason) == ["Loop: the node has 4 inputs, and its body takes 3"])
  }

  @Test("a recording keeps the node with its bodies", arguments: [true, false])
  func recording(flag: Bool) throws {
    let model = try Model(NestedModel().proto())
    let inputs = NestedModel.inputs(flag: flag, n: 3)
    func record(_ output: String) throws -> Graph {
      try Graph.record(inputs: ["x": .float32([2])], output: "twice") { x in
        var given = inputs
        given["x"] = x
        return try model(given, outputs: [output])[output] * 2
      }
    }
    let graph = try record("y")
    #expect(graph.nodes.map(\.opType) == ["Loop", "Mul"])
    let saved = try Model(ModelProto(decoding: try graph.model().encoded()))
    let replayed = try saved(["x": Tensor([1, 2] as [Float])])["twice"]
    #expect(try numbers(replayed) == numbers(model(inputs)["y"]).map { $0 * 2 })
    #expect(saved.parameters.with(.trainable).count == 2)
    // How many iterations were stacked, no file could say.
    let error = #expect(throws: TensorError.self) { try record("z") }
    #expect(
      error?.message == "node 'repeat': Loop: the shape of its result depends on numbers that are not known while "
        + "recording")
  }

  @Test("a gradient through a body is recorded where what decides is known, and refused where not")
  func recordedGradient() throws {
    let model = try Model(NestedModel().proto())
    func gradient(flag: Tensor, _ x: Tensor) throws -> Tensor {
      try grad(of: model(["x": x, "flag": flag, "n": Tensor(2)])["y"].sum(), withRespectTo: x)
    }
    let tracer = Tracer(sizes: [:])
    try Context.with({ $0.recorder = tracer }) {
      let x = try tracer.input("x", .float32([2])).requiringGrad()
      #expect(try gradient(flag: Tensor([true], shape: []), x).shape == [2])
      #expect(!tracer.recorded.steps.contains { $0.operation is any ControlFlow })
      let flag = try tracer.input("flag", TensorType(.bool, []))
      let error = #expect(throws: TensorError.self) { try gradient(flag: flag, x) }
      #expect(
        error?.message.hasSuffix(
          "If: the condition is not known while it is being recorded, and no gradient can be recorded through what it "
            + "decides") == true, "\(String(describing: error))")
    }
  }
}
