import ThawTensor

/// The part of a graph that takes part in a backward pass: what lies between a parameter that trains and an output.
struct BackwardPart {
  /// The values that a gradient goes through.
  let values: Set<Graph.ValueIndex>
  /// The nodes that make or hand on a gradient.
  let nodes: Set<Int>

  init(_ graph: Graph) {
    var requiring = Set<Graph.ValueIndex>()
    for case (let value, .parameter(let parameter)) in graph.initials where parameter.role == .trainable {
      requiring.insert(value)
    }
    for node in graph.nodes where node.takesGradient(from: requiring) {
      for case (let position, let output?) in node.outputs.enumerated() where node.givesGradient(output: position) {
        if graph.values[output].type?.tensor?.dtype.isFloatingPoint ?? true { requiring.insert(output) }
      }
    }
    let values = requiring.intersection(RoleInference.differentiableValues(of: graph))
    var nodes = Set<Int>()
    for (index, node) in graph.nodes.enumerated()
    where node.takesGradient(from: requiring) && node.outputs.contains(where: { $0.map(values.contains) ?? false }) {
      nodes.insert(index)
    }
    (self.values, self.nodes) = (values, nodes)
  }
}

extension Graph.Node {
  fileprivate func takesGradient(from requiring: Set<Graph.ValueIndex>) -> Bool {
    if let operation = operation.known, !operation.isDifferentiable { return false }
    return inputs.enumerated().contains { position, input in
      guard let input, requiring.contains(input) else { return false }
      switch use(ofInput: position) {
      case .data, .weight, .setting: return true
      case .buffer, .index: return false
      }
    }
  }

  fileprivate func givesGradient(output position: Int) -> Bool {
    (operation.known as? any Primitive)?.isDifferentiable(output: position) ?? true
  }
}
