/// Runs `body` with backward passes that stop at the first gradient in which a NaN appears.
///
/// The `TensorError` of kind `autograd` that such a pass throws names the operation of the forward pass, its place in
/// the order of creation, and its shapes; no leaf has accumulated anything. Every gradient is read for this: it is for
/// finding a fault, not for training.
public func detectAnomaly<Result>(_ body: () throws -> Result) rethrows -> Result {
  try Context.with({ $0.anomaly = AnomalySearch() }, body)
}

/// What backward passes look for in gradients.
package struct AnomalySearch: Sendable {
  private let findsInfinity: Bool
  private let nameOfNode: @Sendable (UInt64) -> String?

  /// - Parameters:
  ///   - findsInfinity: whether infinity counts as NaN does.
  ///   - nameOfNode: what the operation of a place in the order of creation is called where it comes from.
  package init(findsInfinity: Bool = false, nameOfNode: @escaping @Sendable (UInt64) -> String? = { _ in nil }) {
    self.findsInfinity = findsInfinity
    self.nameOfNode = nameOfNode
  }

  fileprivate func isAnomaly(_ value: Float) -> Bool { findsInfinity ? !value.isFinite : value.isNaN }

  fileprivate func place(of node: Node) -> String {
    let name = nameOfNode(node.sequence).map { "node '\($0)', " } ?? ""
    return "\(name)operation \(node.sequence) in the order of creation"
  }
}

extension Node {
  /// - Throws: `TensorError` of kind `autograd` when `gradient`, of the input at an index, has what is looked for.
  func check(_ gradient: Tensor, input: Int, for search: AnomalySearch) throws {
    guard !gradient.isTraced, let found = try gradient.elements(as: Float.self).first(where: search.isAnomaly) else {
      return
    }
    let inputs = inputTypes.enumerated().map { needs[$0] ? $1.map { "\($0)" } ?? "" : "without a gradient" }.joined(
      separator: ", ")
    let outputs = outputTypes.map { $0.map { "\($0)" } ?? "without a gradient" }.joined(separator: ", ")
    throw TensorError(
      .autograd,
      "Function '\(name)' returned \(found.withPlainNaN) values in its \(input)th output. It is the gradient of "
        + "\(operation.schema.name), \(search.place(of: self)) (inputs: \(inputs); outputs: \(outputs)): look at the "
        + "values that this operation was given")
  }
}
