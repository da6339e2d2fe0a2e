import Testing
import ThawGraph
import ThawTensor
import ThawTypes

@testable import ThawTraining

/// The problem of the optimizers' fixture; see Fixtures/README.md.
struct OptimizerProblem {
  static let names = ["matrix", "vector", "scalar"]
  /// The steps after which the fixtures hold the parameters.
  static let kept = [1, 5, 20]
  private let arrays: [String: Tensor]

  init() throws { arrays = try Fixture.arrays("optimizers.npz") }

  func array(_ name: String) throws -> Tensor { try #require(arrays[name], "no array \(name)") }

  func parameters(_ dtype: DType = .float32) throws -> [Parameter] {
    try Self.names.map { Parameter($0, try array("start.\($0)").cast(to: dtype)) }
  }

  /// Computes the gradients of a step, counted from 1.
  func gradients(of parameters: [Parameter], step: Int) throws {
    for parameter in parameters {
      parameter.zeroGrad()
      guard parameter.name != "scalar" || step > 2 else { continue }
      let shape = try parameter.value().shape
      let targets = try array("target.\(parameter.name)").elements(as: Float.self)
      let target = Tensor(Array(targets[(step - 1) * parameter.count..<step * parameter.count]), shape: shape)
      let distance = try parameter.value().cast(to: .float32) - target
      try (try array("curvature.\(parameter.name)") * distance * distance * 0.5).sum().backward()
    }
  }

  /// Checks a parameter's numbers against the row of an array.
  func expect(_ found: Tensor, _ expected: Tensor, row: Int, _ name: String) throws {
    let found = try found.elements(as: Double.self)
    let rows = try expected.elements(as: Double.self)
    for (found, expected) in zip(found, rows[row * found.count..<(row + 1) * found.count]) {
      #expect(abs(found - expected) <= 1e-7 + 1e-5 * abs(expected), "\(name): \(found), not \(expected)")
    }
  }
}
