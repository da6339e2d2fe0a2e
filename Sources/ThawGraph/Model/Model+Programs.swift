import ThawTensor

extension Model {
  /// Why some runs could not be compiled, one sentence for each cause.
  package var eagerReasons: [String] { programs.reasons }

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
