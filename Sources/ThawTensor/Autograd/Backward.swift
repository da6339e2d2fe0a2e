extension Tensor {
  /// Computes the gradients of this tensor with respect to the leaves it depends on, and adds them to their `grad`.
  ///
  /// - Parameters:
  ///   - gradient: the gradient of the final result with respect to this tensor, of its shape; may be left out when
  ///     this tensor has one element, and is 1 then.
  ///   - retainGraph: whether what the operations saved is kept for another pass; `createGraph` when left out.
  ///   - createGraph: whether the computation of the gradients is itself recorded, for gradients of gradients.
  ///   - inputs: the tensors to accumulate into, leaves or results; all leaves when left out.
  /// - Throws: `TensorError` of kind `autograd` when a rule is broken, or the error of the operation that failed.
  public func backward(
    gradient: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false, inputs: [Tensor]? = nil
  ) throws {
    if let inputs, inputs.isEmpty {
      throw TensorError(
        .autograd, "`inputs` argument to `backward()` cannot be empty: leave it out to accumulate into all leaves")
    }
    var pass = BackwardPass(
      retainGraph: retainGraph ?? createGraph, createGraph: createGraph, accumulates: true)
    try pass.start(from: self, gradient: gradient, index: 0)
    if let inputs { try pass.limit(to: inputs) }
    try pass.run()
  }
}

/// The gradients of `outputs` with respect to `inputs`, returned and not accumulated anywhere.
///
/// - Parameters:
///   - gradients: one per output, of its shape; may be left out for outputs of one element.
///   - retainGraph: whether what the operations saved is kept for another pass; `createGraph` when left out.
///   - createGraph: whether the computation of the gradients is itself recorded, for gradients of gradients.
///   - allowUnused: whether an input that no output depends on gives nil instead of an error.
/// - Throws: `TensorError` of kind `autograd` when a rule is broken, or the error of the operation that failed.
public func grad(
  of outputs: [Tensor], withRespectTo inputs: [Tensor], gradients: [Tensor?] = [], retainGraph: Bool? = nil,
  createGraph: Bool = false, allowUnused: Bool = false
) throws -> [Tensor?] {
  var pass = BackwardPass(
    retainGraph: retainGraph ?? createGraph, createGraph: createGraph, accumulates: false)
  for (index, output) in outputs.enumerated() {
    try pass.start(from: output, gradient: index < gradients.count ? gradients[index] : nil, index: index)
  }
  try pass.limit(to: inputs)
  let result = try pass.run()
  if !allowUnused, let unused = result.firstIndex(where: { $0 == nil }) {
    throw TensorError(
      .autograd,
      "One of the differentiated Tensors appears to not have been used in the graph (input \(unused) of "
        + "\(inputs.count)); set allowUnused: true if nil is wanted for it")
  }
  return result
}

/// See `grad(of:withRespectTo:gradients:retainGraph:createGraph:allowUnused:)`.
public func grad(of output: Tensor, withRespectTo input: Tensor, createGraph: Bool = false) throws -> Tensor {
  guard let gradient = try grad(of: [output], withRespectTo: [input], createGraph: createGraph)[0] else {
    throw TensorError(.internal, "an input without a gradient passed for a used one")
  }
  return gradient
}
