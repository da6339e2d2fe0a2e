import ThawONNX
import ThawTensor

extension Model {
  /// The file's message with the values and roles that were changed, and nothing else.
  ///
  /// - Throws: `ModelError` when a changed value has no place in the file.
  package func changedProto() throws -> ModelProto {
    var changed = proto
    var removedNodes: Set<Int> = []
    for (parameter, place) in zip(parameters, places) where parameter.isChanged {
      try changed.put(try parameter.value().detach(), at: place.origin, named: parameter.name)
      // From its first change on, a copy has a tensor of its own.
      if case .identity(let node, _) = place.origin { removedNodes.insert(node) }
    }
    for node in removedNodes.sorted(by: >) { changed.graph?.node.remove(at: node) }
    try writeRoles(to: &changed)
    return changed
  }

  private func writeRoles(to model: inout ModelProto) throws {
    // A file that nobody changed comes back as it was, without roles if it had none.
    guard parameters.contains(where: { $0.isChanged || $0.hasNewRole }) else { return }
    let entries = parameters.map { parameter in
      let signature = RoleTable.Signature(parameter.type.dtype, parameter.type.shape ?? [])
      return (parameter.name, RoleTable.Entry(parameter.role, signature))
    }
    model.setRoles(RoleTable(entries: Dictionary(entries) { first, _ in first }))
  }
}
