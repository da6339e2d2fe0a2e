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
    /// With BatchNormalization in training mode, where there is any.
    let trainBn: Training?
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
    let large = ["lenet5", "lstm_classifier_folded", "resnet18_w16", "unet_small", "vit_small"].map {
      Golden(name: $0, folder: "\(shared)/\($0)")
    }
    return small + large.filter { FileManager.default.fileExists(atPath: $0.path("model.onnx")) }
  }()
}

/// One way in which a golden was trained.
struct GoldenTraining: Sendable, CustomTestStringConvertible {
  enum Part: String, CaseIterable, Sendable {
    case all, last
    /// The batch's statistics, because training asks for them.
    case batchNormalization
    /// The batch's statistics, because the file says so.
    case batchNormalizationInFile
  }

  let golden: Golden
  let part: Part

  var testDescription: String { "\(golden.name), \(part)" }

  static let all: [GoldenTraining] = Golden.all.flatMap { golden in
    let hasBatchNormalization = FileManager.default.fileExists(atPath: golden.path("model_train.onnx"))
    return Part.allCases.filter { hasBatchNormalization || $0 == .all || $0 == .last }
      .map { GoldenTraining(golden: golden, part: $0) }
  }

  private var prefix: String { part == .all || part == .last ? "train_\(part)" : "train_bn" }

  func gradients() throws -> [String: Tensor] { try golden.arrays("\(prefix).grads.npz") }

  /// Parameters, and running statistics by ONNX's rule where they are updated.
  func parameters() throws -> [String: Tensor] {
    try golden.arrays("\(prefix).params5.npz").filter { name, _ in
      !name.hasSuffix("::torch") && (part == .batchNormalization || !name.contains(".running_"))
    }
  }

  func numbers(_ information: Golden.Information) throws -> Golden.Information.Training {
    switch part {
    case .all: information.trainAll
    case .last: information.trainLast
    case .batchNormalization, .batchNormalizationInFile: try #require(information.trainBn)
    }
  }

  func model(_ information: Golden.Information) throws -> Model {
    let file = part == .batchNormalizationInFile ? "model_train.onnx" : "model.onnx"
    let model = try Model(contentsOf: golden.path(file))
    if part == .last { try model.trainOnly(information.lastLayer) }
    return model
  }

  func loss(of model: Model, _ information: Golden.Information) throws -> Tensor {
    var arrays = try golden.arrays("train_data.npz")
    let removed = arrays.removeValue(forKey: "target")
    let target = try #require(removed)
    let read = try model.trainedOutput(model.outputs.first?.name, fromLogits: false)
    let values = try model.run(
      arrays.mapValues(Value.tensor), targets: [read.target],
      modes: NodeModes(batchNormalization: part == .batchNormalization ? .training : .asInFile, dropout: .asInFile))
    let output = try #require(values[0].tensor)
    return try withErrors {
      information.loss == "ce" ? crossEntropy(output, target) : meanSquaredError(output, target)
    }
  }
}

@Suite("Goldens from PyTorch") struct GoldenTests {

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

  @Test("first gradients", arguments: GoldenTraining.all) func gradients(training: GoldenTraining) throws {
    let information = try training.golden.information()
    let model = try training.model(information)
    try training.loss(of: model, information).backward()
    let numbers = try training.numbers(information)
    let expected = try training.gradients()
    #expect(Set(expected.keys) == Set(numbers.trainable))
    try compare(expected, noise: numbers.noiseGradsF32VsF64.maxRelToTensorMax) { name in
      try #require(model.parameters[name]?.grad, "no gradient of \(name)")
    }
    for parameter in model.parameters where !numbers.trainable.contains(parameter.name) {
      #expect(parameter.grad == nil, "\(parameter.name) is frozen")
    }
  }

  @Test("five steps", arguments: GoldenTraining.all) func steps(training: GoldenTraining) throws {
    let information = try training.golden.information()
    let model = try training.model(information)
    let numbers = try training.numbers(information)
    var optimizer = SGD(model.parameters, learningRate: 0.01, momentum: 0.9)
    for step in 0..<5 {
      let loss = try training.loss(of: model, information)
      let expected = numbers.losses[step]
      #expect(abs(try loss.item() - expected) <= 1e-3 * abs(expected) + 1e-5, "step \(step)")
      try loss.backward()
      try withErrors { optimizer.step() }
      model.zeroGrad()
    }
    try compare(try training.parameters(), noise: numbers.noiseParams5F32VsF64.maxRelToTensorMax) { name in
      try #require(model.parameters[name]).value().detach()
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
