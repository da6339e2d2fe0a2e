import ThawTensor

extension Replay {
  /// Traces a run, and runs what comes of it once operations were put together as operators.
  ///
  /// - Throws: `TensorError` of kind `valueNeeded` when a target is no tensor; else what tracing throws.
  func run(
    _ given: [Graph.ValueIndex: Value], recognizing compilation: inout Compilation
  ) throws -> (targets: [Value], updates: [Value?]) {
    let traced = given.filter { $0.value.tensor?.isTraced ?? false }.sorted { $0.key < $1.key }
    var counts = (targets: 0, updates: 0)
    let results = try Trace.recognizing(traced.compactMap(\.value.tensor), &compilation) { tensors in
      let places = zip(traced.map(\.key), tensors.map(Value.tensor))
      let (targets, updates) = try run(given.merging(Dictionary(uniqueKeysWithValues: places)) { $1 })
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
