import Testing

@testable import ThawTensor

/// Gradients of operators whose results are float32 whatever they are given: of what they compute before.
@Suite("Gradients of classical models") struct ClassicalGradientTests {
  typealias Function = @Sendable (Tensor) throws -> Tensor

  static let functions: [(String, Function)] = {
    var rows: [(String, Function)] = [
      ("Scaler", { try Scaler(offset: [1, 2, 0.5], scale: [2, -1, 3]).scaled($0) }),
      ("LinearRegressor", { try LinearRegressor(coefficients: [1, 2, -3], intercepts: [0.5]).scores($0) }),
    ]
    for norm in Normalizer.Norm.allCases {
      rows.append(("Normalizer \(norm.rawValue)", { try Normalizer(norm).normalized($0) }))
    }
    // PROBIT takes probabilities, which these are not.
    for transform in PostTransform.allCases where transform != .probit {
      let classifier = LinearClassifier(
        coefficients: [1, 2, -3, 0.5, 0, 1], intercepts: [0.1, 0.2], labels: .integers([0, 1]),
        postTransform: transform)
      rows.append(("LinearClassifier \(transform.rawValue)", { try classifier.scores(of: $0) }))
    }
    let kernels: [SVMKernel] = [
      .linear, .polynomial(gamma: 0.5, offset: 1, degree: 2), .radial(gamma: 0.3), .sigmoid(gamma: 0.2, offset: 0.1),
    ]
    for kernel in kernels {
      let machine = SVMRegressor(
        coefficients: [1, -2], supportVectors: [1, 0, 2, -1, 1, 0.5], offset: 0.5, kernel: kernel)
      rows.append(("SVMRegressor \(kernel)", { try machine.scores($0) }))
    }
    for (name, probabilities) in [("pairs", [:]), ("probabilities", sigmoids)] {
      let node = NodeReader(
        name: "SVMClassifier", version: 1, attributes: machines.merging(probabilities) { $1 }, presentInputs: [true],
        outputCount: 2)
      guard let classifier = try? SVMClassifier(node) else { continue }
      rows.append(("SVMClassifier \(name)", { try classifier.scores(of: $0) }))
    }
    return rows
  }()

  private static let machines: [String: Attribute] = [
    "classlabels_ints": .ints([3, 4, 7]), "coefficients": .floats([1, -0.5, 2, 0.25, -1, -2]),
    "support_vectors": .floats([1, 0, 2, 0, 1, 1, -1, 0.5, 0]), "vectors_per_class": .ints([1, 1, 1]),
    "rho": .floats([0.5, -0.25, 0.125]), "kernel_type": .text("RBF"), "kernel_params": .floats([0.2, 0, 0]),
  ]
  private static let sigmoids: [String: Attribute] = [
    "prob_a": .floats([-1.5, -2, -1]), "prob_b": .floats([0.1, -0.2, 0.3]),
  ]

  @Test("first and second order", arguments: functions.indices)
  func gradients(index: Int) throws {
    let x = Tensor(elements: [0.3, -1.2, 2.1, 1.5, 0.7, -0.4], shape: [2, 3], requiresGrad: true)
    let function = { (inputs: [Tensor]) in [try withErrors { try Self.functions[index].1(inputs[0]) }] }
    try gradcheck(function, inputs: [x], seed: 7)
    try gradgradcheck(function, inputs: [x], seed: 11)
  }

  @Test("are there for every kind of machine") func machineKinds() {
    #expect(Self.functions.filter { $0.0.hasPrefix("SVM") }.count == 6)
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
