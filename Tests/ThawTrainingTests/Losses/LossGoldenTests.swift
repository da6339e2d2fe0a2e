import Foundation
import Testing
import ThawGraph
import ThawONNX
import ThawTensor

@testable import ThawTraining

/// A loss with settings, named as in the fixture.
struct LossCase: Sendable, CustomTestStringConvertible {
  typealias Function = @Sendable (_ x: Tensor, _ arrays: [String: Tensor], _ reduction: LossReduction) throws -> Tensor

  let testDescription: String
  /// The array that is differentiated.
  let input: String
  let loss: Function

  init(_ name: String, of input: String, _ loss: @escaping Function) {
    testDescription = name
    self.input = input
    self.loss = loss
  }

  /// Cross-entropy with some of its settings.
  private static func crossEntropy(
    _ name: String, of input: String, with target: String, weights: Bool = false, ignoring: Int = -100,
    smoothing: Double = 0
  ) -> LossCase {
    LossCase("cross-entropy" + name, of: input) { x, arrays, reduction in
      ThawTraining.crossEntropy(
        x, try #require(arrays[target]), classWeights: weights ? arrays["weights"] : nil, ignoreIndex: ignoring,
        labelSmoothing: smoothing, reduction: reduction)
    }
  }

  static let all: [LossCase] = [
    crossEntropy("", of: "scores", with: "labels"),
    crossEntropy("-weights", of: "scores", with: "labels", weights: true),
    crossEntropy("-ignore", of: "scores", with: "labels.other", ignoring: 3),
    crossEntropy("-smoothing", of: "scores", with: "labels", smoothing: 0.1),
    crossEntropy("-weights-smoothing", of: "scores", with: "labels.other", weights: true, smoothing: 0.3),
    crossEntropy("-all", of: "scores", with: "labels.other", weights: true, ignoring: 3, smoothing: 0.2),
    crossEntropy("-smoothing-1", of: "scores", with: "labels", smoothing: 1),
    crossEntropy("-places", of: "places", with: "place.labels"),
    crossEntropy("-places-all", of: "places", with: "place.labels", weights: true, smoothing: 0.2),
    crossEntropy("-vector", of: "vector", with: "vector.label"),
    crossEntropy("-vector-all", of: "vector", with: "vector.label", weights: true, smoothing: 0.2),
    crossEntropy("-probabilities", of: "scores", with: "probabilities"),
    crossEntropy("-probabilities-all", of: "scores", with: "probabilities", weights: true, smoothing: 0.2),
    crossEntropy("-place-probabilities-all", of: "places", with: "place.probabilities", weights: true, smoothing: 0.2),
    LossCase("nll", of: "scores") { negativeLogLikelihood($0, try #require($1["labels"]), reduction: $2) },
    LossCase("nll-all", of: "scores") {
      negativeLogLikelihood(
        $0, try #require($1["labels.other"]), classWeights: $1["weights"], ignoreIndex: 3, reduction: $2)
    },
    LossCase("nll-places", of: "places") {
      negativeLogLikelihood($0, try #require($1["place.labels"]), classWeights: $1["weights"], reduction: $2)
    },
    LossCase("bce", of: "questions") {
      binaryCrossEntropyWithLogits($0, try #require($1["answers"]), reduction: $2)
    },
    LossCase("bce-weights", of: "questions") {
      binaryCrossEntropyWithLogits($0, try #require($1["answers"]), positiveWeight: $1["weights"], reduction: $2)
    },
    LossCase("mse", of: "numbers") { meanSquaredError($0, try #require($1["target"]), reduction: $2) },
    LossCase("l1", of: "numbers") { l1Loss($0, try #require($1["target"]), reduction: $2) },
    LossCase("huber", of: "numbers") { huberLoss($0, try #require($1["target"]), reduction: $2) },
    LossCase("huber-delta", of: "numbers") { huberLoss($0, try #require($1["target"]), delta: 0.3, reduction: $2) },
  ]
}

@Suite("Losses: PyTorch's numbers") struct LossGoldenTests {
  private let arrays: [String: Tensor]

  init() throws { arrays = try Fixture.arrays("losses.npz") }

  @Test("value and gradient", arguments: LossCase.all, LossReduction.allCases)
  func firstOrder(row: LossCase, reduction: LossReduction) throws {
    let x = try array(row.input).requiringGrad()
    let name = "\(row.testDescription).\(reduction.rawValue)"
    let value = try withErrors { try row.loss(x, arrays, reduction) }
    try expectClose(value, array("\(name).value"), name)
    // The fixture's gradient is that of the losses times 1, 2, 3 …, so that each of them is seen.
    let factors = Tensor(elements: (0..<value.count).map { Double($0 + 1) }, shape: value.shape)
    try (value * factors).sum().backward()
    try expectClose(#require(x.grad), array("\(name).gradient"), "\(name), gradient")
  }

  @Test("the gradient of the squared gradient", arguments: LossCase.all) func secondOrder(row: LossCase) throws {
    let x = try array(row.input).requiringGrad()
    let value = try withErrors { try row.loss(x, arrays, .mean) }
    let first = try grad(of: value, withRespectTo: x, createGraph: true)
    let expected = try array("\(row.testDescription).second")
    guard first.requiresGrad else {
      #expect(try expected.elements(as: Double.self).allSatisfy { $0 == 0 })
      return
    }
    let second = try grad(of: [(first * first).sum()], withRespectTo: [x], allowUnused: true)[0]
    try expectClose(second ?? Tensor.zeros(x.shape, dtype: .float64), expected, "\(row.testDescription), second order")
  }

  @Test("recorded, saved as ONNX and run: the same value", arguments: LossCase.all) func recorded(row: LossCase) throws
  {
    let x = try array(row.input)
    let graph = try Graph.record(inputs: ["x": TensorType(.float64, shape: x.shape)], output: "y") { x in
      try row.loss(x, arrays, .mean)
    }
    let model = try Model(graph)
    try expectClose(
      model(["x": x])["y"], array("\(row.testDescription).mean.value"), "\(row.testDescription), recorded")
  }

  private func array(_ name: String) throws -> Tensor { try #require(arrays[name], "no array \(name)") }

  private func expectClose(_ found: Tensor, _ expected: Tensor, _ name: String) throws {
    try #require(found.shape == expected.shape, "\(name)")
    for (found, expected) in zip(try found.elements(as: Double.self), try expected.elements(as: Double.self)) {
      #expect(abs(found - expected) <= 1e-12 + 1e-10 * abs(expected), "\(name): \(found), not \(expected)")
    }
  }
}
