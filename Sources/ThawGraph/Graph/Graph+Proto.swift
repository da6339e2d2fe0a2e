import ThawONNX
import ThawTensor
import ThawTypes

extension Graph {
  /// The graph as an ONNX model: IR 8, and opset 17 unless an operator needs a newer one.
  ///
  /// - Throws: `ModelError` when an operator cannot be written.
  package func model() throws -> ModelProto {
    let opset =
      nodes.compactMap { node -> Int? in
        guard let operation = node.operation.known, operation.schema.domain == .onnx else { return nil }
        return operation.minimumOpset
      }.reduce(Operators.recordingOpset, max)
    var model = ModelProto()
    model.irVersion = 8
    model.producerName = "thaw"
    model.opsetImport = [OperatorSetIdProto(domain: "", version: Int64(opset))]
    var proto = GraphProto()
    proto.name = name
    proto.node = try nodes.map { try self.proto(of: $0, opset: opset) }
    proto.input = inputs.map(valueInfo)
    proto.output = outputs.map(valueInfo)
    let computed = nodes.flatMap { $0.outputs.compactMap { $0 } }
    proto.valueInfo = computed.filter { !outputs.contains($0) && values[$0].type != nil }.map(valueInfo)
    var roles: [String: RoleTable.Entry] = [:]
    for (index, initial) in initials.sorted(by: { $0.key < $1.key }) {
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

  private func proto(of node: Node, opset: Int) throws -> NodeProto {
    guard let operation = node.operation.known else {
      throw ModelError(.unsupported, "node '\(node.name)': an operator that Thaw does not know cannot be written")
    }
    let attributes = try operation.attributes(opset: opset).sorted { $0.key < $1.key }
      .map { try $0.value.proto(named: $0.key) }
    var inputs = node.inputs.map { $0.map { values[$0].name } ?? "" }
    while inputs.last == "" { inputs.removeLast() }
    return NodeProto(
      operation.schema.name, input: inputs, output: node.outputs.map { $0.map { values[$0].name } ?? "" },
      name: node.name, domain: operation.schema.domain == .onnx ? nil : operation.schema.domain.rawValue,
      attribute: attributes)
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
    graph.optionalInputs = optionalInputs.compactMap { renumbered[$0] }
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
