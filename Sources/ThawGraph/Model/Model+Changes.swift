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
    // A file that nobody changed comes back as it was, without roles if it had none.
    if parameters.contains(where: { $0.isChanged || $0.hasNewRole }) { writeRoles(to: &changed) }
    return changed
  }

  /// A checksum of the file as it was read and of the roles as they are now; values that were changed do not count.
  package func digest() throws -> String {
    var model = proto
    writeRoles(to: &model)
    return try model.checksum()
  }

  func writeRoles(to model: inout ModelProto) {
    let entries = parameters.map { parameter in
      let signature = RoleTable.Signature(parameter.type.dtype, parameter.type.shape ?? [])
      return (parameter.name, RoleTable.Entry(parameter.role, signature))
    }
    model.setRoles(RoleTable(entries: Dictionary(entries) { first, _ in first }))
  }
}
