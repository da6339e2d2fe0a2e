import Foundation
import ThawGraph
import ThawTensor

@testable import ThawTraining

/// A small network in which everything is that a run has to remember: a BatchNormalization with running statistics, a
/// Dropout, two layers.
enum NoisyNetwork {
  /// `y` = dropout(relu(norm(x · w))) · v, x float32[N, 3], two classes.
  static func model() throws -> Model {
    let w = Parameter("w", try RandomGenerator(seed: 1).uniform([3, 8], from: -1, to: 1))
    let (scale, bias) = (Parameter("scale", Tensor.ones([8])), Parameter("bias", Tensor.zeros([8])))
    let mean = Parameter("mean", Tensor.zeros([8]), role: .buffer)
    let variance = Parameter("variance", Tensor.ones([8]), role: .buffer)
    let v = Parameter("v", try RandomGenerator(seed: 2).uniform([8, 2], from: -1, to: 1))
    let graph = try Graph.record(
      inputs: ["x": .float32("N", 3)], output: "y", parameters: [w, scale, bias, mean, variance, v]
    ) { x in
      let normalized = try apply(
        BatchNormalization(epsilon: 1e-5, momentum: 0.9), to: x.matmul(w.value()), scale.value(), bias.value(),
        mean.value(), variance.value())
      return normalized.relu().dropout(ratio: 0.3, training: false).matmul(try v.value())
    }
    return try Model(graph)
  }

  static func data(_ count: Int = 22, seed: UInt64 = 3) throws -> Dataset {
    let x = try RandomGenerator(seed: seed).uniform([count, 3], from: -1, to: 1)
    let points = try x.elements(as: Float.self)
    return ["x": x, "target": Tensor((0..<count).map { points[3 * $0] > points[3 * $0 + 1] ? 1 : 0 })]
  }

  static func trainer(_ model: Model, _ optimizer: OptimizerChoice = .adam(0.02)) throws -> Trainer {
    try Trainer(model, loss: .crossEntropy, optimizer: optimizer, batchNormalization: .train)
  }

  /// 22 samples in batches of 3, two a step: four steps an epoch, the last of 4 samples.
  static func plan(epochs: Int = 4) throws -> TrainingPlan {
    var plan = TrainingPlan(epochs: epochs, batching: Batching(size: 3, order: .shuffled(seed: 7)))
    plan.accumulation = 2
    return plan
  }

  /// All numbers that training may have changed.
  static func numbers(_ model: Model) throws -> [String: [Float]] {
    try Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, try $0.value().elements(as: Float.self)) })
  }

  /// Runs `body` with a new folder that is removed afterwards.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }
}
