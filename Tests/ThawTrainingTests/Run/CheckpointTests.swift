import Foundation
import Synchronization
import Testing
import ThawGraph
import ThawTensor
import ThawTypes

@testable import ThawTraining

@Suite("Checkpoints") struct CheckpointTests {
  /// Counts steps, and says when so many are taken.
  private final class Stop: Sendable {
    private let left: Atomic<Int>
    init(after steps: Int) { left = Atomic(steps) }
    func ask() -> Bool { left.subtract(1, ordering: .relaxed).newValue <= 0 }
  }

  /// Runs until so many steps are taken, and goes on with a new model until the end.
  private func interrupted(
    at step: Int, _ optimizer: OptimizerChoice, _ plan: TrainingPlan, in folder: String
  ) throws -> (model: Model, history: TrainingHistory) {
    var plan = plan
    plan.checkpoint = "\(folder)/run.npz"
    let stop = Stop(after: step)
    plan.isInterrupted = { stop.ask() }
    let error = #expect(throws: TrainingError.self) {
      try NoisyNetwork.trainer(NoisyNetwork.model(), optimizer).fit(NoisyNetwork.data(), plan)
    }
    #expect(error?.kind == .interrupted)
    let model = try NoisyNetwork.model()
    var rest = plan
    (rest.checkpoint, rest.resume, rest.isInterrupted) = (nil, "\(folder)/run.npz", { false })
    return (model, try NoisyNetwork.trainer(model, optimizer).fit(NoisyNetwork.data(), rest))
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let optimizer: OptimizerChoice
    var testDescription: String { optimizer.description }

    static let all = [
      Case(optimizer: .adam(0.02)), Case(optimizer: .sgd(0.1, momentum: 0.9, nesterov: true)),
      Case(optimizer: .adamW(0.02, amsgrad: true)), Case(optimizer: .rmsProp(momentum: 0.5, centered: true)),
      Case(optimizer: .adagrad(0.1, learningRateDecay: 0.1)),
    ]
  }

  // Four steps an epoch: in its middle, at its end, after the first and before the last.
  @Test("a run that was interrupted ends with the same numbers", arguments: Case.all, [1, 4, 6, 15])
  func resumes(row: Case, step: Int) throws {
    try NoisyNetwork.withFolder { folder in
      var plan = try NoisyNetwork.plan()
      plan.schedule = .cosine(end: 0.1)
      plan.warmup = .share(0.2)
      plan.clipping = .norm(1)
      let whole = try NoisyNetwork.model()
      try NoisyNetwork.trainer(whole, row.optimizer).fit(NoisyNetwork.data(), plan)
      let (model, _) = try interrupted(at: step, row.optimizer, plan, in: folder)
      #expect(try NoisyNetwork.numbers(model) == NoisyNetwork.numbers(whole))
    }
  }

  @Test("the best epoch and the patience go on too", arguments: [3, 8, 13])
  func resumesValidation(step: Int) throws {
    try NoisyNetwork.withFolder { folder in
      var plan = try NoisyNetwork.plan(epochs: 12)
      plan.validation = try NoisyNetwork.data(9, seed: 99)
      plan.patience = 2
      // So fast that the loss soon grows again.
      let optimizer = OptimizerChoice.sgd(1.5, momentum: 0.9)
      let whole = try NoisyNetwork.model()
      let history = try NoisyNetwork.trainer(whole, optimizer).fit(NoisyNetwork.data(), plan)
      let (model, resumed) = try interrupted(at: step, optimizer, plan, in: folder)
      #expect(resumed.end == history.end && resumed.keptEpoch == history.keptEpoch)
      #expect(try NoisyNetwork.numbers(model) == NoisyNetwork.numbers(whole))
    }
  }

  @Test("the log goes on without a line twice", arguments: [1, 3, 4, 7])
  func log(step: Int) throws {
    try NoisyNetwork.withFolder { folder in
      let path = "\(folder)/log.jsonl"
      let foreign = "{\"run\":\"another\",\"event\":\"epoch\",\"epoch\":9,\"step\":900}\n"
      try Data(foreign.utf8).write(to: URL(filePath: path))
      var plan = try NoisyNetwork.plan(epochs: 3)
      plan.log = path
      plan.logInterval = 2
      plan.checkpoint = "\(folder)/run.npz"
      let stop = Stop(after: step)
      plan.isInterrupted = { stop.ask() }
      _ = try? NoisyNetwork.trainer(NoisyNetwork.model()).fit(NoisyNetwork.data(), plan)
      // As if the process had gone on after its checkpoint: the rest is done, then done again.
      (plan.isInterrupted, plan.checkpoint, plan.resume) = ({ false }, "\(folder)/elsewhere.npz", "\(folder)/run.npz")
      for _ in 0..<2 {
        try NoisyNetwork.trainer(NoisyNetwork.model()).fit(NoisyNetwork.data(), plan)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { Data($0.utf8) }
        #expect(lines[0] + Data("\n".utf8) == Data(foreign.utf8))
        let found = try lines.dropFirst().map { line in
          let fields = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
          #expect(fields["loss"] is Double && fields["lr"] is Double && fields["seconds"] is Double)
          let event = try #require(fields["event"] as? String)
          #expect((fields["accuracy"] is Double) == (event == "epoch"))
          return "\(event) \(fields["epoch"] as? Int ?? 0) \(fields["step"] as? Int ?? 0)"
        }
        #expect(
          found == [
            "step 1 2", "step 1 4", "epoch 1 4", "step 2 6", "step 2 8", "epoch 2 8", "step 3 10", "step 3 12",
            "epoch 3 12",
          ])
      }
    }
  }

  @Test("a finished run says so, and gives the same model again") func finished() throws {
    try NoisyNetwork.withFolder { folder in
      var plan = try NoisyNetwork.plan(epochs: 2)
      plan.checkpoint = "\(folder)/run.npz"
      let whole = try NoisyNetwork.model()
      try NoisyNetwork.trainer(whole).fit(NoisyNetwork.data(), plan)
      plan.resume = plan.checkpoint
      let model = try NoisyNetwork.model()
      var notes: [String] = []
      let history = try NoisyNetwork.trainer(model).fit(NoisyNetwork.data(), plan) {
        if case .note(let note) = $0 { notes.append(note) }
      }
      #expect(history.isEmpty && history.keptEpoch == 2)
      #expect(
        notes == ["the run of the checkpoint \(folder)/run.npz has done all its 2 epochs: nothing is left to train"])
      #expect(try NoisyNetwork.numbers(model) == NoisyNetwork.numbers(whole))
      // Where the learning rate does not depend on their number, more epochs may follow.
      plan.epochs = 3
      #expect(try NoisyNetwork.trainer(model).fit(NoisyNetwork.data(), plan).map(\.epoch) == [3])
      let three = try NoisyNetwork.model()
      try NoisyNetwork.trainer(three).fit(NoisyNetwork.data(), NoisyNetwork.plan(epochs: 3))
      #expect(try NoisyNetwork.numbers(model) == NoisyNetwork.numbers(three))
    }
  }

  @Test("a checkpoint of other settings: all that differs is listed, and nothing changes") func otherSettings() throws {
    try NoisyNetwork.withFolder { folder in
      var plan = try NoisyNetwork.plan(epochs: 1)
      plan.checkpoint = "\(folder)/run.npz"
      try NoisyNetwork.trainer(NoisyNetwork.model()).fit(NoisyNetwork.data(), plan)
      let bytes = try Data(contentsOf: URL(filePath: "\(folder)/run.npz"))
      let model = try NoisyNetwork.model()
      let before = try NoisyNetwork.numbers(model)
      var other = TrainingPlan(epochs: 2, batching: Batching(size: 4, order: .asGiven), seed: 9)
      (other.resume, other.accumulation, other.schedule) = (plan.checkpoint, 3, .linear(end: 0))
      (other.warmup, other.clipping, other.validation) = (.steps(3), .value(1), try NoisyNetwork.data(5))
      let trainer = try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.1), dropout: .off)
      let x = try #require(try NoisyNetwork.data(10)["x"])
      other.validation = ["x": x, "target": Tensor.zeros([10, 2])]
      let error = #expect(throws: TrainingError.self) {
        try trainer.fit(["x": x, "target": Tensor.zeros([10, 2])], other)
      }
      #expect(error?.kind == .checkpoint)
      for difference in [
        "run.npz is the checkpoint of another run", "samples was 22 and is 10", "validation samples was 0 and is 10",
        "loss was cross-entropy and is mse", "optimizer was Adam, learning rate 0.02 and is SGD, learning rate 0.1",
        "BatchNormalization was train and is frozen", "Dropout was on and is off", "batch size was 3 and is 4",
        "order was shuffled with seed 7 and is as given", "seed was 7 and is 9", "batches a step was 2 and is 3",
        "schedule was constant and is linear:end=0.0", "warm-up was 0 steps and is 3 steps",
        "gradient bound was none and is value 1.0", "epochs was not set and is 2",
      ] { #expect(error?.message.contains(difference) == true, "\(difference): \(error?.message ?? "")") }
      #expect(try NoisyNetwork.numbers(model) == before)

      // Another model.
      try model.freeze("v")
      plan.resume = plan.checkpoint
      let frozen = #expect(throws: TrainingError.self) {
        try NoisyNetwork.trainer(model).fit(NoisyNetwork.data(), plan)
      }
      #expect(frozen?.message.contains("model was ") == true)
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/run.npz")) == bytes)
    }
  }

  @Test("bfloat16 goes through float32 and back") func narrowTypes() throws {
    let parameter = Parameter("p", try withErrors { Tensor([1.5, -3.25] as [Float]).cast(to: .bfloat16) })
    try NoisyNetwork.withFolder { folder in
      let record = Checkpoint.Record(
        state: TrainingState(), settings: [], environment: RunEnvironment(.compiled), generatorSeed: .max,
        generatorPosition: 1 << 63, run: "r")
      try Checkpoint(record, parameters: [("p", parameter.value().detach())], best: [], optimizer: [])
        .write(to: "\(folder)/c.npz")
      let read = try Checkpoint(contentsOf: "\(folder)/c.npz")
      let values = try Checkpoint.values(read.parameters, for: [parameter], "parameter", "c.npz")
      #expect(values[0].value.dtype == .bfloat16)
      #expect(try values[0].value.elements(as: Float.self) == [1.5, -3.25])
      #expect(read.record.generatorSeed == .max && read.record.generatorPosition == 1 << 63)
    }
  }

  /// A way to damage a checkpoint, and part of what must be said.
  struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let message: String
    let change: @Sendable (inout [(name: String, tensor: Tensor)]) -> Void

    static func state(_ description: String, _ message: String, _ replace: String, by text: String) -> Damage {
      Damage(testDescription: description, message: message) { arrays in
        guard let index = arrays.firstIndex(where: { $0.name == "state" }),
          let bytes = try? arrays[index].tensor.elements(as: UInt8.self)
        else { return }
        let changed = Array(String(decoding: bytes, as: UTF8.self).replacing(replace, with: text).utf8)
        arrays[index].tensor = Tensor(elements: changed, shape: [changed.count])
      }
    }

    static let all = [
      Damage(testDescription: "no state", message: "not a checkpoint of Thaw: the array 'state'") {
        $0.removeAll { $0.name == "state" }
      },
      Damage(testDescription: "a state of numbers", message: "not a checkpoint of Thaw: the array 'state'") {
        $0[0].tensor = Tensor.ones([3])
      },
      Damage(testDescription: "no JSON", message: "its 'state' has no format number") {
        $0[0].tensor = Tensor(elements: [1, 2, 3] as [UInt8], shape: [3])
      },
      state("another format", "in format 7, and this Thaw reads format 1", "\"format\":1", by: "\"format\":7"),
      state("a field is missing", "'state' of the checkpoint is damaged", "\"stepInEpoch\"", by: "\"other\""),
      state("a negative epoch", "'state' of the checkpoint is damaged", "\"epoch\":2", by: "\"epoch\":-2"),
      state("steps of no run", "do not fit its epochs", "\"step\":8", by: "\"step\":9"),
      state("a huge epoch", "do not fit its epochs", "\"epoch\":2", by: "\"epoch\":\(Int.max)"),
      Damage(testDescription: "a parameter is missing", message: "the array 'parameter/v' is missing") {
        $0.removeAll { $0.name == "parameter/v" }
      },
      Damage(testDescription: "a buffer is missing", message: "the array 'parameter/mean' is missing") {
        $0.removeAll { $0.name == "parameter/mean" }
      },
      Damage(testDescription: "a parameter too many", message: "'parameter/u' belongs to nothing") {
        $0.append(("parameter/u", Tensor.ones([2])))
      },
      Damage(testDescription: "another shape", message: "'parameter/v' should be float32[8, 2] and is float32[2]") {
        guard let index = $0.firstIndex(where: { $0.name == "parameter/v" }) else { return }
        $0[index].tensor = Tensor.ones([2])
      },
      Damage(testDescription: "another type", message: "'parameter/v' should be float32[8, 2] and is int64[8, 2]") {
        guard let index = $0.firstIndex(where: { $0.name == "parameter/v" }) else { return }
        $0[index].tensor = Tensor.ones([8, 2], dtype: .int64)
      },
      Damage(
        testDescription: "the optimizer's memory has a hole", message: "'exp_avg_sq' of the parameter 'v' is missing"
      ) {
        $0.removeAll { $0.name == "optimizer/exp_avg_sq/v" }
      },
      Damage(testDescription: "the optimizer remembers a stranger", message: "of a parameter 'u'") {
        $0.append(("optimizer/exp_avg/u", Tensor.ones([2])))
      },
      Damage(testDescription: "no parameter's memory", message: "'optimizer/exp_avg' names no parameter") {
        $0.append(("optimizer/exp_avg", Tensor.ones([2])))
      },
    ]
  }

  @Test("a damaged or foreign checkpoint is refused, and nothing changes", arguments: Damage.all)
  func damaged(damage: Damage) throws {
    try NoisyNetwork.withFolder { folder in
      var plan = try NoisyNetwork.plan(epochs: 2)
      plan.checkpoint = "\(folder)/run.npz"
      try NoisyNetwork.trainer(NoisyNetwork.model()).fit(NoisyNetwork.data(), plan)
      var arrays = try TensorFile.readArchive("\(folder)/run.npz")
      damage.change(&arrays)
      try TensorFile.write(arrays, to: "\(folder)/damaged.npz")
      let bytes = try Data(contentsOf: URL(filePath: "\(folder)/damaged.npz"))

      let model = try NoisyNetwork.model()
      let before = try NoisyNetwork.numbers(model)
      (plan.checkpoint, plan.resume, plan.epochs) = (nil, "\(folder)/damaged.npz", 3)
      let error = #expect(throws: TrainingError.self) {
        try NoisyNetwork.trainer(model).fit(NoisyNetwork.data(), plan)
      }
      #expect(error?.kind == .checkpoint)
      #expect(error?.message.contains(damage.message) == true, "\(error?.message ?? "")")
      #expect(try NoisyNetwork.numbers(model) == before)
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/damaged.npz")) == bytes)
    }
  }
}
