import ThawGraph
import ThawTensor

extension TrainingRun {
  /// Writes the run's checkpoint, where it has one.
  func save() throws {
    guard let saving else { return }
    let generator = RandomGenerator.default.position
    let record = Checkpoint.Record(
      state: state, settings: saving.settings, environment: RunEnvironment(trainer.evaluator.execution),
      generatorSeed: generator.seed,
      generatorPosition: generator.drawn, run: name)
    let checkpoint = Checkpoint(
      record, parameters: try trainer.model.changing.map { ($0.name, try $0.value().detach()) },
      best: best.map { ($0.parameter.name, $0.value) }, optimizer: trainer.optimizer.state)
    try checkpoint.write(to: saving.path)
  }

  /// Writes the checkpoint of a run that ends before its time, also where it has none on its way.
  mutating func saveInterrupted() throws {
    if saving == nil, let path = plan.interruptionCheckpoint { saving = (path, try settings()) }
    try save()
  }

  /// What must be the same to go on.
  func settings() throws -> [RunSetting] {
    [
      RunSetting("model", try trainer.model.digest()), RunSetting("samples", samples.count),
      RunSetting("validation samples", validation?.count ?? 0),
    ] + trainer.settings + plan.settings
  }

  /// Goes back to where a checkpoint stands.
  ///
  /// - Returns: what to say about it.
  /// - Throws: `TrainingError` of kind `checkpoint` or `FileError`; nothing has changed then.
  mutating func resume(from path: String, stepsPerEpoch: Int) throws -> [String] {
    let checkpoint = try Checkpoint(contentsOf: path)
    let record = checkpoint.record
    let differences = RunSetting.differences(between: record.settings, and: saving?.settings ?? [])
    guard differences.isEmpty else {
      throw TrainingError(
        .checkpoint,
        "\(path) is the checkpoint of another run; give what it was started with: "
          + differences.joined(separator: "; "))
    }
    let changing = trainer.model.changing
    let values = try Checkpoint.values(checkpoint.parameters, for: changing, "parameter", path)
    let bestValues =
      record.state.best == nil ? [] : try Checkpoint.values(checkpoint.best, for: changing, "best", path)
    let steps = record.state.epoch.multipliedReportingOverflow(by: stepsPerEpoch)
    guard record.state.stepInEpoch <= stepsPerEpoch, !steps.overflow,
      record.state.step == steps.partialValue.addingReportingOverflow(record.state.stepInEpoch).partialValue
    else { throw TrainingError(.checkpoint, "\(path): the steps of the checkpoint do not fit its epochs") }
    do {
      try trainer.optimizer.restore(checkpoint.optimizer)
    } catch let error as TrainingError {
      throw TrainingError(.checkpoint, "\(path): \(error.message)")
    }
    for (parameter, value) in values { try parameter.set(value) }
    RandomGenerator.default.position = (record.generatorSeed, record.generatorPosition)
    (state, best, name) = (record.state, bestValues, record.run)
    return notes(on: record, path)
  }

  private func notes(on record: Checkpoint.Record, _ path: String) -> [String] {
    var notes: [String] = []
    if state.stoppedEarly {
      notes.append("the run of the checkpoint \(path) ended early after epoch \(state.epoch): nothing is left to train")
    } else if isOver {
      notes.append("the run of the checkpoint \(path) has done all its \(state.epoch) epochs: nothing is left to train")
    } else {
      notes.append("the run goes on \(state), where the checkpoint \(path) stands")
      if state.stepInEpoch > 0 {
        notes.append("what is reported of epoch \(state.epoch + 1) counts its steps from here on")
      }
    }
    if let warning = RunEnvironment(trainer.evaluator.execution).warning(comparedTo: record.environment) {
      notes.append(warning)
    }
    return notes
  }
}
