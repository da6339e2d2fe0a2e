/// A function at a point: its inputs, and the values it gave there, recorded from nothing else but these inputs on.
struct Differentiation {
  let inputs: [Tensor]
  let values: [Tensor]
  private let createGraph: Bool
  private let strict: Bool

  /// Calls the function with leaves of its own, or, where a graph is wanted, with results that stand between it and
  /// the inputs.
  ///
  /// - Parameter strict: whether an output that no gradient can flow back from is an error.
  init(
    _ function: ([Tensor]) throws -> [Tensor], at inputs: [Tensor], createGraph: Bool, strict: Bool
  ) throws {
    self.inputs = try inputs.map { input in
      if let error = input.poison { throw error }
      return try createGraph && input.requiresGrad ? apply(Identity(), to: input) : input.detach().requiringGrad()
    }
    values = try function(self.inputs)
    if let error = values.lazy.compactMap(\.poison).first { throw error }
    self.createGraph = createGraph
    self.strict = strict
    if strict, let index = values.firstIndex(where: { !$0.requiresGrad }) {
      throw TensorError(
        .autograd,
        "Output \(index) of the user-provided function does not require gradients. The outputs must be computed in a "
          + "differentiable manner from the input when running in strict mode.")
    }
  }

  /// Runs `body` recording for gradients, whatever the modes around it, and with an error scope.
  static func run<Result>(_ body: () throws -> Result) throws -> Result {
    try withErrors { try inferenceMode(false) { try enableGrad(body) } }
  }

  /// The gradients of some of the values; zeros where an input has none.
  ///
  /// - Parameters:
  ///   - cotangents: one per value; values with nil are left out.
  ///   - outputs: how the message names the values where, in strict mode, an input has no gradient.
  func gradients(
    _ cotangents: [Tensor?], retainGraph: Bool? = nil, createGraph: Bool? = nil,
    called outputs: String = "The output of the user-provided function"
  ) throws -> [Tensor] {
    let carrying = values.indices.filter { values[$0].requiresGrad && cotangents[$0] != nil }
    let found =
      try carrying.isEmpty
      ? inputs.map { _ in nil }
      : grad(
        of: carrying.map { values[$0] }, withRespectTo: inputs, gradients: carrying.map { cotangents[$0] },
        retainGraph: retainGraph, createGraph: createGraph ?? self.createGraph, allowUnused: true)
    return try zip(inputs, found).enumerated().map { index, pair in
      if let gradient = pair.1 { return gradient }
      guard !strict else {
        throw TensorError(
          .autograd, "\(outputs) is independent of input \(index). This is not allowed in strict mode.")
      }
      return try Tensor.full(pair.0.shape, 0, dtype: pair.0.dtype)
    }
  }

  /// What is handed to the caller: with its graph where one is wanted.
  func results(_ tensors: [Tensor]) -> [Tensor] { createGraph ? tensors : tensors.map { $0.detach() } }

  /// - Throws: `TensorError` of kind `autograd` when a vector does not have the shapes and types of `tensors`.
  static func check(_ vector: [Tensor], fits tensors: [Tensor]) throws {
    guard vector.count == tensors.count else {
      throw TensorError(
        .autograd, "v is a tuple of invalid length: should be \(tensors.count) but got \(vector.count).")
    }
    for (index, (entry, tensor)) in zip(vector, tensors).enumerated() {
      if let error = entry.poison { throw error }
      let name = vector.count == 1 ? "v" : "Entry \(index) in v"
      guard entry.shape == tensor.shape else {
        throw TensorError(.autograd, "\(name) has invalid size: should be \(tensor.shape) but got \(entry.shape).")
      }
      guard entry.dtype == tensor.dtype else {
        throw TensorError(.autograd, "\(name) has invalid type: should be \(tensor.dtype) but got \(entry.dtype).")
      }
    }
  }
}
