import Foundation
import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

/// A compiled training step gives the eager one's numbers.
@Suite("Goldens, compiled") struct CompiledGoldenTests {
  @Test(
    "loss, gradients and running statistics", arguments: Golden.all, [NodeModes.BatchNormalization.frozen, .training])
  func step(golden: Golden, mode: NodeModes.BatchNormalization) throws { try check(golden, mode, CompilerOptions()) }

  @Test("each pass may be left out", arguments: Golden.all, CompilerOptions.Pass.allCases)
  func passes(golden: Golden, pass: CompilerOptions.Pass) throws {
    try check(golden, .frozen, CompilerOptions(disabled: [pass]))
  }

  @Test(
    "each pass may be left out where batches have statistics of their own", arguments: CompilerOptions.Pass.allCases)
  func statistics(pass: CompilerOptions.Pass) throws {
    for golden in Golden.all where FileManager.default.fileExists(atPath: golden.path("model_train.onnx")) {
      try check(golden, .training, CompilerOptions(disabled: [pass]))
    }
  }

  /// With nothing to train, more can be folded and packed.
  @Test("inference: with all passes, and each may be left out", arguments: Golden.all)
  func inference(golden: Golden) throws {
    let model = try Model(contentsOf: golden.path("model.onnx"))
    var arrays = try golden.arrays("train_data.npz")
    arrays["target"] = nil
    let output = try model.trainedOutput(fromLogits: false)
    try noGrad {
      let values = try model.run(
        arrays.mapValues(Value.tensor), targets: [output.target], modes: .inference, execution: .eager)
      let expected = try #require(values[0].tensor)
      var request = ModelProgram.Request(
        inputs: arrays.map { (name: $0.key, type: $0.value.type) }, targets: [output.target])
      request.modes = .inference
      for disabled in [[]] + CompilerOptions.Pass.allCases.map({ [$0] }) {
        request.options = CompilerOptions(disabled: Set(disabled))
        let found = try ModelProgram(model, request).run(arrays)
        try expectClose(found.targets[0], expected, "without \(disabled)")
      }
    }
  }

  @Test("saved and reloaded", arguments: Golden.all)
  func reloaded(golden: Golden) throws { try check(golden, .frozen, CompilerOptions(), isReloaded: true) }

  private func check(
    _ golden: Golden, _ mode: NodeModes.BatchNormalization, _ options: CompilerOptions, isReloaded: Bool = false
  ) throws {
    let information = try golden.information()
    func function(_ prediction: Tensor, _ target: Tensor) -> Tensor {
      information.loss == "ce" ? crossEntropy(prediction, target) : meanSquaredError(prediction, target)
    }
    let modes = NodeModes(batchNormalization: mode, dropout: .off)
    var arrays = try golden.arrays("train_data.npz")
    let removed = arrays.removeValue(forKey: "target")
    let target = try #require(removed)
    let eager = try Model(contentsOf: golden.path("model.onnx"))
    var compiled = try Model(contentsOf: golden.path("model.onnx"))
    if isReloaded {
      let copy = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString).onnx").path
      defer { try? FileManager.default.removeItem(atPath: copy) }
      try compiled.save(to: copy)
      compiled = try Model(contentsOf: copy)
    }
    let output = try eager.trainedOutput(fromLogits: false)

    let values = try eager.run(arrays.mapValues(Value.tensor), targets: [output.target], modes: modes)
    let loss = try withErrors { function(try #require(values[0].tensor), target) }
    try loss.backward()

    var request = ModelProgram.Request(
      inputs: arrays.map { (name: $0.key, type: $0.value.type) }, extra: [target.type], targets: [output.target])
    request.modes = modes
    request.options = options
    let program = try ModelProgram(compiled, request) { function($0[0], $1[0]) }
    #expect(program.program.islands == [])
    let results = try program.run(arrays, extra: [target])
    #expect(program.isCurrent)
    try expectClose(try #require(results.loss), loss, "the loss")
    try expectClose(results.targets[0], try #require(values[0].tensor), "the output")
    #expect(results.gradients.count == eager.parameters.with(.trainable).count)
    for (parameter, gradient) in results.gradients {
      try expectClose(gradient, try #require(eager.parameters[parameter.name]?.grad), parameter.name)
    }
    for buffer in compiled.parameters.with(.buffer) {
      try expectClose(buffer.value(), try #require(eager.parameters[buffer.name]).value(), buffer.name)
    }
  }

  private func expectClose(_ found: Tensor, _ expected: Tensor, _ name: String) throws {
    try #require(found.shape == expected.shape, "\(name)")
    let values = try expected.detach().elements(as: Double.self)
    let bound = 2e-5 * (values.map(abs).max() ?? 0) + 1e-7
    let worst = zip(try found.detach().elements(as: Double.self), values).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= bound, "\(name): off by \(worst), more than \(bound)")
  }
}
