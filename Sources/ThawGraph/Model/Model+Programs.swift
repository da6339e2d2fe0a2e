import ThawTensor

extension Model {
  /// Why some runs could not be compiled, one sentence for each cause.
  package var eagerReasons: [String] { programs.reasons }

  /// How many programs compute outputs.
  package var programCount: Int {
    stagedPrograms.withLock { Array($0.values) }.reduce(programs.count) { $0 + $1.programCount }
  }

  /// How many nodes the graph has.
  package var nodeCount: Int { graph.nodes.count }

  /// Computes values by a program.
  ///
  /// - Returns: nil where there is none; also where it failed, so that eager execution tells the node and the reason.
  func runProgram(
    _ key: ProgramCache.Key, _ inputs: [String: Value], seed: UInt64, isBatchFree: Bool
  ) throws -> [Value]? {
    let tensors = inputs.compactMapValues(\.tensor)
    guard Context.current.allowsPrograms, tensors.count == inputs.count,
      tensors.values.allSatisfy({ !$0.isTraced && $0.dtype != .string })
    else { return nil }
    let program = try programs.program(key, atOnce: key.trains) { varies in
      var request = ModelProgram.Request(inputs: key.inputs.map { ($0.key, $0.value) }, targets: key.targets)
      request.modes = key.modes
      request.isBatchFree = isBatchFree
      request.options = key.options
      request.varies = { key.trains && ($0.role == .trainable || $0.role == .buffer) || varies($0) }
      return try Context.with({ $0.budget = limits.budget }) { try ModelProgram(self, request) }
    }
    guard let program else { return nil }
    return try run(program, key, in: programs) { try program.run(tensors, seeds: [seed]) }?.targets.map(Value.tensor)
  }

  /// The operations that no program holds in calls so far, with the reason.
  package var islands: [String] {
    stagedPrograms.withLock { Array($0.values) }.flatMap(\.islands)
  }

  /// Computes values in stages, where they cannot be one program.
  ///
  /// - Returns: nil where they can, or where something else than inputs changes between runs.
  func runStaged(
    _ key: ProgramCache.Key, _ inputs: [String: Value], _ given: [Graph.ValueIndex: Value], _ replay: Replay
  ) throws -> [Value]? {
    guard Context.current.allowsPrograms, !key.trains, replay.drawCount == 0, replay.updates.isEmpty,
      !inputs.values.contains(where: { $0.tensor?.isTraced ?? false }),
      inputs.values.contains(where: { $0.tensor == nil || $0.tensor?.dtype == .string }) || programs.isImpossible(key)
    else { return nil }
    let use = StagedProgram.Use(
      targets: key.targets, modes: key.modes, options: key.options, backend: key.backend, threads: key.threads)
    var staged = stagedPrograms.withLock { $0[use] }
    if staged?.isCurrent != true { staged = nil }
    let program = try staged ?? StagedProgram(replay, key.options)
    if staged == nil { stagedPrograms.withLock { $0[use] = program } }
    return try Context.with({ $0.budget = limits.budget }) { try program.run(given) }
  }

  /// Runs a program within the limits.
  ///
  /// - Returns: nil where it needs more memory than eager execution may, or failed: eager execution then gives the
  ///   result, or the error with the node's name.
  package func run(
    _ program: ModelProgram, _ key: ProgramCache.Key, in cache: ProgramCache, _ body: () throws -> ModelProgram.Results
  ) throws -> ModelProgram.Results? {
    let limits = limits
    guard program.byteCount + program.outputByteCount <= limits.bytesAlive else { return nil }
    do {
      return try Context.with({ $0.budget = limits.budget }, body)
    } catch let error as TensorError where error.kind != .limit {
      if error.kind == .internal { cache.giveUp(key, because: error) }
      return nil
    }
  }

  /// Whether results should have a `gradFn`.
  func needsGradient(_ given: [Graph.ValueIndex: Value], _ replay: Replay) -> Bool {
    guard Context.current.records else { return false }
    return given.values.contains { $0.tensor?.requiresGrad ?? false }
      || replay.parameters.contains { given[$0.value] == nil && $0.parameter.role == .trainable }
  }
}

extension Context {
  /// Whether computing may go past the one door: nobody takes operations down or looks at their values.
  package var allowsPrograms: Bool {
    recorder == nil && capture == nil && !isCompiling && anomaly == nil && savedTensorHooks == nil && draws == nil
  }
}
