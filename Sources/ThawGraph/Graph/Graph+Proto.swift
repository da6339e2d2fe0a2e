import ThawONNX
import ThawTensor
import ThawTypes

extension Graph {
  /// The graph as an ONNX model: IR 8, opset 17 unless an operator needs a newer one, and of other domains the oldest
  /// version that has what is used.
  ///
  /// - Throws: `ModelError` when an operator cannot be written.
  package func model() throws -> ModelProto {
    let versions = try domainVersions()
    var model = ModelProto()
    model.irVersion = 8
    model.producerName = "thaw"
    model.opsetImport = versions.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { OperatorSetIdProto(domain: $0.key.rawValue, version: Int64($0.value)) }
    model.graph = try proto(versions, names: values.map(\.name), inputs: inputs, path: "")
    var roles: [String: RoleTable.Entry] = [:]
    for case (let index, .parameter(let parameter)) in initials where parameter.type.dtype.isFloatingPoint {
      let signature = RoleTable.Signature(parameter.type.dtype, parameter.type.shape ?? [])
      roles[values[index].name] = RoleTable.Entry(parameter.role, signature)
    }
    model.setRoles(RoleTable(entries: roles))
    return model
  }

  /// Writes the graph as an ONNX file; a crash leaves the old file or the new one, whole.
  ///
  /// - Throws: `ModelError` when an operator cannot be written, `FileError` when the file cannot.
  public func save(to path: String) throws { try model().write(to: path) }

  /// The graph, of ONNX's own operators alone, in an opset.
  ///
  /// - Throws: `ModelError` when the opset cannot say what a node does.
  func proto(opset: Int) throws -> GraphProto {
    for node in nodes {
      guard let operation = node.operation.known, operation.schema.domain == .onnx,
        try inputsAsAttributes(of: node, opset: opset) != nil
      else {
        throw ModelError(
          .unsupported,
          "it stands for \(node.opType) among others, which opset \(opset) cannot write; choose a newer one")
      }
    }
    return try proto([.onnx: opset], names: values.map(\.name), inputs: inputs, path: "")
  }

  /// The version of each domain: the oldest that has all operators, those in bodies included, and of ONNX's own not one
  /// below that of recordings.
  private func domainVersions() throws -> [Domain: Int] {
    var versions: [Domain: Int] = [.onnx: Operators.recordingOpset]
    for node in nodes {
      if let operation = node.operation.known {
        let domain = operation.schema.domain
        let isWritable =
          try domain == .onnx && inputsAsAttributes(of: node, opset: Operators.recordingOpset) != nil
        if !isWritable { versions[domain] = max(versions[domain] ?? 1, operation.minimumOpset) }
      }
      for (_, body) in node.bodies { versions.merge(try body.graph.domainVersions(), uniquingKeysWith: max) }
    }
    return versions
  }

  /// - Parameters:
  ///   - names: of all values.
  ///   - inputs: those that are the graph's own.
  ///   - path: what makes the names in the nodes' bodies unique.
  private func proto(
    _ versions: [Domain: Int], names: [String], inputs: some Sequence<ValueIndex>, path: String
  ) throws -> GraphProto {
    func info(_ index: ValueIndex) -> ValueInfoProto {
      ValueInfoProto(name: names[index], type: values[index].type?.tensor?.proto)
    }
    var proto = GraphProto()
    proto.name = name
    proto.node = try nodes.indices.map { try self.proto(of: $0, versions, names, path) }
    proto.input = inputs.map(info)
    proto.output = outputs.map(info)
    let computed = nodes.flatMap { $0.outputs.compactMap { $0 } }
    proto.valueInfo = computed.filter { !outputs.contains($0) && values[$0].type != nil }.map(info)
    let read = try valuesRead(versions)
    proto.initializer = try initials.sorted { $0.key < $1.key }.filter { read.contains($0.key) }.map { index, initial in
      switch initial {
      case .constant(let stored): TensorProto(name: names[index], try stored.tensor().data())
      case .parameter(let parameter): TensorProto(name: names[index], try parameter.value().detach().data())
      }
    }
    return proto
  }

  /// What nodes read as inputs, not as what their attributes say in this version.
  private func valuesRead(_ versions: [Domain: Int]) throws -> Set<ValueIndex> {
    var read = Set(outputs)
    for node in nodes {
      let version = node.operation.known.flatMap { versions[$0.schema.domain] } ?? Operators.recordingOpset
      let written = try inputsAsAttributes(of: node, opset: version) ?? [:]
      for case (let position, let input?) in node.inputs.enumerated() where written[position] == nil {
        read.insert(input)
      }
    }
    return read
  }

  private func proto(
    of index: Int, _ versions: [Domain: Int], _ names: [String], _ path: String
  ) throws -> NodeProto {
    let node = nodes[index]
    guard let operation = node.operation.known else {
      throw ModelError(.unsupported, "node '\(node.name)': an operator that Thaw does not know cannot be written")
    }
    let version = versions[operation.schema.domain] ?? operation.minimumOpset
    var inputs = node.inputs.map { $0.map { names[$0] } ?? "" }
    var attributes = try operation.attributes(opset: version)
    for (position, name) in try inputsAsAttributes(of: node, opset: version) ?? [:] {
      guard let value = try constant(node.inputs[position]) else { continue }
      attributes[name] = .ints(try value.integers())
      inputs[position] = ""
    }
    // What a body captures it names itself.
    var captured = inputs[...]
    if let flow = operation as? any ControlFlow {
      captured = captured.dropFirst(flow.ownInputCount)
      inputs = Array(inputs.prefix(flow.ownInputCount))
    }
    let bodies = try node.bodies.map { attribute, body in
      defer { captured = captured.dropFirst(body.capturedNames.count) }
      let place = "\(path)\(node.name)#\(index)/\(attribute)/"
      return try body.proto(named: attribute, versions, captured: captured, path: place)
    }
    let own = try attributes.filter { name, _ in !bodies.contains { $0.name == name } }
      .map { try $0.value.proto(named: $0.key) }
    while inputs.last == "" { inputs.removeLast() }
    return NodeProto(
      operation.schema.name, input: inputs, output: node.outputs.map { $0.map { names[$0] } ?? "" },
      name: path + node.name, domain: operation.schema.domain == .onnx ? nil : operation.schema.domain.rawValue,
      attribute: (own + bodies).sorted { ($0.name ?? "") < ($1.name ?? "") })
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

  /// This graph as a body: what it captures has the names of the outer values, the rest names of its own.
  fileprivate func bodyProto(
    _ versions: [Domain: Int], captured: [(ValueIndex, String)], ownInputs: ArraySlice<ValueIndex>, path: String
  ) throws -> GraphProto {
    var names = values.map { path + $0.name }
    for (index, name) in captured { names[index] = name }
    return try proto(versions, names: names, inputs: ownInputs, path: path)
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

extension GraphBody {
  /// The attribute that holds this body.
  ///
  /// - Parameter captured: the names, in the graph around it, of what it captures.
  fileprivate func proto(
    named name: String, _ versions: [Domain: Int], captured: ArraySlice<String>, path: String
  ) throws -> AttributeProto {
    var proto = AttributeProto()
    proto.name = name
    proto.type = .graph
    proto.g = try graph.bodyProto(
      versions, captured: Array(zip(capturedValues, captured)),
      ownInputs: graph.inputs.dropLast(capturedNames.count), path: path)
    return proto
  }
}
