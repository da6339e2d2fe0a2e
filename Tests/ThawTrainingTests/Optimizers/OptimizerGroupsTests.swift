import Testing
import ThawGraph
import ThawTensor
import ThawTypes

@testable import ThawTraining

@Suite("Groups of parameters, and those of 16 bits: PyTorch's numbers") struct OptimizerGroupsTests {
  private let problem: OptimizerProblem
  private let expected: [String: Tensor]

  init() throws {
    problem = try OptimizerProblem()
    expected = try Fixture.arrays("groups.npz")
  }

  /// A model whose parameters are named like those of the problem.
  private func model() throws -> Model {
    let parameters = try problem.parameters()
    return try Model(
      Graph.record(inputs: ["x": .float32(4, 4)], output: "y", parameters: parameters) { x in
        x.matmul(try parameters[0].value()).sum() + (x * (try parameters[1].value())).sum()
          + (x * (try parameters[2].value())).sum()
      })
  }

  private func groups(
    _ model: Model, rest: OptimizerChoice, _ groups: [(pattern: String, optimizer: OptimizerChoice)]
  ) throws -> OptimizerGroups {
    let parameters = try OptimizerProblem.names.map { try #require(model.parameters[$0]) }
    return try OptimizerGroups(of: parameters, in: model, rest: rest, groups: groups)
  }

  private func expectSteps(_ name: String, _ model: Model, _ optimizer: inout OptimizerGroups, scaled: Bool) throws {
    let parameters = try OptimizerProblem.names.map { try #require(model.parameters[$0]) }
    for step in 1...20 {
      try problem.gradients(of: parameters, step: step)
      if scaled { optimizer.learningRateScale = 1 / Double(step) }
      try withErrors { optimizer.step() }
      guard let row = OptimizerProblem.kept.firstIndex(of: step) else { continue }
      for parameter in parameters {
        let rows = try #require(expected["\(name).\(parameter.name)"])
        try problem.expect(parameter.value(), rows, row: row, "\(name), \(parameter.name), step \(step)")
      }
    }
  }

  @Test("each with its own settings; a learning rate of 0 holds still") func settings() throws {
    let model = try model()
    var optimizer = try groups(
      model, rest: .sgd(0.02, momentum: 0.9),
      [("mat*", .sgd(0.1, momentum: 0.5, weightDecay: 0.05)), ("vector", .sgd(0, momentum: 0.9))])
    #expect(optimizer.learningRates == [0.1, 0, 0.02])
    try expectSteps("groups-sgd", model, &optimizer, scaled: false)
    #expect(Set(optimizer.state.map(\.parameter)) == Set(OptimizerProblem.names))
    var other = try groups(model, rest: .sgd(0.02, momentum: 0.9), [("mat*", .sgd(0.1, momentum: 0.5))])
    try other.restore(optimizer.state)
    #expect(other.state.count == 3)
  }

  @Test("a scale changes every group's own rate") func scale() throws {
    let model = try model()
    var optimizer = try groups(model, rest: .adam(0.02), [("matrix", .adam(0.1))])
    try expectSteps("groups-adam-scaled", model, &optimizer, scaled: true)
    #expect(optimizer.learningRates == [0.1, 0.02].map { $0 * (1 / 20) })
  }

  @Test("what may not be") func refused() throws {
    let model = try model()
    let inTwo = "the parameter 'matrix' is in the groups 'm*' and '*x'; it may be in one only"
    #expect(throws: TrainingError(.setting, inTwo)) {
      _ = try groups(model, rest: .sgd(0.1), [("m*", .sgd(0.2)), ("*x", .sgd(0.3))])
    }
    #expect(throws: ModelError.self) { _ = try groups(model, rest: .sgd(0.1), [("tensor", .sgd(0.2))]) }
    #expect(throws: TrainingError.self) { _ = try groups(model, rest: .sgd(-1), [("*", .sgd(0.2))]) }
  }

  static let halves: [(name: String, dtype: DType, make: @Sendable ([Parameter]) throws -> any Optimizer)] = [
    ("float16-sgd", .float16, { SGD($0, learningRate: 0.001, momentum: 0.9) }),
    ("float16-adamw", .float16, { AdamW($0, learningRate: 0.0005) }),
    ("bfloat16-sgd", .bfloat16, { SGD($0, learningRate: 0.001, momentum: 0.9) }),
    ("bfloat16-adamw", .bfloat16, { AdamW($0, learningRate: 0.0005) }),
  ]

  @Test("16 bits with a float32 master, the second half after taking over the state", arguments: halves.indices)
  func masters(index: Int) throws {
    let row = Self.halves[index]
    let parameters = try problem.parameters(row.dtype)
    var optimizer = try row.make(parameters)
    for step in 1...20 {
      if step == 11 {
        let state = optimizer.state
        optimizer = try row.make(parameters)
        #expect(throws: TrainingError.self) { try optimizer.restore(state.filter { $0.slot != "master" }) }
        try optimizer.restore(state)
      }
      try problem.gradients(of: parameters, step: step)
      try withErrors { optimizer.step() }
      guard let kept = OptimizerProblem.kept.firstIndex(of: step) else { continue }
      for parameter in parameters where parameter.name != "scalar" || step > 2 {
        let name = "\(row.name).\(parameter.name)"
        let master = try #require(
          optimizer.state.first { $0.slot == "master" && $0.parameter == parameter.name }?.tensor)
        #expect(master.dtype == .float32)
        try problem.expect(master, #require(expected["\(name).master"]), row: kept, "\(name).master, step \(step)")
        let value = try parameter.value()
        #expect(value.dtype == row.dtype)
        #expect(try value.elements(as: Float.self) == master.cast(to: row.dtype).elements(as: Float.self), "\(name)")
      }
    }
  }

  @Test("steps below half a unit in the last place add up", arguments: [DType.float16, .bfloat16])
  func smallSteps(dtype: DType) throws {
    let parameter = Parameter("p", try Tensor.full([1], 1, dtype: dtype))
    var optimizer = SGD([parameter], learningRate: 1)
    // 1 + 2⁻¹² is 1 in both types; 64 of them are 1 + 2⁻⁶, which both hold.
    for _ in 0..<64 {
      parameter.zeroGrad()
      try (parameter.value() * Tensor.full([1], -0x1p-12, dtype: dtype)).sum().backward()
      try withErrors { optimizer.step() }
    }
    #expect(try parameter.value().item() == 1 + 0x1p-6)
    // A value from outside takes the master's place.
    try parameter.set(Tensor.full([1], 3, dtype: dtype))
    try (parameter.value() * Tensor.full([1], 1, dtype: dtype)).sum().backward()
    try withErrors { optimizer.step() }
    #expect(try parameter.value().item() == 2)
  }
}
