import ThawONNX
import ThawTensor
import ThawTypes

extension Model {
  /// The model written in a newer version of ONNX's own operators; nothing else changes.
  ///
  /// A node that means the same in both versions stays as it is. Another is decoded in the old one and written in the new
  /// one: what was an attribute becomes an input, an operator that is gone what it stood for. The IR version is raised to
  /// that of the ONNX release which brought the opset.
  ///
  /// - Throws: `ModelError` of kind `unsupported` for an older opset than the model's, for an operator that Thaw does not
  ///   know and therefore cannot rewrite, and where the new opset cannot say what a node does.
  public func upgraded(toOpset target: Int) throws -> Model {
    guard (opsetOfONNX...Operators.newestOpset).contains(target) else {
      throw ModelError(
        .unsupported,
        "the model is written in opset \(opsetOfONNX); it can be upgraded to that or a newer one, up to "
          + "\(Operators.newestOpset), and not to \(target)")
    }
    guard target > opsetOfONNX else { return self }
    var upgrade = OpsetUpgrade(self, target: target)
    return try edited(upgrade.upgraded(try changedProto()), roles: rolesByName)
  }
}

/// Rewrites a model's nodes in a newer opset.
struct OpsetUpgrade {
  private let target: Int
  /// What is known of the graph's values, by name.
  private let types: [String: TensorType]
  private let constants: [String: StoredTensor]
  private let operators: OperatorSet
  private var functions: Set<[String]> = []
  private var taken: Set<String> = []
  /// Of the graph or function that is being rewritten.
  private var opset: Int
  /// Whether new tensors go to Constant nodes: in functions, and where an initializer would have to be an input.
  private var usesConstants = false

  init(_ model: Model, target: Int) {
    self.target = target
    operators = model.operators
    opset = model.opsetOfONNX
    let graph = model.graph
    types = Dictionary(
      graph.inferredTypes().compactMap { index, type in type.tensor.map { (graph.values[index].name, $0) } }
    ) { first, _ in first }
    var constants: [String: StoredTensor] = [:]
    for (index, initial) in graph.initials {
      switch initial {
      case .parameter(let parameter): constants[graph.values[index].name] = parameter.stored
      case .constant(let stored): constants[graph.values[index].name] = stored
      }
    }
    self.constants = constants
  }

  mutating func upgraded(_ proto: ModelProto) throws -> ModelProto {
    var model = proto
    functions = Set(proto.functions.map { [$0.domain ?? "", $0.name ?? ""] })
    taken = Set(proto.valueNames)
    model.irVersion = max(proto.irVersion ?? 3, Self.irVersion(of: target))
    usesConstants = (model.irVersion ?? 3) < 4
    if let graph = proto.graph { model.graph = try rewritten(graph) }
    model.opsetImport.setVersion(target)
    for index in model.functions.indices {
      let imports = model.functions[index].opsetImport
      guard let version = imports.first(where: \.isOfONNX)?.version, version < Int64(target) else { continue }
      opset = Int(clamping: version)
      usesConstants = true
      taken = Set(model.functions[index].node.flatMap(\.output) + model.functions[index].input)
      var tensors: [TensorProto] = []
      let nodes = try model.functions[index].node.flatMap { try rewritten($0, &tensors) }
      model.functions[index].node = tensors.map(\.constantNode) + nodes
      model.functions[index].opsetImport.setVersion(target)
    }
    return model
  }

  /// The IR version of the ONNX release that brought an opset.
  private static func irVersion(of opset: Int) -> Int64 {
    let brought: [(opset: Int, ir: Int64)] = [
      (28, 14), (25, 13), (24, 12), (23, 11), (21, 10), (19, 9), (15, 8), (12, 7), (11, 6), (10, 5), (9, 4),
    ]
    return brought.first { opset >= $0.opset }?.ir ?? 3
  }

  private mutating func rewritten(_ graph: GraphProto) throws -> GraphProto {
    var result = graph
    var tensors: [TensorProto] = []
    result.node = try graph.node.flatMap { try rewritten($0, &tensors) }
    if usesConstants {
      result.node = tensors.map(\.constantNode) + result.node
    } else {
      result.initializer += tensors
    }
    return result
  }

  // One node.

  private mutating func rewritten(_ node: NodeProto, _ tensors: inout [TensorProto]) throws -> [NodeProto] {
    var node = node
    for place in node.attribute.indices {
      if let graph = node.attribute[place].g { node.attribute[place].g = try rewritten(graph) }
      for inner in node.attribute[place].graphs.indices {
        node.attribute[place].graphs[inner] = try rewritten(node.attribute[place].graphs[inner])
      }
    }
    let opType = node.opType ?? ""
    guard node.isOfONNX, opType != "Constant", !functions.contains([node.domain ?? "", opType]) else { return [node] }
    let name = node.name.flatMap { $0.isEmpty ? nil : $0 } ?? "giving \(node.output.first ?? "nothing")"
    do {
      return try rewritten(known: node, tensors: &tensors)
    } catch let error as TensorError {
      throw ModelError(
        .unsupported, "node '\(name)' (\(opType)) cannot be written in opset \(target): \(error.message)")
    } catch let error as ModelError {
      throw ModelError(
        .unsupported, "node '\(name)' (\(opType)) cannot be written in opset \(target): \(error.message)")
    }
  }

  private mutating func rewritten(known node: NodeProto, tensors: inout [TensorProto]) throws -> [NodeProto] {
    let opType = node.opType ?? ""
    guard let type = operators.named(opType, domain: "") ?? Operators.named(opType) else {
      throw ModelError(.unsupported, "Thaw does not have this operator, and cannot tell what changed in it")
    }
    let version = try Operators.version(of: type, opset: opset)
    guard try Operators.version(of: type, opset: target) != version else { return [node] }
    if type is any ControlFlow.Type {
      guard opType != Scan.schema.name || version > Scan.schema.versions[0] else {
        throw ModelError(.unsupported, "its oldest version goes through each sample of a batch by itself")
      }
      return [node]
    }
    let references = node.attribute.contains { $0.refAttrName?.isEmpty == false }
    guard !references else {
      throw ModelError(.unsupported, "it stands in a function and has attributes of the function's")
    }
    let old = try decoded(node, type, opset: opset)
    if let superseded = old.operation as? any Superseded, superseded.isSuperseded {
      return try expanded(node, superseded, old.supplied, &tensors)
    }
    if old.supplied.isEmpty, try staysAsIs(node, type, old.operation) { return [node] }
    return [try rewritten(node, type, old.operation, old.supplied, &tensors)]
  }

  /// Whether the same attributes mean the same in both opsets, and the new one asks for no other.
  private func staysAsIs(_ node: NodeProto, _ type: any Operator.Type, _ operation: any Operator) throws -> Bool {
    guard let new = try? decoded(node, type, opset: target), new.supplied.isEmpty,
      AnyHashable(new.operation) == AnyHashable(operation)
    else { return false }
    let before = (try? operation.attributes(opset: opset)).map { Set($0.keys) }
    return try (before ?? Set(node.attribute.compactMap(\.name))).isSuperset(
      of: operation.attributes(opset: target).keys)
  }

  private func decoded(
    _ node: NodeProto, _ type: any Operator.Type, opset: Int
  ) throws -> (operation: any Operator, supplied: [Int: Tensor]) {
    let attributes = try node.attribute.map { ($0.name ?? "", try Attribute($0)) }
    let reader = NodeReader(
      name: node.opType ?? "", version: try Operators.version(of: type, opset: opset),
      attributes: Dictionary(attributes) { first, _ in first }, presentInputs: node.input.map { !$0.isEmpty },
      outputCount: node.output.count)
    return (try Operators.decode(type, reader), reader.suppliedInputs)
  }

  private mutating func rewritten(
    _ node: NodeProto, _ type: any Operator.Type, _ operation: any Operator, _ supplied: [Int: Tensor],
    _ tensors: inout [TensorProto]
  ) throws -> NodeProto {
    var result = node
    var attributes = try operation.attributes(opset: target)
    let length = max(node.input.count, (supplied.keys.max() ?? -1) + 1)
    result.input += [String](repeating: "", count: length - node.input.count)
    let present = result.input.indices.map { !result.input[$0].isEmpty || supplied[$0] != nil }
    let known = KnownValues(result.input.indices.map { supplied[$0] })
    guard let asAttributes = operation.inputsAsAttributes(opset: target, present: present, known: known) else {
      throw ModelError(.unsupported, "the opset has no form for it")
    }
    for (position, tensor) in supplied.sorted(by: { $0.key < $1.key }) {
      if let name = asAttributes[position] {
        attributes[name] = .ints(try tensor.integers())
        continue
      }
      let input = type.schema.input(at: position)
      let value = try setting(tensor, input, ofDataLike: node.input.first)
      let name = uniqueName("\(node.output.first ?? node.name ?? "")/\(input?.name ?? "input \(position)")")
      tensors.append(TensorProto(name: name, try value.data()))
      result.input[position] = name
    }
    result.attribute = try attributes.sorted { $0.key < $1.key }.map { try $0.value.proto(named: $0.key) }
    let written = try decoded(result, type, opset: target)
    guard AnyHashable(written.operation) == AnyHashable(operation) else {
      throw ModelError(.unsupported, "what it does has no form there")
    }
    return result
  }

  /// A floating setting in the type of the data, which newer versions ask for.
  private func setting(_ tensor: Tensor, _ input: Input?, ofDataLike name: String?) throws -> Tensor {
    guard case .setting? = input?.use, tensor.dtype.isFloatingPoint, let dtype = name.flatMap({ types[$0]?.dtype }),
      dtype != tensor.dtype, dtype != .string
    else { return tensor }
    return try withErrors { tensor.cast(to: dtype) }
  }

  /// What an operator that is gone stands for, recorded with the types of its inputs.
  private mutating func expanded(
    _ node: NodeProto, _ operation: any Superseded, _ supplied: [Int: Tensor], _ tensors: inout [TensorProto]
  ) throws -> [NodeProto] {
    var traced: [(name: String, type: TensorType)] = []
    var given = supplied
    for (position, name) in node.input.enumerated() where !name.isEmpty {
      if operation.schema.input(at: position)?.isNeededAsValue ?? false, let constant = constants[name] {
        given[position] = try constant.tensor()
        continue
      }
      guard let type = types[name], let dims = type.dims else {
        throw ModelError(.unsupported, "the rank of its input '\(name)' is not known")
      }
      let symbols = dims.enumerated().map { axis, dim in
        if case .unknown = dim { Dim.symbol("?\(position).\(axis)") } else { dim }
      }
      traced.append(("\(position)", TensorType(type.dtype, symbols)))
    }
    let length = max(node.input.count, (given.keys.max() ?? -1) + 1)
    let graph = try Graph.record(inputList: traced, outputs: node.output.indices.map { "output \($0)" }) { values in
      var inputs = (0..<length).map { position in given[position].map(Value.tensor) }
      for (value, entry) in zip(values, traced) { inputs[Int(entry.name) ?? 0] = .tensor(value) }
      return try apply(operation, to: inputs, wanted: .all).compactMap { $0?.tensor }
    }
    var proto = try graph.proto(opset: target)
    var names: [String: String] = [:]
    for (position, name) in node.input.enumerated() { names["\(position)"] = name }
    for (position, name) in node.output.enumerated() { names["output \(position)"] = name }
    for name in proto.node.flatMap(\.output) + proto.initializer.compactMap(\.name) where names[name] == nil {
      names[name] = uniqueName("\(node.output.first ?? "")/\(name)")
    }
    proto.renameValues { names[$0] ?? $0 }
    tensors += proto.initializer
    return proto.node.map { inner in
      var inner = inner
      inner.name = node.name.flatMap { $0.isEmpty ? nil : "\($0)/\(inner.name ?? "")" }
      return inner
    }
  }

  private mutating func uniqueName(_ wanted: String) -> String {
    var name = wanted
    while !taken.insert(name).inserted { name += "_" }
    return name
  }
}

extension OperatorSetIdProto {
  var isOfONNX: Bool { domain == nil || domain == "" || domain == "ai.onnx" }
}

extension NodeProto {
  /// Whether the operator is of ONNX's own domain.
  var isOfONNX: Bool { domain == nil || domain == "" || domain == "ai.onnx" }
}

extension [OperatorSetIdProto] {
  fileprivate mutating func setVersion(_ version: Int) {
    for index in indices where self[index].isOfONNX { self[index].version = Int64(version) }
  }
}

extension TensorProto {
  /// A Constant node that gives the tensor under its name.
  var constantNode: NodeProto {
    var attribute = AttributeProto()
    attribute.name = "value"
    attribute.type = .tensor
    attribute.t = self
    return NodeProto("Constant", input: [], output: [name ?? ""], attribute: [attribute])
  }
}
