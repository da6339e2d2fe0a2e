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
      try write(parameter, to: place.origin, in: &changed, removing: &removedNodes)
    }
    if !removedNodes.isEmpty {
      changed.graph?.node = (proto.graph?.node ?? []).enumerated().filter { !removedNodes.contains($0.offset) }
        .map(\.element)
    }
    // A file that nobody changed comes back as it was, without roles if it had none.
    if parameters.contains(where: { $0.isChanged || $0.hasNewRole }) { writeRoles(to: &changed) }
    return changed
  }

  private func write(
    _ parameter: Parameter, to origin: Loader.Origin, in model: inout ModelProto, removing nodes: inout Set<Int>
  ) throws {
    let value = try parameter.value().detach()
    switch origin {
    case .initializer(let index):
      model.graph?.initializer[index].replaceContents(with: try value.data())
    case .constant(let node, let attribute):
      guard var proto = model.graph?.node[node] else { return }
      try ConstantNode.replace(value, in: &proto, attribute: attribute)
      model.graph?.node[node] = proto
    case .identity(let node, _):
      // From its first change on, the copy has a tensor of its own.
      nodes.insert(node)
      model.graph?.initializer.append(TensorProto(name: parameter.name, try value.data()))
      // Up to IR 3 every initializer stands among the inputs too.
      if (model.irVersion ?? 1) < 4 {
        model.graph?.input.append(ValueInfoProto(name: parameter.name, type: parameter.type.proto))
      }
    }
  }

  /// A checksum of the file as it was read and of the roles as they are now; values that were changed do not count.
  package func digest() throws -> String {
    var model = proto
    writeRoles(to: &model)
    return try model.checksum()
  }

  private func writeRoles(to model: inout ModelProto) {
    let entries = parameters.map { parameter in
      let signature = RoleTable.Signature(parameter.type.dtype, parameter.type.shape ?? [])
      return (parameter.name, RoleTable.Entry(parameter.role, signature))
    }
    model.setRoles(RoleTable(entries: Dictionary(entries) { first, _ in first }))
  }
}
