import Foundation
import Testing
import ThawGraph
import ThawONNX
import ThawTensor

@testable import ThawTraining

/// A network exported from PyTorch, and what training it must give.
struct Golden: Sendable, CustomTestStringConvertible {
  struct Information: Decodable, Sendable {
    struct Training: Decodable, Sendable {
      struct Noise: Decodable, Sendable { let maxRelToTensorMax: Double }
      let losses: [Double]
      let trainable: [String]
      let noiseGradsF32VsF64: Noise
      let noiseParams5F32VsF64: Noise
    }
    let loss: String
    let lastLayer: [String]
    let trainAll: Training
    let trainLast: Training
  }

  let name: String
  let folder: String

  var testDescription: String { name }
  func path(_ file: String) -> String { "\(folder)/\(file)" }
  func arrays(_ file: String) throws -> [String: Tensor] {
    let npz = try Npz(contentsOf: path(file))
    return try Dictionary(
      uniqueKeysWithValues: npz.names.map { ($0, try Tensor(try #require(npz[$0]))) })
  }
  func information() throws -> Information {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Information.self, from: Data(contentsOf: URL(filePath: path("info.json"))))
  }

  /// Those of this checkout, and the larger ones beside it where they are there.
  static let all: [Golden] = {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let own = tests.appending(path: "Goldens").path
    let shared = tests.deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/goldens").path
    let small = ["conv1d_norms", "lenet5_dynamo", "mlp", "mlp_mse"].map { Golden(name: $0, folder: "\(own)/\($0)") }
    let large = ["lenet5", "resnet18_w16"].map { Golden(name: $0, folder: "\(shared)/\($0)") }
    return small + large.filter { FileManager.default.fileExists(atPath: $0.path("model.onnx")) }
  }()
}

@Suite("Goldens from PyTorch") struct GoldenTests {
  enum Part: String, CaseIterable, Sendable { case all, last }

  @Test("forward", arguments: Golden.all) func forward(golden: Golden) throws {
    struct Tolerance: Decodable {
      let rtol: Double
      let atol: Double
    }
    let tolerance = try JSONDecoder().decode(
      Tolerance.self, from: Data(contentsOf: URL(filePath: golden.path("data.json"))))
    let model = try Model(contentsOf: golden.path("model.onnx"))
    let outputs = try model(golden.arrays("inputs.npz"))
    for (name, expected) in try golden.arrays("outputs.npz") {
      try expectClose(outputs[name], expected, name) { tolerance.atol + tolerance.rtol * abs($0) }
    }
  }

  @Test("inferred roles: what PyTorch trains", arguments: Golden.all) func roles(golden: Golden) throws {
    let model = try Model(contentsOf: golden.path("model.onnx"))
    #expect(model.parameters.with(.trainable).map(\.name).sorted() == (try golden.information()).trainAll.trainable)
  }

  @Test("first gradients", arguments: Golden.all, Part.allCases) func gradients(golden: Golden, part: Part) throws {
    let information = try golden.information()
    let model = try self.model(golden, part, information)
    try loss(of: model, golden, information).backward()
    let training = part == .all ? information.trainAll : information.trainLast
    let expected = try golden.arrays("train_\(part).grads.npz")
    #expect(Set(expected.keys) == Set(training.trainable))
    try compare(expected, noise: training.noiseGradsF32VsF64.maxRelToTensorMax) { name in
      try #require(model.parameters[name]?.grad, "no gradient of \(name)")
    }
    for parameter in model.parameters where !training.trainable.contains(parameter.name) {
      #expect(parameter.grad == nil, "\(parameter.name) is frozen")
    }
  }

  @Test("five steps", arguments: Golden.all, Part.allCases) func steps(golden: Golden, part: Part) throws {
    let information = try golden.information()
    let model = try self.model(golden, part, information)
    let training = part == .all ? information.trainAll : information.trainLast
    var optimizer = try SGD(model.parameters, learningRate: 0.01, momentum: 0.9)
    for step in 0..<5 {
      let loss = try loss(of: model, golden, information)
      #expect(abs(try loss.item() - training.losses[step]) <= 1e-3 * abs(training.losses[step]) + 1e-5, "step \(step)")
      try loss.backward()
      try withErrors { optimizer.step() }
      model.zeroGrad()
    }
    try compare(
      golden.arrays("train_\(part).params5.npz"), noise: training.noiseParams5F32VsF64.maxRelToTensorMax
    ) { name in try #require(model.parameters[name]).value().detach() }
  }

  private func model(_ golden: Golden, _ part: Part, _ information: Golden.Information) throws -> Model {
    let model = try Model(contentsOf: golden.path("model.onnx"))
    if part == .last { try model.trainOnly(information.lastLayer) }
    return model
  }

  private func loss(of model: Model, _ golden: Golden, _ information: Golden.Information) throws -> Tensor {
    var arrays = try golden.arrays("train_data.npz")
    let removed = arrays.removeValue(forKey: "target")
    let target = try #require(removed)
    let output = try model(arrays)[try #require(model.outputs.first?.name)]
    return try withErrors {
      information.loss == "ce" ? crossEntropy(output, target) : meanSquaredError(output, target)
    }
  }

  /// |a − b| ≤ 1e-3 · max|tensor| + 1e-5 · max of all, widened to ten times the recorded noise where that is larger.
  private func compare(
    _ expected: [String: Tensor], noise: Double, _ actual: (String) throws -> Tensor
  ) throws {
    let largest = try expected.mapValues { try $0.elements(as: Double.self).map(abs).max() ?? 0 }
    let ofAll = largest.values.max() ?? 0
    for (name, tensor) in expected {
      let ofTensor = largest[name] ?? 0
      let bound = max(1e-3, 10 * noise) * ofTensor + 1e-5 * ofAll
      try expectClose(actual(name), tensor, name) { _ in bound }
    }
  }

  private func expectClose(
    _ actual: Tensor, _ expected: Tensor, _ name: String, bound: (Double) -> Double
  ) throws {
    try #require(actual.shape == expected.shape, "\(name)")
    let pairs = zip(try actual.elements(as: Double.self), try expected.elements(as: Double.self))
    let worst = pairs.map { abs($0 - $1) - bound($1) }.max() ?? 0
    #expect(worst <= 0, "\(name): the worst element is \(worst) outside of its bound")
  }
}
