import ThawGraph
import ThawTensor

/// One run of a trainer through its epochs.
struct TrainingRun {
  private let trainer: Trainer
  private let plan: TrainingPlan
  private let samples: Samples
  private let validation: Samples?
  private let batchesPerEpoch: Int
  private let accumulation: Int
  private let pace: Pace
  private var state: TrainingState
  private var history = TrainingHistory()
  /// The values of the best epoch.
  private var best: [(parameter: Parameter, value: Tensor)] = []

  /// Checks everything that can be checked before the first step.
  ///
  /// - Throws: `TrainingError` of kind `setting`, `data` or `label`.
  init(_ trainer: Trainer, _ dataset: Dataset, _ plan: TrainingPlan) throws {
    try plan.check()
    self.trainer = trainer
    self.plan = plan
    samples = try trainer.evaluator.checkedSamples(dataset, batchSize: plan.batching.size)
    validation = try plan.validation.map {
      try trainer.evaluator.checkedSamples($0, batchSize: plan.batching.size)
    }
    batchesPerEpoch = (samples.count - 1) / plan.batching.size + 1
    accumulation = min(plan.accumulation, batchesPerEpoch)
    let stepsPerEpoch = (batchesPerEpoch - 1) / accumulation + 1
    let (total, overflow) = stepsPerEpoch.multipliedReportingOverflow(by: plan.epochs)
    guard !overflow else { throw TrainingError(.setting, "\(plan.epochs) epochs are more than can be counted") }
    state = TrainingState(tally: try trainer.evaluator.tally())
    pace = Pace(plan.schedule, warmup: plan.warmup, total: total, stepsPerEpoch: stepsPerEpoch)
  }

  /// Trains to the end.
  mutating func run(_ observe: (TrainingEvent) -> Void) throws -> TrainingHistory {
    if plan.accumulation > batchesPerEpoch {
      observe(
        .note(
          "a step should take \(plan.accumulation) batches, and an epoch has \(batchesPerEpoch): every step takes all"))
    }
    if pace.warmup > pace.total, pace.total > 0 {
      observe(
        .note(
          "the warm-up of \(pace.warmup) steps is longer than the run, which has \(pace.total): the learning rate does "
            + "not reach its full value"))
    }
    while !state.stoppedEarly, state.epoch < plan.epochs {
      try trainEpoch(observe)
      try endEpoch(observe)
    }
    try keepBest()
    return history
  }

  private mutating func trainEpoch(_ observe: (TrainingEvent) -> Void) throws {
    let batches = try plan.batching.batches(of: samples.count, epoch: state.epoch)
    while state.stepInEpoch < pace.stepsPerEpoch {
      let start = ContinuousClock.now
      try trainer.take(nextStep(of: batches), of: samples, &state.tally)
      state.stepInEpoch += 1
      state.step += 1
      state.seconds += (ContinuousClock.now - start) / .seconds(1)
      observe(
        .step(
          TrainingProgress(
            epoch: state.epoch + 1, epochs: plan.epochs, step: state.stepInEpoch, steps: pace.stepsPerEpoch,
            loss: state.tally.loss)))
    }
  }

  private func nextStep(of batches: [[Int]]) -> TrainingStep {
    let first = state.stepInEpoch * accumulation
    let range = first..<min(first + accumulation, batches.count)
    return TrainingStep(
      name: "epoch \(state.epoch + 1), step \(state.stepInEpoch + 1)", batches: Array(batches[range]),
      seeds: range.map { RandomGenerator.seed(plan.seed, for: state.epoch * batches.count + $0) },
      learningRateFactor: pace.factor(at: state.step), clipping: plan.clipping)
  }

  private mutating func endEpoch(_ observe: (TrainingEvent) -> Void) throws {
    let start = ContinuousClock.now
    let measured = try validation.map { try trainer.evaluator.evaluate($0, batchSize: plan.batching.size) }
    state.epoch += 1
    // A loss that is no number improves nothing.
    let isBest = measured.map { $0.loss < state.best?.loss ?? .infinity } ?? false
    if let measured, isBest {
      state.best = TrainingState.Best(epoch: state.epoch, loss: measured.loss)
      // Values are replaced, never overwritten: these stay.
      best = try trainer.model.changingValues()
    }
    let report = EpochReport(
      epoch: state.epoch, epochs: plan.epochs, evaluation: state.tally.evaluation, validation: measured,
      isBest: isBest, learningRate: trainer.learningRate,
      seconds: state.seconds + (ContinuousClock.now - start) / .seconds(1))
    state.stepInEpoch = 0
    state.tally = try trainer.evaluator.tally()
    state.seconds = 0
    if let patience = plan.patience, state.epochsWithoutImprovement >= patience { state.stoppedEarly = true }
    history.append(report)
    observe(.epoch(report))
  }

  /// Gives the model the values of the best epoch, where epochs were measured.
  private mutating func keepBest() throws {
    for (parameter, value) in best { try parameter.set(value) }
    if state.epoch > 0 { history.keptEpoch = state.best?.epoch ?? state.epoch }
    if state.stoppedEarly, let patience = plan.patience { history.end = .stoppedEarly(patience: patience) }
  }
}

extension Model {
  /// The parameters that training changes, with their values: what trains, and the buffers.
  func changingValues() throws -> [(parameter: Parameter, value: Tensor)] {
    try (parameters.with(.trainable) + parameters.with(.buffer)).map { ($0, try $0.value().detach()) }
  }
}
