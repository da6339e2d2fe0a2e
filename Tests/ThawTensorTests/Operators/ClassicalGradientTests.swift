import Testing

@testable import ThawTensor

/// Gradients of operators whose results are float32 whatever they are given: of what they compute before.
@Suite("Gradients of classical models") struct ClassicalGradientTests {
  static let functions: [(String, @Sendable (Tensor) throws -> Tensor)] = [
    ("Scaler", { try Scaler(offset: [1, 2, 0.5], scale: [2, -1, 3]).scaled($0) }),
    ("Normalizer MAX", { try Normalizer(.max).normalized($0) }),
    ("Normalizer L1", { try Normalizer(.l1).normalized($0) }),
    ("Normalizer L2", { try Normalizer(.l2).normalized($0) }),
    ("LinearRegressor", { try LinearRegressor(coefficients: [1, 2, -3], intercepts: [0.5]).scores($0) }),
  ] + PostTransform.allCases.filter { $0 != .probit }.map { transform in
    (
      "LinearClassifier \(transform.rawValue)",
      {
        try LinearClassifier(
          coefficients: [1, 2, -3, 0.5, 0, 1], intercepts: [0.1, 0.2], labels: .integers([0, 1]),
          postTransform: transform
        ).scores(of: $0)
      }
    )
  } + [SVMKernel.linear, .polynomial(gamma: 0.5, offset: 1, degree: 2), .radial(gamma: 0.3), .sigmoid(gamma: 0.2, offset: 0.1)]
    .map { kernel in
      (
        "SVMRegressor \(kernel)",
        {
          try SVMRegressor(
            coefficients: [1, -2], supportVectors: [1, 0, 2, -1, 1, 0.5], offset: 0.5, kernel: kernel
          ).scores($0)
        }
      )
    }

  @Test("first and second order", arguments: functions.indices)
  func gradients(index: Int) throws {
    let x = try Tensor(elements: [0.3, -1.2, 2.1, 1.5, 0.7, -0.4], shape: [2, 3], requiresGrad: true)
    let function = { (inputs: [Tensor]) in [try withErrors { try Self.functions[index].1(inputs[0]) }] }
    try gradcheck(function, inputs: [x], seed: 7)
    try gradgradcheck(function, inputs: [x], seed: 11)
  }

  @Test("flow through the operators in float32") func operators() throws {
    let x = Tensor([0.3, -1.2], shape: [1, 2], requiresGrad: true)
    let scores = try apply(
      LinearClassifier(coefficients: [1, 2, 3, 5], labels: .integers([0, 1])),
      to: [.tensor(try apply(Scaler(offset: [0], scale: [2]), to: x))])
    try #require(scores[1]?.tensor).sum().backward()
    #expect(try x.grad?.elements(as: Float.self) == [8, 14])
    #expect(scores[0]?.tensor?.requiresGrad == false)
  }
}
