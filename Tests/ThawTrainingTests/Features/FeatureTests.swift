import Synchronization
import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

/// Training on features that were computed once gives what computing the whole model in every step gives.
@Suite("Features kept from epoch to epoch") struct FeatureTests {
  /// What a run of three epochs over a golden's data leaves.
  struct Run {
    let model: Model
    let trainer: Trainer
    let history: TrainingHistory
    var notes: [String] = []
    let after: Evaluation
    let data: Dataset
    var hasFeatures: Bool { notes.contains { $0.contains("every epoch trains on its features") } }

    init(_ model: Model, _ trainer: Trainer, _ data: Dataset, _ plan: TrainingPlan, _ caching: FeatureCaching) throws {
      var plan = plan
      plan.features = caching
      var notes: [String] = []
      history = try trainer.fit(data, plan) { if case .note(let note) = $0 { notes.append(note) } }
      (self.model, self.trainer, self.data, self.notes) = (model, trainer, data, notes)
      after = try trainer.evaluate(data, batchSize: plan.batching.size)
    }
  }

  static func expectSame(_ kept: Run, _ expected: Run, tolerance: Double = 1e-4) throws {
    for parameter in expected.model.parameters {
      let values = try parameter.value().elements(as: Double.self)
      let found = try #require(kept.model.parameters[parameter.name]).value().elements(as: Double.self)
      let bound = tolerance * (values.map(abs).max() ?? 0) + 1e-6
      let worst = zip(found, values).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= bound, "\(parameter.name): off by \(worst), more than \(bound)")
    }
    func expectClose(_ a: Evaluation?, _ b: Evaluation?) {
      #expect((a == nil) == (b == nil) && a?.sampleCount == b?.sampleCount)
      if let a, let b { #expect(abs(a.loss - b.loss) <= tolerance * max(1, abs(b.loss)), "\(a), expected \(b)") }
    }
    #expect(kept.history.count == expected.history.count && kept.history.keptEpoch == expected.history.keptEpoch)
    for (a, b) in zip(kept.history, expected.history) {
      expectClose(a.evaluation, b.evaluation)
      expectClose(a.validation, b.validation)
    }
    expectClose(kept.after, expected.after)
  }

  /// A golden of which the last layers train.
  struct Freeze: Sendable, CustomTestStringConvertible {
    let golden: Golden
    let layers: Int
    var testDescription: String { "\(golden.name), the last \(layers)" }

    func model() throws -> Model {
      let model = try Model(contentsOf: golden.path("model.onnx"))
      try model.trainLast(layers, output: model.outputs.first?.name)
      return model
    }

    func run(_ caching: FeatureCaching) throws -> Run {
      let model = try model()
      let loss: Loss = try golden.information().loss == "ce" ? .crossEntropy : .meanSquaredError
      let trainer = try Trainer(
        model, loss: loss, optimizer: .sgd(0.01, momentum: 0.9), output: model.outputs.first?.name, dropout: .off)
      let arrays = try golden.arrays("train_data.npz")
      let plan = TrainingPlan(epochs: 3, batching: Batching(size: 3))
      return try Run(
        model, trainer, Dataset(arrays.sorted { $0.key < $1.key }.map { (name: $0.key, tensor: $0.value) }), plan,
        caching)
    }

    /// Every golden with its last layer, and with all numbers of layers that leave something frozen.
    static let all: [Freeze] = Golden.all.flatMap { golden -> [Freeze] in
      guard let model = try? Model(contentsOf: golden.path("model.onnx")) else { return [] }
      let counts = (1...64).filter { (try? model.trainLast($0, output: model.outputs.first?.name)) != nil }
      let chosen = [1, 2, counts.count / 2, counts.count - 1].filter { $0 >= 1 && $0 <= counts.count }
      return Set(chosen).sorted().map { Freeze(golden: golden, layers: $0) }
    }
  }

  @Test("goldens: the same weights and losses", arguments: Freeze.all)
  func goldens(freeze: Freeze) throws {
    let kept = try freeze.run(.auto)
    if freeze.layers == 1 { #expect(kept.hasFeatures, "\(kept.notes)") }
    try Self.expectSame(kept, freeze.run(.off))
  }

  @Test("goldens: the features of a sample alone", arguments: Freeze.all.filter { $0.layers == 1 })
  func rows(freeze: Freeze) throws {
    let run = try freeze.run(.auto)
    let stage = try #require(run.trainer.features)
    var arrays = try freeze.golden.arrays("train_data.npz")
    arrays["target"] = nil
    let features = try #require(stage.kept(of: run.data.passedChecks)?.samples)
    let targets = stage.prefix.features.map(\.value)
    let size = if case .fixed(let size, _) = run.trainer.evaluator.batchSize { size } else { 1 }
    for sample in 0..<features.count {
      let rows = [Int](repeating: sample, count: size)
      let alone = try noGrad {
        try run.model.run(
          arrays.mapValues { .tensor(try $0.rows(rows)) }, targets: targets, modes: .inference, isBatchFree: true)
      }
      let kept = try features.batch([sample]).inputs
      for (feature, value) in zip(stage.prefix.features, alone) {
        let expected = try #require(value.tensor).rows([0]).elements(as: Double.self)
        let found = try #require(kept[feature.name]?.tensor).elements(as: Double.self)
        let bound = 2e-5 * (expected.map(abs).max() ?? 0) + 1e-6
        try #require(found.count == expected.count)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= bound }, "\(feature.name), sample \(sample)")
      }
    }
  }

  // A network with two frozen layers of weights, a Dropout and one that trains.

  /// How a run differs from the plainest one.
  struct Variation: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var type: TensorType = .float32("N", 6)
    var count = 22
    var loss: Loss = .crossEntropy
    var dropout = DropoutMode.on
    var batchNormalization = BatchNormalizationMode.frozen
    var optimizer = OptimizerChoice.adam(0.02)
    var change: @Sendable (inout TrainingPlan) throws -> Void = { _ in }

    func model() throws -> Model {
      let sizes = [[6, 32], [32, 8], [8, 3]]
      let w = try sizes.enumerated().map { index, shape in
        Parameter("w\(index)", try RandomGenerator(seed: UInt64(index)).uniform(shape, from: -0.6, to: 0.6))
      }
      let (scale, bias) = (Parameter("scale", Tensor.ones([8])), Parameter("bias", Tensor.zeros([8])))
      let mean = Parameter("mean", Tensor.zeros([8]), role: .buffer)
      let variance = Parameter("variance", Tensor.ones([8]), role: .buffer)
      let isHeld = type.dims?.first?.value != nil
      let model = try Model(
        Graph.record(inputs: ["x": type], output: "y", parameters: w + [scale, bias, mean, variance]) { x in
          let first = x.matmul(try w[0].value()).relu()
          let second = (isHeld ? first.reshaped(to: Tensor([4, 32])) : first).matmul(try w[1].value())
          let normalized = try apply(
            BatchNormalization(epsilon: 1e-5, momentum: 0.9), to: second, scale.value(), bias.value(), mean.value(),
            variance.value())
          return normalized.relu().dropout(ratio: 0.3, training: false).matmul(try w[2].value())
        })
      try model.trainOnly(["w2"])
      return model
    }

    func data(seed: UInt64 = 3, count: Int? = nil) throws -> Dataset {
      let count = count ?? self.count
      let x = try RandomGenerator(seed: seed).uniform([count, 6], from: -1, to: 1)
      return ["x": x, "target": Tensor((0..<count).map { $0 * 7 % 3 })]
    }

    func run(_ caching: FeatureCaching) throws -> Run {
      let model = try model()
      let trainer = try Trainer(
        model, loss: loss, optimizer: optimizer, batchNormalization: batchNormalization, dropout: dropout)
      var plan = TrainingPlan(epochs: 4, batching: Batching(size: 5, order: .shuffled(seed: 7)))
      try change(&plan)
      return try Run(model, trainer, data(), plan, caching)
    }
  }

  static let variations: [Variation] = [
    Variation(testDescription: "plain, Dropout after the cut"),
    Variation(testDescription: "in the order of the data", dropout: .off) { $0.batching.order = .asGiven },
    Variation(testDescription: "two batches a step, clipped, with a schedule") {
      $0.accumulation = 2
      $0.clipping = .norm(0.5)
      $0.schedule = .cosine(end: 0.1)
    },
    Variation(testDescription: "weighted classes", loss: .crossEntropy(classWeights: [1, 2, 0.5])),
    Variation(testDescription: "the batch's statistics after the cut", batchNormalization: .train),
    Variation(testDescription: "a model for four samples", type: .float32(4, 6)),
    Variation(testDescription: "fewer samples than a batch", count: 3),
    Variation(testDescription: "the best epoch on other data") {
      $0.validation = try Variation(testDescription: "").data(seed: 8, count: 9)
      $0.epochs = 12
      $0.patience = 2
    },
  ]

  @Test("the same weights and losses", arguments: variations)
  func same(variation: Variation) throws {
    let expected = try variation.run(.off)
    #expect(!expected.hasFeatures && expected.notes.allSatisfy { !$0.contains("features") })
    let inMemory = try variation.run(.auto)
    #expect(inMemory.hasFeatures && inMemory.notes.contains { $0.contains("in memory") }, "\(inMemory.notes)")
    try Self.expectSame(inMemory, expected)
    #expect(inMemory.notes.contains { $0.hasPrefix("keeping features saved about ") })
  }

  @Test("what memory has no room for goes to a file, with the same weights")
  func file() throws {
    let variation = Variation(testDescription: "", count: 3000, change: { $0.batching.size = 200 })
    let run = try variation.run(FeatureCaching(memory: 1 << 16, disk: 1 << 20))
    #expect(run.hasFeatures && run.notes.contains { $0.hasSuffix("1 value, 96.0 kB in a file without a name") })
    try Self.expectSame(run, variation.run(.off))
  }

  @Test("what is said of the features")
  func words() throws {
    let notes = try Variation(testDescription: "").run(.auto).notes
    let words =
      #/what is frozen, up to node 'Relu_\d+' \(Relu\), was computed once for 22 samples in [\d.]+ [nµm]?s; every epoch trains on its features: 1 value, 704 B in memory/#
    #expect(try words.wholeMatch(in: #require(notes.first)) != nil, "\(notes)")
  }

  @Test("no room: the reason, and the same weights")
  func overBudget() throws {
    let variation = Variation(testDescription: "")
    let run = try variation.run(FeatureCaching(memory: 300, disk: 100))
    #expect(run.notes.count == 1 && run.notes[0].hasPrefix("no features are kept: the features after node '"))
    #expect(run.notes[0].hasSuffix("take 32 bytes a sample, and 18 fit"), "\(run.notes)")
    try Self.expectSame(run, variation.run(.off))
  }

  @Test("one epoch keeps nothing") func oneEpoch() throws {
    let run = try Variation(testDescription: "", change: { $0.epochs = 1 }).run(.auto)
    #expect(run.notes == ["no features are kept: every sample is read once"])
  }

  @Test("where samples meet: the reason, and the same weights") func mixing() throws {
    func run(_ caching: FeatureCaching) throws -> Run {
      let (a, b) = (
        Parameter("a", try RandomGenerator(seed: 1).uniform([6, 16])), Parameter("b", Tensor.ones([16, 1]))
      )
      let model = try Model(
        Graph.record(inputs: ["x": .float32("N", 6)], output: "y", parameters: [a, b]) { x in
          (x - x.mean(axes: [0], keepDims: true)).matmul(try a.value()).matmul(try b.value())
        })
      try model.trainOnly(["b"])
      let data: Dataset = ["x": try RandomGenerator(seed: 2).uniform([9, 6]), "target": Tensor.ones([9, 1])]
      let trainer = try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.01))
      return try Run(model, trainer, data, TrainingPlan(epochs: 3, batching: Batching(size: 4)), caching)
    }
    let kept = try run(.auto)
    #expect(
      kept.notes == ["no features are kept: the samples of a batch may meet in node 'ReduceMean_0' (ReduceMean)"])
    try Self.expectSame(kept, run(.off))
  }

  @Test("a run goes on from a checkpoint with features as it does without") func resumed() throws {
    try NoisyNetwork.withFolder { folder in
      func run(_ caching: FeatureCaching, _ name: String) throws -> Run {
        let variation = Variation(testDescription: "") { plan in
          plan.checkpoint = "\(folder)/\(name)"
          plan.checkpointInterval = .steps(1)
        }
        var interrupted = variation
        let steps = StepCount(7)
        interrupted.change = {
          try variation.change(&$0)
          $0.isInterrupted = { steps.isOver }
        }
        // One question is asked while features are computed.
        #expect(throws: TrainingError.self) { try interrupted.run(caching) }
        var resumed = variation
        resumed.change = {
          try variation.change(&$0)
          $0.resume = "\(folder)/\(name)"
        }
        return try resumed.run(caching)
      }
      let whole = try Variation(testDescription: "").run(.off)
      for (caching, name) in [(FeatureCaching.auto, "kept"), (.off, "off")] {
        let run = try run(caching, name)
        for parameter in whole.model.parameters {
          let found = try #require(run.model.parameters[parameter.name]).value().elements(as: Double.self)
          let expected = try parameter.value().elements(as: Double.self)
          #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        }
      }
    }
  }

  @Test("features that are no numbers are left to the steps, which name the node") func notFinite() throws {
    func error(_ caching: FeatureCaching) throws -> TrainingError? {
      let variation = Variation(testDescription: "")
      let model = try variation.model()
      try #require(model.parameters["w0"]).set(Tensor.full([6, 32], 1e38))
      let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(1))
      var plan = TrainingPlan(epochs: 2, batching: Batching(size: 5))
      plan.features = caching
      return #expect(throws: TrainingError.self) { try trainer.fit(variation.data(), plan) }
    }
    let found = try error(.auto)
    #expect(try found == error(.off) && found?.kind == .nonFinite)
  }

  @Test("frozen values and roles that change afterwards are seen") func changes() throws {
    let variation = Variation(testDescription: "", dropout: .off)
    let (kept, expected) = (try variation.run(.auto), try variation.run(.off))
    for run in [kept, expected] {
      try #require(run.model.parameters["w0"]).set(RandomGenerator(seed: 77).uniform([6, 32], from: -1, to: 1))
    }
    let (a, b) = (try kept.trainer.evaluate(variation.data()), try expected.trainer.evaluate(variation.data()))
    #expect(abs(a.loss - b.loss) < 1e-5)
    var plan = TrainingPlan(epochs: 2, batching: Batching(size: 5))
    for (run, caching) in [(kept, FeatureCaching.auto), (expected, .off)] {
      plan.features = caching
      try run.trainer.fit(variation.data(), plan)
    }
    for parameter in expected.model.parameters {
      let found = try #require(kept.model.parameters[parameter.name]).value().elements(as: Double.self)
      #expect(zip(found, try parameter.value().elements(as: Double.self)).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  @Test("negative budgets are errors") func settings() throws {
    let message = "the memory and the disk space for features should not be negative"
    #expect(throws: TrainingError(.setting, message)) {
      try Variation(testDescription: "").run(FeatureCaching(memory: -1))
    }
  }
}

/// Says that a run should end after so many questions.
private final class StepCount: Sendable {
  private let rest: Mutex<Int>
  init(_ count: Int) { rest = Mutex(count) }
  var isOver: Bool {
    rest.withLock { rest in
      rest -= 1
      return rest < 0
    }
  }
}
