import Foundation
import Testing
import Thaw

/// An operator of one's own: declared outside of the package's modules, read from a model file, trained, written back.
@Suite("A custom operator") struct CustomOperatorTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID())").path

  /// `y` = ScaledTanh(x·w) + Shrink(x·w), in a file.
  private func writeModel() throws -> String {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let w = Parameter("body.weight", Tensor([0.5, -0.25, 1, 0.75], shape: [2, 2]))
    let graph = try Graph.record(inputs: ["x": .float32("N", 2)], output: "y", parameters: [w]) { x in
      let hidden = x.matmul(try w.value())
      return try apply(ScaledTanh(scale: 1.5), to: hidden) + apply(Shrink(), to: hidden)
    }
    try graph.save(to: "\(folder)/model.onnx")
    return "\(folder)/model.onnx"
  }

  @Test("a model that has it runs, trains and is written with it") func model() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try Model(contentsOf: try writeModel(), operators: [ScaledTanh.self, Shrink.self])
    #expect(model.missingOperators.isEmpty)
    #expect(model.parameters.summary.hasPrefix("trainable: 1 tensor, 4 numbers"))
    let x = Tensor([1, 2, -1, 0.5], shape: [2, 2])
    // x·w = ((2.5, 1.25), (0, 0.625))
    let expected = [2.5, 1.25, 0, 0.625].map { 1.5 * tanh($0) + $0 / (1 + $0) }
    for (value, expected) in zip(try model(["x": x])["y"].elements(as: Double.self), expected) {
      #expect(abs(value - expected) < 1e-6)
    }
    let data: Dataset = ["x": x, "target": Tensor([0.5, -0.5, 0.25, 1], shape: [2, 2])]
    let trainer = try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.1))
    let before = try trainer.evaluate(data).loss
    try trainer.fit(data, epochs: 20)
    #expect(try trainer.evaluate(data).loss < before / 2)

    try model.save(to: "\(folder)/tuned.onnx")
    let tuned = try Model(contentsOf: "\(folder)/tuned.onnx", operators: [ScaledTanh.self, Shrink.self])
    #expect(try tuned(["x": x])["y"].elements(as: Float.self) == model(["x": x])["y"].elements())
    #expect(tuned.summary.opsets["org.example"] == 3)
  }

  @Test("without it, the model opens and says what is missing when it runs") func missing() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try Model(contentsOf: try writeModel())
    #expect(model.missingOperators.map(\.name) == ["ScaledTanh", "Shrink"])
    let error = #expect(throws: ModelError.self) { try model(["x": Tensor.ones([1, 2])]) }
    #expect(error?.message.contains("ScaledTanh (org.example opset 3, node 'ScaledTanh_1')") == true)
  }

  @Test("one's own operator comes before Thaw's of the same name, in this model alone") func override() throws {
    let graph = try Graph.record(inputs: ["x": .float32([2])], output: "y") { $0.relu() }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try graph.save(to: "\(folder)/relu.onnx")
    let x = Tensor([-2, 3] as [Float])
    let leaky = try Model(contentsOf: "\(folder)/relu.onnx", operators: [AlwaysLeaky.self])
    #expect(try leaky(["x": x])["y"].elements(as: Float.self) == [-0.5, 3])
    #expect(try Model(contentsOf: "\(folder)/relu.onnx")(["x": x])["y"].elements(as: Float.self) == [0, 3])
  }

  @Test("its gradient and the gradient's are checked as any other's") func gradients() throws {
    let inputs = [Tensor(elements: [-0.75, 0.25, 2], requiresGrad: true)]
    try gradcheck({ [try apply(ScaledTanh(scale: 2), to: $0[0])] }, inputs: inputs)
    try gradgradcheck({ [try apply(ScaledTanh(scale: 2), to: $0[0])] }, inputs: inputs)
    try gradcheck({ [try apply(Shrink(), to: $0[0])] }, inputs: inputs)
  }

  @Test("a wrong pullback is said to be its author's") func wrongPullback() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    let error = #expect(throws: TensorError.self) { try apply(WrongPullback(), to: x).sum().backward() }
    #expect(
      error?.message
        == "Function WrongPullbackBackward0 returned an invalid gradient at index 0 - got float32[3] but expected shape "
        + "compatible with float32[2]")
  }
}

/// scale · tanh(x), a primitive: its own numbers, its own gradient.
private struct ScaledTanh: Primitive {
  let scale: Float

  init(scale: Float) { self.scale = scale }

  static let schema = Schema(
    "ScaledTanh", domain: "org.example", versions: [1, 3], inputs: [Input("X")], batch: .elementwise)

  init(_ node: NodeReader) throws { self.init(scale: try node.float("scale", default: 1)) }

  func attributes(opset: Int) throws -> [String: Attribute] { ["scale": .float(scale)] }

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] { inputs.compactMap { $0 } }

  func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor($0.tanh() * scale) }]
  }

  func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[0]] }

  func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0], let x = saved[0]?.tensor else { return [nil] }
    let y = x.tanh()
    return [gradient * (1 - y * y) * scale]
  }
}

/// x / (1 + |x|), a composite: an expression in other operations, whose gradient follows.
private struct Shrink: Composite {
  init() {}
  init(_ node: NodeReader) throws {}

  static let schema = Schema("Shrink", domain: "org.example", versions: [1], inputs: [Input("X")], batch: .elementwise)

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] { inputs.compactMap { $0 } }

  func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor($0 / (1 + $0.abs())) }]
  }
}

/// What a model may be made to understand by Relu.
private struct AlwaysLeaky: Composite {
  init(_ node: NodeReader) throws {}

  static let schema = Schema("Relu", versions: [1, 6, 13, 14], inputs: [Input("X")], batch: .elementwise)

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] { inputs.compactMap { $0 } }

  func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor($0.leakyRelu(alpha: 0.25)) }]
  }
}

private struct WrongPullback: Primitive {
  init() {}
  init(_ node: NodeReader) throws {}

  static let schema = Schema(
    "WrongPullback", domain: "org.example", versions: [1], inputs: [Input("X")], batch: .elementwise)

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] { inputs.compactMap { $0 } }
  func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { [inputs[0]] }

  func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    [Tensor([1, 2, 3] as [Float])]
  }
}
