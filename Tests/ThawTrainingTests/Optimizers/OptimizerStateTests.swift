import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("The state of an optimizer") struct OptimizerStateTests {
  private let problem: OptimizerProblem

  init() throws { problem = try OptimizerProblem() }

  @Test("taken over after ten steps: the same twenty steps to the bit", arguments: OptimizerCase.all)
  func restored(row: OptimizerCase) throws {
    let (through, broken) = (try problem.parameters(), try problem.parameters())
    var optimizer = try row.make(through)
    for step in 1...20 {
      try problem.gradients(of: through, step: step)
      try withErrors { optimizer.step() }
    }
    var first = try row.make(broken)
    for step in 1...10 {
      try problem.gradients(of: broken, step: step)
      try withErrors { first.step() }
    }
    var second = try row.make(broken)
    #expect(second.state.isEmpty)
    try second.restore(first.state)
    #expect(second.state.map(\.slot) == first.state.map(\.slot))
    for step in 11...20 {
      try problem.gradients(of: broken, step: step)
      try withErrors { second.step() }
    }
    for (left, right) in zip(through, broken) {
      #expect(try left.value().elements(as: Float.self) == right.value().elements(as: Float.self), "\(left.name)")
    }
  }

  @Test(
    "its slots have PyTorch's names",
    arguments: [
      ("sgd", []), ("sgd-momentum", ["momentum_buffer"]), ("adam", ["step", "exp_avg", "exp_avg_sq"]),
      ("adamw-amsgrad-maximize", ["step", "exp_avg", "exp_avg_sq", "max_exp_avg_sq"]), ("rmsprop", ["square_avg"]),
      ("rmsprop-centered", ["grad_avg", "momentum_buffer", "square_avg"]), ("adagrad", ["step", "sum"]),
    ] as [(String, [String])])
  func slots(name: String, slots: [String]) throws {
    let parameters = try problem.parameters()
    var optimizer = try #require(OptimizerCase.all.first { $0.testDescription == name }).make(parameters)
    try problem.gradients(of: parameters, step: 1)
    try withErrors { optimizer.step() }
    // The scalar has no gradient yet.
    #expect(optimizer.state.map(\.parameter) == slots.map { _ in "matrix" } + slots.map { _ in "vector" })
    #expect(optimizer.state.prefix(slots.count).map(\.slot) == slots)
    #expect(try optimizer.state.filter { $0.slot == "step" }.allSatisfy { try $0.tensor.item() == 1 })
  }

  /// A state that does not fit Adam on a parameter `p` of two numbers.
  private static let bad: [(change: @Sendable (inout [String: Tensor]) -> Void, name: String, message: String)] = [
    ({ $0["exp_avg"] = nil }, "p", "the optimizer's state 'exp_avg' of the parameter 'p' is missing"),
    ({ $0["step"] = nil }, "p", "the optimizer's state 'step' of the parameter 'p' is missing"),
    (
      { $0["sum"] = .ones([2]) }, "p",
      "the optimizer's state 'sum' of the parameter 'p' is nothing that this optimizer with these settings remembers"
    ),
    (
      { $0["exp_avg"] = .ones([3]) }, "p",
      "the optimizer's state 'exp_avg' of the parameter 'p' should be float32[2] and is float32[3]"
    ),
    (
      { $0["step"] = Tensor(-1) }, "p",
      "the optimizer's state 'step' of the parameter 'p' should be one int64 of at least 0 and is int64[]"
    ),
    ({ _ in }, "q", "the optimizer's state is of a parameter 'q', which is none of those that train"),
  ]

  @Test("one that does not fit changes nothing", arguments: bad.indices) func refused(index: Int) throws {
    let row = Self.bad[index]
    var optimizer = Adam([Parameter("p", Tensor.ones([2]))])
    var tensors: [String: Tensor] = ["step": Tensor(3), "exp_avg": .ones([2]), "exp_avg_sq": .ones([2])]
    row.change(&tensors)
    let state = tensors.map { OptimizerState(slot: $0.key, parameter: row.name, tensor: $0.value) }
    #expect(throws: TrainingError(.setting, row.message)) { try optimizer.restore(state) }
    #expect(optimizer.state.isEmpty)
  }
}

@Suite("Settings of optimizers") struct OptimizerSettingTests {
  @Test(
    "those outside their range are errors",
    arguments: [
      (.sgd(-1), "the learning rate should be a number of at least 0 and is -1.0"),
      (.sgd(.nan), "the learning rate should be a number of at least 0 and is nan"),
      (.sgd(0.1, momentum: -0.5), "the momentum should be a number of at least 0 and is -0.5"),
      (
        .sgd(0.1, nesterov: true),
        "Nesterov's momentum needs a momentum above 0 and no dampening; they are 0.0 and 0.0"
      ),
      (
        .sgd(0.1, momentum: 0.9, dampening: 0.1, nesterov: true),
        "Nesterov's momentum needs a momentum above 0 and no dampening; they are 0.9 and 0.1"
      ),
      (.adam(betas: (1, 0.9)), "the first beta should be at least 0 and below 1 and is 1.0"),
      (.adamW(betas: (0.9, -0.1)), "the second beta should be at least 0 and below 1 and is -0.1"),
      (.adam(epsilon: -1), "epsilon should be a number of at least 0 and is -1.0"),
      (.adamW(weightDecay: .infinity), "the weight decay should be a number of at least 0 and is inf"),
      (.rmsProp(alpha: -1), "alpha should be a number of at least 0 and is -1.0"),
      (.adagrad(learningRateDecay: -1), "the decay of the learning rate should be a number of at least 0 and is -1.0"),
      (
        .adagrad(initialAccumulatorValue: -1),
        "the initial accumulator value should be a number of at least 0 and is -1.0"
      ),
    ] as [(OptimizerChoice, String)])
  func refused(choice: OptimizerChoice, message: String) {
    #expect(throws: TrainingError(.setting, message)) { try choice.make([Parameter("p", Tensor.ones([2]))]) }
  }
}
