import ThawGraph
import ThawTensor

extension TrainingRun {
  /// Computes once what need not be computed in every epoch, where that is right, saves work and fits.
  ///
  /// - Throws: `TrainingError` of kind `interrupted`; the error of a node that failed.
  mutating func keepFeatures(_ observe: (TrainingEvent) -> Void) throws {
    // Where nothing is frozen there is nothing to keep, and nothing to say.
    guard plan.features.isOn, trainer.model.parameters.contains(where: { $0.role == .frozen }) else { return }
    do {
      switch try search() {
      case .none(let reason): observe(.note("no features are kept: \(reason)"))
      case .found(let prefix): try keepFeatures(of: prefix, observe)
      }
    } catch let error as TrainingError where error.kind == .interrupted {
      try saveInterrupted()
      throw interruption
    } catch let error as TensorError where error.kind == .memory {
      observe(.note("no features are kept: \(error.message)"))
    }
  }

  private func search() throws -> PrefixSearch {
    guard plan.epochs - state.epoch > 1 else { return .none(because: "every sample is read once") }
    let evaluator = trainer.evaluator
    let (rows, overflow) = samples.count.addingReportingOverflow(validation?.count ?? 0)
    return try evaluator.model.frozenPrefix(
      of: evaluator.output.target, modes: trainer.programs.modes, sampled: samples.inputTypes, given: evaluator.inputs,
      batchSize: evaluator.batchSize, byteLimit: overflow ? 0 : plan.features.byteLimit / max(rows, 1))
  }

  private mutating func keepFeatures(of prefix: FrozenPrefix, _ observe: (TrainingEvent) -> Void) throws {
    var stage = try FeatureStage(
      prefix, of: trainer.evaluator, modes: trainer.programs.modes, memory: plan.features.memory)
    // Programs and features of an earlier run are as good as new ones.
    if let earlier = trainer.features, earlier.canReplace(stage) { stage = earlier }
    let all = [samples] + (validation.map { [$0] } ?? [])
    stage.forget(except: all)
    let total = all.reduce(0) { $0 + $1.count }
    let (isInterrupted, interruption) = (plan.isInterrupted, self.interruption)
    var before = 0
    for samples in all {
      if stage.kept(of: samples.passedChecks) == nil {
        let areFinite = try stage.keep(samples, batchSize: plan.batching.size) { done in
          observe(.features(share: Double(before + done) / Double(total)))
          if isInterrupted() { throw interruption }
        }
        guard areFinite else {
          return observe(.note("no features are kept: some after \(prefix.lastNode) are not finite"))
        }
      }
      before += samples.count
    }
    (self.stage, trainer.features) = (stage, stage)
    let kept = all.compactMap { stage.kept(of: $0.passedChecks) }
    let bytes = prefix.byteCount.multipliedReportingOverflow(by: total).partialValue
    observe(
      .note(
        "what is frozen, up to \(prefix.lastNode), was computed once for \(total) samples in "
          + "\(kept.reduce(0) { $0 + $1.seconds }.timeText); every epoch trains on its features: "
          + (prefix.features.count == 1 ? "1 value" : "\(prefix.features.count) values")
          + ", \(Double(bytes).text(unit: "B")) "
          + (kept.allSatisfy(\.isInMemory) ? "in memory" : "in a file without a name")))
  }

  /// What to say of the time that features saved; nil where there are none.
  func savedTime(epochs: Int) -> String? {
    guard let stage, epochs > 1 else { return nil }
    let all = [samples] + (validation.map { [$0] } ?? [])
    let seconds = all.reduce(0) { $0 + (stage.kept(of: $1.passedChecks)?.seconds ?? 0) }
    return "keeping features saved about \((Double(epochs - 1) * seconds).timeText)"
  }
}
