import ThawONNX
import ThawTensor

extension Model {
  /// The model with what follows from constants alone computed once, and what is then of no use removed.
  ///
  /// Parameters, trainable, frozen or buffers, are never folded: their roles stay what they are. Neither is what draws
  /// random numbers, runs graphs, or would take more room than 64 KiB and what it is computed of.
  ///
  /// - Throws: the error of a node that fails, with its name.
  public func foldingConstants() throws -> Model {
    var changed = try changedProto()
    guard var graph = changed.graph else { return self }
    let folded = try foldedValues()
    let outputs = Set(graph.output.compactMap(\.name))
    let usesConstants = (changed.irVersion ?? 3) < 4
    var roles = rolesByName
    var nodes: [NodeProto] = []
    for node in graph.node {
      let results = node.output.filter { !$0.isEmpty }
      guard !(node.isOfONNX && node.opType == "Constant"), !results.isEmpty,
        results.allSatisfy({ folded[$0] != nil && !outputs.contains($0) })
      else {
        nodes.append(node)
        continue
      }
      for name in results {
        guard let tensor = folded[name] else { continue }
        let proto = TensorProto(name: name, try tensor.data())
        if usesConstants { nodes.append(proto.constantNode) } else { graph.initializer.append(proto) }
        roles[name] = .constant
      }
    }
    graph.node = nodes
    changed.graph = graph
    changed.removeUnused()
    return try edited(changed, roles: roles)
  }

  /// The model without nodes, initializers and functions that no output needs.
  public func removingUnused() throws -> Model {
    var changed = try changedProto()
    changed.removeUnused()
    return try edited(changed, roles: rolesByName)
  }

  /// What nodes give that read nothing but constants, by name.
  private func foldedValues() throws -> [String: Tensor] {
    var values: [Int: Tensor] = [:]
    var folded: [String: Tensor] = [:]
    for (index, initial) in graph.initials {
      switch initial {
      case .constant(let stored): values[index] = try stored.tensor()
      case .parameter(let parameter) where parameter.role == .constant: values[index] = try parameter.value().detach()
      case .parameter: break
      }
    }
    for input in graph.optionalInputs { values[input] = nil }
    for node in graph.nodes {
      let inputs = node.inputs.map { $0.flatMap { values[$0] } }
      guard let operation = node.operation.known, !operation.draws, !(operation is any ControlFlow),
        !node.inputs.isEmpty, zip(node.inputs, inputs).allSatisfy({ $0 == nil || $1 != nil }),
        isSmall(operation, inputs)
      else { continue }
      let results: [Value?]
      do {
        results = try Context.with({ $0.budget = limits.budget }) {
          try noGrad { try withErrors { try apply(operation, to: inputs.map { $0.map(Value.tensor) }, wanted: .all) } }
        }
      } catch let error as TensorError {
        throw error.at("node '\(node.name)'")
      }
      for (output, value) in zip(node.outputs, results) {
        guard let output, let tensor = value?.tensor else { continue }
        values[output] = tensor
        folded[graph.values[output].name] = tensor
      }
    }
    return folded
  }

  /// Whether results are known to take no more than a little, or than what they are computed of.
  private func isSmall(_ operation: any Operator, _ inputs: [Tensor?]) -> Bool {
    let types = try? operation.outputTypes(inputs.map { $0.map { .tensor($0.type) } }, known: KnownValues(inputs))
    guard let types, !types.isEmpty else { return false }
    let given = inputs.reduce(0) { $0 + ($1.map { $0.count * $0.dtype.itemSize } ?? 0) }
    return types.allSatisfy { type in
      guard let tensor = type.tensor, let shape = tensor.shape else { return false }
      let count = shape.reduce(1) { product, size in
        let (next, overflow) = product.multipliedReportingOverflow(by: size)
        return overflow ? .max / 16 : min(next, .max / 16)
      }
      return count * max(tensor.dtype.itemSize, 1) <= max(1 << 16, given)
    }
  }
}
