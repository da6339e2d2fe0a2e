import ThawONNX
import ThawTensor
import ThawTypes

extension Graph {
  /// The graph as an ONNX model: IR 8, opset 17 unless an operator needs a newer one, and of other domains the oldest
  /// version that has what is used.
  ///
  /// - Throws: `ModelError` when an operator cannot be written.
  package func model() throws -> ModelProto {
    let oldest = try nodes.compactMap { node -> (Domain, Int)? in
      guard let operation = node.operation.known else { return nil }
      let isWritable = try inputsAsAttributes(of: node, opset: Operators.recordingOpset) != nil
      return isWritable ? nil : (operation.schema.domain, operation.minimumOpset)
    }
    let versions = Dictionary(oldest, uniquingKeysWith: max)
      .merging([.onnx: Operators.recordingOpset], uniquingKeysWith: max)
    var model = ModelProto()
    model.irVersion = 8
    model.producerName = "thaw"
    model.opsetImport = versions.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { OperatorSetIdProto(domain: $0.key.rawValue, version: Int64($0.value)) }
    var proto = GraphProto()
    proto.name = name
    proto.node = try nodes.map { try self.proto(of: $0, versions) }
    proto.input = inputs.map(valueInfo)
    proto.output = outputs.map(valueInfo)
    let computed = nodes.flatMap { $0.outputs.compactMap { $0 } }
    proto.valueInfo = computed.filter { !outputs.contains($0) && values[$0].type != nil }.map(valueInfo)
    var roles: [String: RoleTable.Entry] = [:]
    let read = Set(proto.node.flatMap(\.input) + proto.output.compactMap(\.name))
    for (index, initial) in initials.sorted(by: { $0.key < $1.key }) where read.contains(values[index].name) {
      let name = values[index].name
      switch initial {
      case .constant(let stored): proto.initializer.append(TensorProto(name: name, try stored.tensor().data()))
      case .parameter(let parameter):
        let value = try parameter.value().detach()
        proto.initializer.append(TensorProto(name: name, try value.data()))
        guard value.dtype.isFloatingPoint else { continue }
        roles[name] = RoleTable.Entry(parameter.role, RoleTable.Signature(value.dtype, value.shape))
      }
    }
    model.graph = proto
    model.setRoles(RoleTable(entries: roles))
    return model
  }

  /// Writes the graph as an ONNX file; a crash leaves the old file or the new one, whole.
  ///
  /// - Throws: `ModelError` when an operator cannot be written, `FileError` when the file cannot.
  public func save(to path: String) throws { try model().write(to: path) }

  private func proto(of node: Node, _ versions: [Domain: Int]) throws -> NodeProto {
    guard let operation = node.operation.known else {
      throw ModelError(.unsupported, "node '\(node.name)': an operator that Thaw does not know cannot be written")
    }
    let version = versions[operation.schema.domain] ?? operation.minimumOpset
    var attributes = try operation.attributes(opset: version)
    var inputs = node.inputs.map { $0.map { values[$0].name } ?? "" }
    for (position, name) in try inputsAsAttributes(of: node, opset: version) ?? [:] {
      guard let value = try constant(node.inputs[position]) else { continue }
      attributes[name] = .ints(try value.integers())
      inputs[position] = ""
    }
    while inputs.last == "" { inputs.removeLast() }
    return NodeProto(
      operation.schema.name, input: inputs, output: node.outputs.map { $0.map { values[$0].name } ?? "" },
      name: node.name, domain: operation.schema.domain == .onnx ? nil : operation.schema.domain.rawValue,
      attribute: try attributes.sorted { $0.key < $1.key }.map { try $0.value.proto(named: $0.key) })
  }

  private func inputsAsAttributes(of node: Node, opset: Int) throws -> [Int: String]? {
    let known = KnownValues(try node.inputs.map { try constant($0) })
    return node.operation.known?.inputsAsAttributes(opset: opset, present: node.inputs.map { $0 != nil }, known: known)
  }

  /// A value that is a constant and no parameter.
  private func constant(_ index: ValueIndex?) throws -> Tensor? {
    guard let index, case .constant(let stored)? = initials[index] else { return nil }
    return try stored.tensor()
  }

  private func valueInfo(_ index: ValueIndex) -> ValueInfoProto {
    ValueInfoProto(name: values[index].name, type: values[index].type?.tensor?.proto)
  }

  /// The graph without nodes and initial values that no output needs, numbered anew.
  func pruned() -> Graph {
    let order = nodesNeeded(for: outputs)
    let used = Set(inputs + outputs + order.flatMap { (nodes[$0].inputs + nodes[$0].outputs).compactMap { $0 } })
    let kept = values.indices.filter(used.contains)
    let renumbered = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    var graph = Graph()
    graph.name = name
    graph.values = kept.map { values[$0] }
    graph.inputs = inputs.compactMap { renumbered[$0] }
    graph.outputs = outputs.compactMap { renumbered[$0] }
    graph.nodes = order.map { index in
      var node = nodes[index]
      node.inputs = node.inputs.map { $0.flatMap { renumbered[$0] } }
      node.outputs = node.outputs.map { $0.flatMap { renumbered[$0] } }
      return node
    }
    for (index, initial) in initials {
      if let number = renumbered[index] { graph.initials[number] = initial }
    }
    return graph
  }
}
