import ThawTensor

extension Replay {
  /// Traces a run, and runs what comes of it once operations were put together as operators.
  ///
  /// - Throws: `TensorError` of kind `valueNeeded` when a target is no tensor; else what tracing throws.
  func run(
    _ given: [Graph.ValueIndex: Value], _ draws: Draws, recognizing compilation: inout Compilation
  ) throws -> (targets: [Value], updates: [Value?]) {
    let traced = given.filter { $0.value.tensor?.isTraced ?? false }.sorted { $0.key < $1.key }
    var counts = (targets: 0, updates: 0)
    // Seeds are traced as all that is given is.
    var seeds: [Tensor] = []
    if case .seeds(let tensor, _) = draws { seeds = [tensor] }
    let results = try Trace.recognizing(traced.compactMap(\.value.tensor) + seeds, &compilation) { tensors in
      let places = zip(traced.map(\.key), tensors.map(Value.tensor))
      var draws = draws
      if case .seeds(_, let first) = draws { draws = .seeds(tensors[traced.count], first: first) }
      let (targets, updates) = try run(given.merging(Dictionary(uniqueKeysWithValues: places)) { $1 }, draws)
      counts = (targets.count, updates.count)
      return try (targets + updates).map { value in
        guard let tensor = value?.tensor else {
          throw TensorError(
            .valueNeeded, "an output is \(value.map { "\($0.type)" } ?? "absent"), and programs give tensors")
        }
        return tensor
      }
    }
    return (results.prefix(counts.targets).map(Value.tensor), results.suffix(counts.updates).map(Value.tensor))
  }
}
