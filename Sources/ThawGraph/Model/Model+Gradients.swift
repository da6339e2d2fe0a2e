import ThawTensor

/// What stands between a model's trainable parameters and a value to be trained.
public struct GradientPath: Sendable {
  /// Nodes on the way that have a gradient in mathematics and none in Thaw.
  public let missingGradients: [MissingOperator]
  /// The trainable parameters that a gradient reaches.
  public let reached: [Parameter]
  /// The trainable parameters that no gradient reaches: nothing leads from them to the value, or an operator without
  /// a gradient stands on the way.
  public let unreached: [Parameter]
}

extension Model {
  /// Checks that an output can be computed.
  ///
  /// - Throws: `ModelError` of kind `unsupported` that lists every operator that is missing.
  public func checkOperators(for output: TrainedOutput) throws {
    try graph.checkOperators(in: graph.nodesNeeded(for: [output.target]))
  }

  /// What a gradient meets on its way from an output to the trainable parameters.
  public func gradientPath(to output: TrainedOutput) -> GradientPath {
    let order = graph.nodesNeeded(for: [output.target])
    let trainable = zip(parameters, places).filter { $0.0.role == .trainable }
    var carriers = Set(trainable.map(\.1.value))
    var carrying: [Int] = []
    for index in order where inputsWithGradient(graph.nodes[index]).contains(where: carriers.contains) {
      carrying.append(index)
      carriers.formUnion(graph.nodes[index].outputs.compactMap { $0 })
    }
    var reached: Set<Graph.ValueIndex> = [output.target]
    var missing: [MissingOperator] = []
    for index in carrying.reversed() {
      let node = graph.nodes[index]
      guard node.outputs.contains(where: { $0.map(reached.contains) ?? false }) else { continue }
      if let operation = node.operation.known, let reason = operation.missingGradient {
        let domain = operation.schema.domain.rawValue
        missing.append(
          MissingOperator(
            name: node.opType, domain: domain, opset: graph.opsets[domain] ?? 1, node: node.name,
            reason: reason == node.opType ? nil : reason))
      }
      reached.formUnion(inputsWithGradient(node).filter(carriers.contains))
    }
    return GradientPath(
      missingGradients: missing.reversed(), reached: trainable.filter { reached.contains($0.1.value) }.map(\.0),
      unreached: trainable.filter { !reached.contains($0.1.value) }.map(\.0))
  }

  /// The inputs of a node to which a gradient can flow; an unknown operator counts as letting it through.
  private func inputsWithGradient(_ node: Graph.Node) -> [Graph.ValueIndex] {
    if let operation = node.operation.known, !operation.isDifferentiable { return [] }
    return node.inputs.enumerated().compactMap { position, input in
      if case .index = node.use(ofInput: position) { return nil }
      return input
    }
  }
}
