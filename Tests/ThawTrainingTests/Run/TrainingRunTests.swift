import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("A run") struct TrainingRunTests {
  /// y = w · x with w = 0 and a target of 1: one step of the learning rate 1 makes w = 2, the next −… and so on.
  private func model() throws -> Model {
    let w = Parameter("w", Tensor.zeros([1]))
    return try Model(
      Graph.record(inputs: ["x": .float32("N", 1)], output: "y", parameters: [w]) { $0 * (try w.value()) })
  }

  private let data: Dataset = ["x": Tensor.ones([1, 1]), "target": Tensor.ones([1, 1])]

  private func weight(_ model: Model) throws -> Double { try #require(model.parameters["w"]).value().item() }

  @Test("the epochs of a loop") func loop() throws {
    let trainer = try Trainer(model(), loss: .meanSquaredError, optimizer: .sgd(0.1))
    var epochs: [Int] = []
    for epoch in try trainer.fit(data, epochs: 3) { epochs.append(epoch.epoch) }
    #expect(epochs == [1, 2, 3])
  }

  // Plain SGD of (w − 1)²: w − 1 is multiplied with 1 − 2·rate at each step.
  @Test("the model keeps the epoch with the lowest loss on the validation data") func best() throws {
    let model = try model()
    var plan = TrainingPlan(epochs: 6)
    // The training data pulls w from 0 to 1; here 0.5 would be best.
    plan.validation = ["x": Tensor.ones([1, 1]), "target": try Tensor.full([1, 1], 0.5)]
    let history = try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.1)).fit(data, plan)
    // 1 − 0.8ⁿ: 0.2, 0.36, 0.488, 0.59, …
    #expect(history.keptEpoch == 3 && history.keepsBest && history.end == .complete)
    #expect(history.map(\.isBest) == [true, true, true, false, false, false])
    #expect(abs(try weight(model) - 0.488) < 1e-6)
    #expect(history.ending == "the best epoch on the validation data: the model has the values of epoch 3")
  }

  @Test("it ends after so many epochs without improvement", arguments: [1, 2, 3]) func patience(count: Int) throws {
    let model = try model()
    var plan = TrainingPlan(epochs: 50)
    plan.validation = ["x": Tensor.ones([1, 1]), "target": try Tensor.full([1, 1], 0.5)]
    plan.patience = count
    let history = try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.1)).fit(data, plan)
    #expect(history.count == 3 + count && history.end == .stoppedEarly(after: 3 + count))
    #expect(abs(try weight(model) - 0.488) < 1e-6)
  }

  @Test("without validation the last epoch is kept") func last() throws {
    let model = try model()
    let history = try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.1)).fit(data, TrainingPlan(epochs: 4))
    #expect(history.keptEpoch == 4 && !history.keepsBest && history.ending == nil)
    #expect(abs(try weight(model) - (1 - 0.4096)) < 1e-6)
  }

  @Test("the schedule scales every group alike") func groups() throws {
    let (a, b) = (Parameter("a", Tensor.zeros([1])), Parameter("b", Tensor.zeros([1])))
    let graph = try Graph.record(inputs: ["x": .float32("N", 1)], output: "y", parameters: [a, b]) {
      $0 * (try a.value()) + (try b.value())
    }
    let trainer = try Trainer(
      Model(graph), loss: .meanSquaredError, optimizer: .sgd(0.1), groups: [("b", .sgd(0.01))])
    var plan = TrainingPlan(epochs: 4)
    plan.schedule = .step(every: 2, gamma: 0.5)
    let rates = try trainer.fit(data, plan).map { $0.learningRates.sorted() }
    #expect(rates == [[0.01, 0.1], [0.01, 0.1], [0.005, 0.05], [0.005, 0.05]])
  }

  @Test("the cancellation of its task ends a run after the step") func cancellation() async throws {
    let steps = try await Task { () -> Int in
      var steps = 0
      let trainer = try Trainer(model(), loss: .meanSquaredError, optimizer: .sgd(0.1))
      do {
        try trainer.fit(data, TrainingPlan(epochs: 1000)) { event in
          guard case .step = event else { return }
          steps += 1
          if steps == 3 { withUnsafeCurrentTask { $0?.cancel() } }
        }
        Issue.record("no error")
      } catch let error as TrainingError {
        #expect(error.kind == .interrupted)
        #expect(
          error.message
            == "training was interrupted in epoch 3 after step 1: nothing was saved, because no checkpoint is written")
      }
      return steps
    }.value
    #expect(steps == 3)
  }

  /// A plan that cannot be carried out, and part of what must be said.
  struct Bad: Sendable, CustomTestStringConvertible {
    let message: String
    let change: @Sendable (inout TrainingPlan) -> Void
    var testDescription: String { message }

    static let all = [
      Bad(message: "the number of epochs should not be negative: -1") { $0.epochs = -1 },
      Bad(message: "more than can be counted") { ($0.epochs, $0.batching.size) = (Int.max, 1) },
      Bad(message: "a step should take at least 1 batch, not 0") { $0.accumulation = 0 },
      Bad(message: "changes every 1 or more epochs, not every 0") { $0.schedule = .step(every: 0, gamma: 0.1) },
      Bad(message: "takes a gamma above 0, not nan") { $0.schedule = .step(every: 1, gamma: .nan) },
      Bad(message: "at a share of at least 0, not at -1.0") { $0.schedule = .cosine(end: -1) },
      Bad(message: "the warm-up should be at least 0 steps and is -1") { $0.warmup = .steps(-1) },
      Bad(message: "should be a share from 0 to 1 of the steps and is 1.5") { $0.warmup = .share(1.5) },
      Bad(message: "the bound of the gradients should be a number above 0 and is 0.0") { $0.clipping = .norm(0) },
      Bad(message: "at least 1 epoch without improvement") {
        ($0.patience, $0.validation) = (0, ["x": Tensor.ones([1, 1]), "target": Tensor.ones([1, 1])])
      },
      Bad(message: "give some as validation") { $0.patience = 1 },
      Bad(message: "the array 'target'") { $0.validation = ["x": Tensor.ones([1, 1])] },
      Bad(message: "every 1 or more epochs or steps") { $0.checkpointInterval = .steps(0) },
      Bad(message: "every 1 or more steps") { ($0.log, $0.logInterval) = ("/nowhere/log", 0) },
      Bad(message: "give its file") { $0.logInterval = 1 },
      Bad(message: "/nowhere/c.npz") { $0.checkpoint = "/nowhere/c.npz" },
      Bad(message: "the log /nowhere/log cannot be written: No such file or directory") { $0.log = "/nowhere/log" },
      Bad(message: "/tmp/nothing.npz") { $0.resume = "/tmp/nothing.npz" },
    ]
  }

  @Test("what cannot be is said before the first step", arguments: Bad.all) func bad(row: Bad) throws {
    let model = try model()
    var plan = TrainingPlan(epochs: 1, batching: Batching(size: 1))
    row.change(&plan)
    let two: Dataset = ["x": Tensor.ones([2, 1]), "target": Tensor.ones([2, 1])]
    do {
      try Trainer(model, loss: .meanSquaredError, optimizer: .sgd(0.1)).fit(two, plan)
      Issue.record("no error")
    } catch {
      #expect("\(error)".contains(row.message), "\(error)")
    }
    #expect(try weight(model) == 0)
  }

  @Test("numbers too large to be meant are no trap")
  func huge() throws {
    var plan = TrainingPlan(epochs: 2)
    (plan.accumulation, plan.warmup) = (.max, .steps(.max))
    var notes: [String] = []
    let history = try Trainer(model(), loss: .meanSquaredError, optimizer: .sgd(0.1)).fit(data, plan) {
      if case .note(let note) = $0 { notes.append(note) }
    }
    #expect(history.count == 2)
    #expect(notes.count == 2 && notes[0].hasSuffix("an epoch has 1: every step takes all"))
  }
}
