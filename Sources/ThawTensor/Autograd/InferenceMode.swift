/// Runs `body` without recording operations for gradients, and marks what is made in it: see `Tensor.isInference`.
///
/// It goes further than `noGrad`: a tensor made inside can never be needed by a backward pass, so that a mistake there
/// is an error and not a gradient that is silently missing. `enableGrad` inside records nothing.
///
/// - Parameter isEnabled: false for normal mode, in which operations are recorded, inside of inference mode.
public func inferenceMode<Result>(_ isEnabled: Bool = true, _ body: () throws -> Result) rethrows -> Result {
  try Context.with(
    { context in
      context.isInference = isEnabled
      context.gradMode = !isEnabled
    }, body)
}

/// Whether this task is in inference mode.
public var isInferenceModeEnabled: Bool { Context.current.isInference }

extension Tensor {
  /// Whether its memory was allocated in `inferenceMode`.
  ///
  /// Views of a tensor are what it is, wherever they are made. Outside of inference mode operations take inference
  /// tensors and give normal ones; no operation may save them for a backward pass, and they cannot begin to require a
  /// gradient. Strings and values of recordings are never inference tensors.
  public var isInference: Bool {
    if case .memory(let storage, _, _) = contents { storage.isInference } else { false }
  }

  /// The same elements in memory of their own; gradients flow through.
  ///
  /// Outside of `inferenceMode` this makes a normal tensor of an inference tensor.
  public func clone() -> Tensor {
    .catching {
      let result = try apply(Identity(), to: self)
      guard case .memory = contents else { return result }
      return try result.copied().linked(to: result.link)
    }
  }
}
