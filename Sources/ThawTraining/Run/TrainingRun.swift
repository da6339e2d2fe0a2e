import Foundation
import ThawGraph
import ThawTensor

/// One run of a trainer through its epochs.
struct TrainingRun {
  let trainer: Trainer
  let plan: TrainingPlan
  let samples: Samples
  let validation: Samples?
  /// The cut model and its features, where they are kept.
  var stage: FeatureStage?
  private let batchesPerEpoch: Int
  private let accumulation: Int
  private let pace: Pace
  var state = TrainingState()
  private var tally: Tally
  private var history = TrainingHistory()
  /// The values of the best epoch.
  var best: [(parameter: Parameter, value: Tensor)] = []
  /// What the run's lines in the log are marked with.
  var name: String
  private var log: TrainingLog?
  /// Where the run is written, and what must be the same to go on; nil where it is not written.
  var saving: (path: String, settings: [RunSetting])?
  private var notes: [String] = []

  /// Checks everything that can be checked before the first step, and goes back to where a checkpoint stands.
  ///
  /// - Throws: `TrainingError` of kind `setting`, `data`, `label` or `checkpoint`, `FileError`; the model is as it was.
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
    pace = Pace(plan.schedule, warmup: plan.warmup, total: total, stepsPerEpoch: stepsPerEpoch)
    tally = try trainer.evaluator.tally()
    name = Date().ISO8601Format(.init(includingFractionalSeconds: true))
    if let path = plan.checkpointPath { saving = (path, try settings()) }
    notes = surprises()
    if let path = plan.resume { notes += try resume(from: path, stepsPerEpoch: stepsPerEpoch) }
    log = try plan.log.map { try TrainingLog($0, run: name, after: state) }
  }

  /// Trains to the end.
  mutating func run(_ observe: (TrainingEvent) -> Void) throws -> TrainingHistory {
    for note in notes { observe(.note(note)) }
    if !isOver { try keepFeatures(observe) }
    while !isOver {
      try trainEpoch(observe)
      try endEpoch(observe)
      if isOver || plan.checkpointInterval.isDue(state) { try save() }
    }
    if let note = savedTime(epochs: history.count) { observe(.note(note)) }
    // Gives the model the values of the best epoch, where epochs were measured.
    for (parameter, value) in best { try parameter.set(value) }
    if state.epoch > 0 { history.keptEpoch = state.best?.epoch ?? state.epoch }
    history.keepsBest = state.best != nil
    if state.stoppedEarly { history.end = .stoppedEarly(after: state.epoch) }
    return history
  }

  /// Whether nothing is left to train.
  var isOver: Bool { state.stoppedEarly || state.epoch >= plan.epochs }

  private func surprises() -> [String] {
    var notes: [String] = []
    if plan.accumulation > batchesPerEpoch {
      notes.append(
        "a step should take \(plan.accumulation) batches, and an epoch has \(batchesPerEpoch): every step takes all")
    }
    if pace.warmup > pace.total, pace.total > 0 {
      notes.append(
        "the warm-up of \(pace.warmup) steps is longer than the run, which has \(pace.total): the learning rate does "
          + "not reach its full value")
    }
    return notes
  }

  private mutating func trainEpoch(_ observe: (TrainingEvent) -> Void) throws {
    let batches = try plan.batching.batches(of: samples.count, epoch: state.epoch)
    let source = stage?.kept(of: samples.passedChecks)?.samples ?? samples
    let programs = stage?.programs ?? trainer.programs
    let reader = BatchReader(batches.dropFirst(state.stepInEpoch * accumulation)) { try source.batch($0) }
    while state.stepInEpoch < pace.stepsPerEpoch {
      let start = ContinuousClock.now
      try trainer.take(nextStep(of: batches), of: reader.batch, by: programs, &tally)
      state.stepInEpoch += 1
      state.step += 1
      state.seconds += (ContinuousClock.now - start) / .seconds(1)
      let progress = TrainingProgress(
        epoch: state.epoch + 1, epochs: plan.epochs, step: state.stepInEpoch, steps: pace.stepsPerEpoch,
        loss: tally.loss)
      if let log, let interval = plan.logInterval, state.step % interval == 0 {
        try log.add(
          progress, step: state.step, learningRates: trainer.optimizer.learningRates, seconds: state.seconds)
      }
      if let note = trainer.takeEagerNote(of: programs) { observe(.note(note)) }
      observe(.step(progress))
      if plan.isInterrupted() {
        try saveInterrupted()
        throw interruption
      }
      // What belongs to the end of an epoch comes before a checkpoint there.
      if state.stepInEpoch < pace.stepsPerEpoch, plan.checkpointInterval.isDue(state) { try save() }
    }
  }

  private func nextStep(of batches: [[Int]]) -> TrainingStep {
    let first = state.stepInEpoch * accumulation
    let range = first..<min(first + accumulation, batches.count)
    return TrainingStep(
      name: "epoch \(state.epoch + 1), step \(state.stepInEpoch + 1)", batches: Array(batches[range]),
      seeds: range.map { RandomGenerator.seed(plan.seed, for: state.epoch * batches.count + $0) },
      learningRateScale: pace.factor(at: state.step), clipping: plan.clipping)
  }

  private mutating func endEpoch(_ observe: (TrainingEvent) -> Void) throws {
    let start = ContinuousClock.now
    let measured = try validation.map { validation in
      if let stage, let features = stage.kept(of: validation.passedChecks)?.samples {
        return try stage.evaluator.evaluate(features, batchSize: plan.batching.size)
      }
      return try trainer.evaluator.evaluate(validation, batchSize: plan.batching.size)
    }
    state.epoch += 1
    // A loss that is no number improves nothing.
    let isBest = measured.map { $0.loss < state.best?.loss ?? .infinity } ?? false
    if let measured, isBest {
      state.best = TrainingState.Best(epoch: state.epoch, loss: measured.loss)
      // Values are replaced, never overwritten: these stay.
      best = try trainer.model.changing.map { ($0, try $0.value().detach()) }
    }
    let report = EpochReport(
      epoch: state.epoch, epochs: plan.epochs, evaluation: tally.evaluation, validation: measured, isBest: isBest,
      learningRates: trainer.optimizer.learningRates,
      seconds: state.seconds + (ContinuousClock.now - start) / .seconds(1))
    state.stepInEpoch = 0
    tally = try trainer.evaluator.tally()
    state.seconds = 0
    if let patience = plan.patience, state.epochsWithoutImprovement >= patience { state.stoppedEarly = true }
    history.append(report)
    try log?.add(report, step: state.step)
    observe(.epoch(report))
  }

  var interruption: TrainingError {
    let rest =
      saving.map { "go on with the checkpoint \($0.path)" } ?? "nothing was saved, because no checkpoint is written"
    return TrainingError(.interrupted, "training was interrupted \(state): \(rest)")
  }
}

extension Model {
  /// The parameters that training changes: what trains, and the buffers.
  var changing: [Parameter] { parameters.filter { $0.role == .trainable || $0.role == .buffer } }
}
