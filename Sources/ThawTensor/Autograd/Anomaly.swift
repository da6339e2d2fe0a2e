/// Runs `body` with backward passes that stop at the first gradient in which a NaN appears.
///
/// The `TensorError` of kind `autograd` that such a pass throws names the operation of the forward pass, its place in
/// the order of creation, and its shapes; no leaf has accumulated anything. Every gradient is read for this: it is for
/// finding a fault, not for training.
public func detectAnomaly<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Context.with({ $0.detectsAnomaly = true }, body)
}

extension Node {
  /// - Throws: `TensorError` of kind `autograd` when `gradient`, of the input at an index, has a NaN.
  func checkForAnomaly(_ gradient: Tensor, input: Int) throws {
    guard !gradient.isTraced, try gradient.elements(as: Float.self).contains(where: \.isNaN) else { return }
    let inputs = inputTypes.map { $0.map { "\($0)" } ?? "without a gradient" }.joined(separator: ", ")
    let outputs = outputTypes.map { $0.map { "\($0)" } ?? "without a gradient" }.joined(separator: ", ")
    throw TensorError(
      .autograd,
      "Function '\(name)' returned nan values in its \(input)th output. It is the gradient of "
        + "\(operation.schema.name), operation \(sequence) in the order of creation (inputs: \(inputs); outputs: "
        + "\(outputs)): look at the values that this operation was given")
  }
}
