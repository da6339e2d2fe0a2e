import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

/// An optimizer with settings, named as in the fixture.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let make: @Sendable ([Parameter]) throws -> any Optimizer

  init(_ name: String, _ make: @escaping @Sendable ([Parameter]) throws -> any Optimizer) {
    testDescription = name
    self.make = make
  }

  static let all: [OptimizerCase] = [
    OptimizerCase("sgd") { SGD($0, learningRate: 0.05) },
    OptimizerCase("sgd-momentum") { SGD($0, learningRate: 0.05, momentum: 0.9) },
    OptimizerCase("sgd-dampening") { SGD($0, learningRate: 0.05, momentum: 0.9, dampening: 0.3) },
    OptimizerCase("sgd-nesterov") { SGD($0, learningRate: 0.05, momentum: 0.9, nesterov: true) },
    OptimizerCase("sgd-nesterov-decay") {
      SGD($0, learningRate: 0.05, momentum: 0.9, weightDecay: 0.1, nesterov: true)
    },
    OptimizerCase("sgd-decay-maximize") {
      SGD($0, learningRate: 0.01, momentum: 0.5, weightDecay: 0.1, maximize: true)
    },
    OptimizerCase("adam") { Adam($0) },
    OptimizerCase("adam-settings") {
      Adam($0, learningRate: 0.05, betas: (0.8, 0.95), epsilon: 1e-3, weightDecay: 0.1)
    },
    OptimizerCase("adam-amsgrad") { Adam($0, learningRate: 0.05, betas: (0.5, 0.7), amsgrad: true) },
    OptimizerCase("adam-maximize") { Adam($0, learningRate: 0.05, weightDecay: 0.1, maximize: true) },
    OptimizerCase("adamw") { AdamW($0) },
    OptimizerCase("adamw-settings") {
      AdamW($0, learningRate: 0.05, betas: (0.8, 0.95), epsilon: 1e-3, weightDecay: 0.2)
    },
    OptimizerCase("adamw-amsgrad-maximize") {
      AdamW($0, learningRate: 0.05, betas: (0.5, 0.7), amsgrad: true, maximize: true)
    },
    OptimizerCase("rmsprop") { RMSprop($0) },
    OptimizerCase("rmsprop-settings") {
      RMSprop($0, learningRate: 0.02, alpha: 0.9, epsilon: 1e-3, weightDecay: 0.1)
    },
    OptimizerCase("rmsprop-momentum") { RMSprop($0, learningRate: 0.02, momentum: 0.9) },
    OptimizerCase("rmsprop-centered") {
      RMSprop($0, learningRate: 0.02, alpha: 0.9, momentum: 0.5, centered: true)
    },
    OptimizerCase("rmsprop-maximize") { RMSprop($0, learningRate: 0.02, weightDecay: 0.1, maximize: true) },
    OptimizerCase("adagrad") { Adagrad($0) },
    OptimizerCase("adagrad-settings") {
      Adagrad(
        $0, learningRate: 0.1, learningRateDecay: 0.05, weightDecay: 0.1, initialAccumulatorValue: 0.2, epsilon: 1e-3)
    },
    OptimizerCase("adagrad-maximize") { Adagrad($0, learningRate: 0.1, weightDecay: 0.1, maximize: true) },
  ]
}

@Suite("Optimizers: PyTorch's numbers") struct OptimizerGoldenTests {
  private let problem: OptimizerProblem

  init() throws { problem = try OptimizerProblem() }

  @Test("twenty steps", arguments: OptimizerCase.all) func steps(row: OptimizerCase) throws {
    let parameters = try problem.parameters()
    var optimizer = try row.make(parameters)
    for step in 1...20 {
      try problem.gradients(of: parameters, step: step)
      try withErrors { optimizer.step() }
      guard let kept = OptimizerProblem.kept.firstIndex(of: step) else { continue }
      for parameter in parameters {
        let expected = try problem.array("\(row.testDescription).\(parameter.name)")
        try problem.expect(parameter.value(), expected, row: kept, "\(parameter.name) after step \(step)")
      }
    }
  }
}

@Suite("The choice of an optimizer") struct OptimizerChoiceTests {
  @Test(
    "says its name, its learning rate, and what is set",
    arguments: [
      (OptimizerChoice.sgd(0.1), "SGD, learning rate 0.1"),
      (.sgd(0.1, momentum: 0.9, nesterov: true), "SGD, learning rate 0.1, momentum 0.9, Nesterov"),
      (.adam(), "Adam, learning rate 0.001"),
      (.adamW(), "AdamW, learning rate 0.001, weight decay 0.01"),
      (.rmsProp(centered: true), "RMSprop, learning rate 0.01, centered"),
      (.adagrad(weightDecay: 0.1), "Adagrad, learning rate 0.01, weight decay 0.1"),
    ])
  func description(choice: OptimizerChoice, expected: String) throws {
    #expect(choice.description == expected)
    let parameter = Parameter("p", Tensor([1, -2] as [Float]))
    var optimizer = try choice.make([parameter])
    let before = try parameter.value()
    try (before * before).sum().backward()
    optimizer.step()
    #expect(try (parameter.value() * parameter.value()).sum().item() < 5)
  }
}
