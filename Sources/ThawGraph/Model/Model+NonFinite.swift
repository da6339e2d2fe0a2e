import ThawTensor

extension Model {
  /// Runs the model again and finds where a number first stops being finite.
  ///
  /// Constants may be infinite, as masks are. A node is named that makes such a number of finite ones; where there is
  /// none, the first that makes NaN of something else.
  ///
  /// - Parameter constants: the names of inputs that may hold such numbers, as masks do.
  /// - Returns: what holds the number, as the end of a sentence; nil when every number is finite or comes from an
  ///   infinite constant.
  package func firstNonFinite(
    _ inputs: [String: Value], targets: [Int], modes: NodeModes, seed: UInt64, isBatchFree: Bool = false,
    constants: Set<String> = []
  ) throws -> String? {
    for (name, value) in inputs.sorted(by: { $0.key < $1.key }) where !constants.contains(name) {
      if let number = try value.firstNonFinite() { return "the input '\(name)' holds \(number)" }
    }
    for parameter in parameters where parameter.role != .constant {
      if let number = try Value.tensor(parameter.value()).firstNonFinite() {
        return "the parameter '\(parameter.name)' holds \(number) since an earlier step"
      }
    }
    let given = try InputBinding(graph, isBatchFree: isBatchFree).bind(inputs)
    var firstNaN: String?
    do {
      _ = try noGrad {
        try replay(for: targets, modes).run(given, .seed(seed)) { [graph] node, inputs, outputs in
          for (position, output) in outputs.enumerated() {
            guard let number = try output?.firstNonFinite() else { continue }
            let read = try inputs.compactMap { try $0?.firstNonFinite() }
            let name = position < node.outputs.count ? node.outputs[position].map { graph.values[$0].name } : nil
            let text =
              "the node '\(node.name)' (\(node.opType)) made \(number) in its output '\(name ?? "\(position)")'"
            if read.isEmpty { throw Found(description: text + " of finite numbers") }
            if firstNaN == nil, number.isNaN, !read.contains(where: \.isNaN) { firstNaN = text }
          }
        }
      }
    } catch let found as Found {
      return found.description
    }
    return firstNaN
  }

  /// Ends a run whose purpose is reached.
  private struct Found: Error { let description: String }

  /// Computes values as `run` does, and tells which node of the model each operation of the pass belongs to.
  ///
  /// - Returns: the values; and a function from an operation's place in the order of creation to a node's name.
  package func runNamingNodes(
    _ inputs: [String: Value], targets: [Int], modes: NodeModes, seed: UInt64, isBatchFree: Bool = false
  ) throws -> (values: [Value], nameOfNode: @Sendable (UInt64) -> String?) {
    let given = try InputBinding(graph, isBatchFree: isBatchFree).bind(inputs)
    var last: [(sequence: UInt64, name: String)] = []
    let (values, _) = try replay(for: targets, modes).run(given, .seed(seed)) { node, _, outputs in
      let sequences = outputs.compactMap { $0?.tensor?.gradFn?.sequence }
      if let sequence = sequences.max() { last.append((sequence, node.name)) }
    }
    // A node's operations come after those of the node before it.
    return (values, { [last] sequence in last.first { sequence <= $0.sequence }?.name })
  }
}

extension Value {
  /// The first number of a floating tensor that is infinite or NaN.
  fileprivate func firstNonFinite() throws -> Double? {
    guard let tensor, tensor.dtype.isFloatingPoint else { return nil }
    return try tensor.detach().elements(as: Double.self).first { !$0.isFinite }?.withPlainNaN
  }
}
