import ThawTensor

/// How many samples a model takes at a time.
public enum BatchSize: Hashable, Sendable {
  /// Any number, as the file says.
  case any
  /// Any number, though the file declares one: no node holds it. Files that are saved keep what they declare.
  case freed(declared: Int)
  /// This number only, and what holds it, as in "node 'Reshape_4' (Reshape)".
  case fixed(Int, holder: String)
}

extension Model {
  /// How many samples at a time may be given to compute an output.
  ///
  /// A number that the file declares is tried out: the shapes of all values on the way to the output are inferred for
  /// other numbers, which must go through to the output's first axis. What stands in their way is what holds the
  /// number: a Reshape's or Expand's constant, a recurrent layer's initial state, a Slice.
  ///
  /// - Parameter given: inputs that are the same for every sample; all others have samples along their first axis.
  /// - Throws: `ModelError` of kind `request` when an input has no first axis, or inputs differ in it; of kind `name` or
  ///   `type` for given inputs that do not fit.
  public func batchSize(for output: TrainedOutput, given: [String: Tensor] = [:]) throws -> BatchSize {
    let bound = try InputBinding(graph).bindSome(given.mapValues(Value.tensor))
    return try BatchTrial(graph, target: output.target, given: bound.compactMapValues(\.tensor)).size()
  }
}
