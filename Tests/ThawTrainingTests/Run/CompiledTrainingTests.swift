import Synchronization
import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("Training by programs") struct CompiledTrainingTests {
  /// The parts of the goldens in which the trainer can be told what is done.
  static let trainings = GoldenTraining.all.filter { $0.part != .batchNormalizationInFile }

  @Test("five steps of the goldens, eager and compiled", arguments: trainings, [true, false])
  func goldens(training: GoldenTraining, isCompiled: Bool) throws {
    let information = try training.golden.information()
    let numbers = try training.numbers(information)
    let model = try training.model(information)
    var arrays = try training.golden.arrays("train_data.npz")
    let removed = arrays.removeValue(forKey: "target")
    let target = try #require(removed)
    let trainer = try Trainer(
      model, loss: information.loss == "ce" ? .crossEntropy : .meanSquaredError, optimizer: .sgd(0.01, momentum: 0.9),
      output: model.outputs.first?.name, batchNormalization: training.part == .batchNormalization ? .train : .frozen,
      execution: isCompiled ? .compiled : .eager)
    for step in 0..<5 {
      let loss = try trainer.step(arrays, target)
      let expected = numbers.losses[step]
      #expect(abs(loss - expected) <= 1e-3 * abs(expected) + 1e-5, "step \(step)")
    }
    #expect(trainer.programs.eagerReasons == [])
    #expect(trainer.programs.count == (isCompiled ? 1 : 0))
    // No gradient outlives its step.
    #expect(model.parameters.allSatisfy { $0.grad == nil })
    let parameters = try training.parameters()
    let ofAll = try parameters.values.flatMap { try $0.elements(as: Double.self).map(abs) }.max() ?? 0
    for (name, expected) in parameters {
      let values = try expected.elements(as: Double.self)
      let noise = max(1e-3, 10 * numbers.noiseParams5F32VsF64.maxRelToTensorMax)
      let bound = noise * (values.map(abs).max() ?? 0) + 1e-5 * ofAll
      let found = try #require(model.parameters[name]).value().elements(as: Double.self)
      let worst = zip(found, values).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= bound, "\(name)")
    }
  }

  /// What eager and compiled training of the noisy network end with.
  private func bothWays(
    _ plan: TrainingPlan, _ optimizer: OptimizerChoice = .sgd(0.05, momentum: 0.9)
  ) throws -> (eager: [String: [Float]], compiled: [String: [Float]], programs: Int) {
    func trained(_ execution: Execution) throws -> ([String: [Float]], Int) {
      let model = try NoisyNetwork.model()
      let trainer = try Trainer(
        model, loss: .crossEntropy, optimizer: optimizer, batchNormalization: .train, execution: execution)
      try trainer.fit(NoisyNetwork.data(), plan)
      #expect(trainer.programs.eagerReasons == [])
      return (try NoisyNetwork.numbers(model), trainer.programs.count)
    }
    let (eager, compiled) = (try trained(.eager), try trained(.compiled))
    return (eager.0, compiled.0, compiled.1)
  }

  private func expectClose(_ found: [String: [Float]], _ expected: [String: [Float]]) {
    #expect(Set(found.keys) == Set(expected.keys))
    for (name, values) in expected {
      let worst = zip(found[name] ?? [], values).map { abs($0 - $1) }.max() ?? 0
      #expect(worst < 1e-5, "\(name): off by \(worst)")
    }
  }

  @Test("the last short batch has a program of its own; statistics and what Dropout draws are those of eager steps")
  func shortBatch() throws {
    var plan = TrainingPlan(epochs: 3, batching: Batching(size: 5, order: .shuffled(seed: 7)))
    plan.clipping = .norm(0.5)
    let (eager, compiled, programs) = try bothWays(plan)
    #expect(programs == 2)
    expectClose(compiled, eager)
  }

  @Test("steps of several batches") func accumulation() throws {
    let (eager, compiled, programs) = try bothWays(NoisyNetwork.plan())
    #expect(programs == 2)
    expectClose(compiled, eager)
  }

  @Test("Dropout draws the bytes that eager steps draw, whatever the seed") func dropout() throws {
    let w = Parameter("w", Tensor.ones([64]))
    let graph = try Graph.record(inputs: ["x": .float32("N", 64)], output: "y", parameters: [w]) { x in
      (x * (try w.value())).dropout(ratio: 0.4, training: false).dropout(ratio: 0.1, training: false)
    }
    func predictions(_ execution: Execution) throws -> [[Float]] {
      let trainer = try Trainer(
        Model(graph), loss: .meanSquaredError, optimizer: .sgd(0.1), execution: execution)
      let inputs: [String: Value] = ["x": .tensor(Tensor.ones([8, 64]))]
      return try [0, 1, UInt64.max].map { seed in
        let target = Tensor.ones([8, 64])
        let loss = try trainer.programs.loss(inputs, target, seed: seed)
        #expect((loss == nil) == (execution == .eager))
        return try
          (loss
          ?? BatchLoss(eager: trainer.evaluator, inputs, target, modes: trainer.programs.modes, seed: seed))
          .prediction.elements(as: Float.self)
      }
    }
    let compiled = try predictions(.compiled)
    #expect(try compiled == predictions(.eager))
    #expect(Set(compiled).count == 3)
  }

  @Test("a run that goes on from its checkpoint ends with the same bytes") func resumed() throws {
    try NoisyNetwork.withFolder { folder in
      var plan = try NoisyNetwork.plan()
      let whole = try NoisyNetwork.model()
      try NoisyNetwork.trainer(whole).fit(NoisyNetwork.data(), plan)
      let steps = Mutex(0)
      plan.checkpoint = "\(folder)/run"
      plan.isInterrupted = {
        steps.withLock { count in
          count += 1
          return count == 6
        }
      }
      let (half, rest) = (try NoisyNetwork.model(), try NoisyNetwork.model())
      #expect(throws: TrainingError.self) { try NoisyNetwork.trainer(half).fit(NoisyNetwork.data(), plan) }
      plan.resume = plan.checkpoint
      plan.isInterrupted = { false }
      let trainer = try NoisyNetwork.trainer(rest)
      try trainer.fit(NoisyNetwork.data(), plan)
      #expect(trainer.programs.count > 0)
      #expect(try NoisyNetwork.numbers(rest) == NoisyNetwork.numbers(whole))
    }
  }

  /// A change between two runs of one trainer.
  enum Change: String, CaseIterable, Sendable { case frozenValue, trainedValue, frozen, unfrozen, buffer }

  @Test("values and roles that change are seen", arguments: Change.allCases) func changes(change: Change) throws {
    func trained(_ execution: Execution) throws -> [String: [Float]] {
      let model = try NoisyNetwork.model()
      if change != .frozen { try model.freeze("v") }
      let trainer = try Trainer(
        model, loss: .crossEntropy, optimizer: .sgd(0.05, momentum: 0.9), batchNormalization: .train,
        execution: execution)
      let plan = TrainingPlan(epochs: 1, batching: Batching(size: 11))
      for round in 0..<3 {
        try trainer.fit(NoisyNetwork.data(), plan)
        _ = try trainer.evaluate(NoisyNetwork.data())
        let value = try RandomGenerator(seed: UInt64(round + 10)).uniform([8, 2], from: -1, to: 1)
        switch change {
        case .frozenValue: try #require(model.parameters["v"]).set(value)
        case .trainedValue:
          let weights = try RandomGenerator(seed: UInt64(round)).uniform([3, 8], from: -1, to: 1)
          try #require(model.parameters["w"]).set(weights)
        case .frozen: try model.freeze("w")
        case .unfrozen: try model.unfreeze("v")
        case .buffer: try #require(model.parameters["variance"]).set(Tensor.ones([8]) * Float(round + 2))
        }
      }
      #expect(trainer.programs.eagerReasons == [])
      return try NoisyNetwork.numbers(model)
    }
    expectClose(try trained(.compiled), try trained(.eager))
  }
}
