/// Goes through a model once and gathers what is wrong with its structure.
struct Validator {
  private(set) var errors: [StructureError] = []
  private let model: ModelProto
  private let limit: Int
  private let irVersion: Int64

  init(_ model: ModelProto, limit: Int) {
    self.model = model
    self.limit = limit
    irVersion = model.irVersion ?? 0
  }

  mutating func report(_ kind: StructureError.Kind, _ place: String, _ detail: String = "", nodes: [String] = []) {
    if errors.count < limit { errors.append(StructureError(kind, at: place, detail, nodes: nodes)) }
  }

  mutating func run() {
    if irVersion <= 0 { report(.irVersionMissing, "ir_version") }
    if irVersion > 14 { report(.irVersionTooNew, "ir_version", "\(irVersion)") }
    checkMetadata()
    let domains = checkedImports()
    guard let graph = model.graph else {
      report(.graphMissing, "graph")
      return
    }
    check(graph, "graph", Scope(domains: domains), isMain: true)
    checkFunctions()
  }

  private mutating func checkMetadata() {
    var keys: Set<ExactName> = []
    for (index, entry) in model.metadataProps.enumerated() where !keys.insert(ExactName(entry.key ?? "")).inserted {
      report(.duplicateMetadataKey, "metadata_props[\(index)]", entry.key ?? "")
    }
  }

  private mutating func checkedImports() -> Set<String> {
    if irVersion < 3 {
      if irVersion > 0, !model.opsetImport.isEmpty { report(.opsetImportTooEarly, "opset_import") }
      return model.opsetImport.isEmpty ? [""] : domains(of: model.opsetImport, "opset_import")
    }
    if model.opsetImport.isEmpty { report(.opsetImportMissing, "opset_import") }
    return domains(of: model.opsetImport, "opset_import")
  }

  /// The imported domains; ONNX's own has two names.
  private mutating func domains(of imports: [OperatorSetIdProto], _ place: String) -> Set<String> {
    var domains: Set<String> = []
    for (index, entry) in imports.enumerated() {
      let domain = entry.domain == "ai.onnx" ? "" : entry.domain ?? ""
      if (entry.version ?? 0) <= 0 { report(.opsetImportMissing, "\(place)[\(index)]", "no version of \(domain)") }
      if !domains.insert(domain).inserted { report(.duplicateOpsetImport, "\(place)[\(index)]", domain) }
    }
    return domains
  }

  // MARK: Graphs

  private mutating func check(_ graph: GraphProto, _ place: String, _ scope: Scope, isMain: Bool) {
    if graph.name?.isEmpty != false { report(.nameMissing, "\(place).name") }
    for (index, input) in graph.input.enumerated() {
      let place = "\(place).input[\(index)]"
      check(input, place, completeType: isMain ? .typeMissing : nil)
      if !scope.add(input.name) { report(.duplicateInput, place, input.name ?? "") }
    }
    for (index, output) in graph.output.enumerated() {
      check(output, "\(place).output[\(index)]", completeType: isMain ? .outputTypeMissing : nil)
    }
    checkInitializers(of: graph, place, scope)
    check(graph.node, "\(place).node", scope)
    for (index, output) in graph.output.enumerated() where !scope.has(output.name ?? "") {
      report(.undefinedOutput, "\(place).output[\(index)]", output.name ?? "")
    }
  }

  private mutating func checkInitializers(of graph: GraphProto, _ place: String, _ scope: Scope) {
    var names: Set<ExactName> = []
    for (index, tensor) in graph.initializer.enumerated() {
      let place = "\(place).initializer[\(index)]"
      let name = tensor.name ?? ""
      if name.isEmpty { report(.nameMissing, place) }
      if !names.insert(ExactName(name)).inserted { report(.duplicateInitializer, place, name) }
      if irVersion < 4, !scope.has(name) { report(.initializerNotInput, place, name) }
      check(tensor, place)
      scope.add(name)
    }
    for (index, sparse) in graph.sparseInitializer.enumerated() {
      let place = "\(place).sparse_initializer[\(index)]"
      let name = sparse.values?.name ?? ""
      if name.isEmpty { report(.nameMissing, place) }
      if !names.insert(ExactName(name)).inserted { report(.duplicateInitializer, place, name) }
      check(sparse, place)
      scope.add(name)
    }
  }

  /// Checks nodes in their order; shared by graphs and functions.
  private mutating func check(_ nodes: [NodeProto], _ place: String, _ scope: Scope) {
    scope.nodes = nodes
    var names: Set<ExactName> = []
    for (index, node) in nodes.enumerated() {
      let place = "\(place)[\(index)]"
      if let name = node.name, !name.isEmpty, !names.insert(ExactName(name)).inserted {
        report(.duplicateNodeName, place, name)
      }
      for (position, input) in node.input.enumerated() where !input.isEmpty && !scope.sees(input) {
        if scope.willSee(input) { continue }
        report(.undefinedInput, "\(place).input[\(position)]", "\(input), taken by \(node.label)")
      }
      check(node, place, scope)
      for (position, output) in node.output.enumerated() where !output.isEmpty {
        if scope.sees(output) { report(.duplicateValue, "\(place).output[\(position)]", output) }
        scope.add(output)
      }
    }
    if scope.isOutOfOrder { checkOrder(of: nodes, place) }
  }

  private mutating func checkOrder(of nodes: [NodeProto], _ place: String) {
    switch NodeOrder(nodes).problem {
    case .cycle(let indices)?:
      report(.cycle, "\(place)[\(indices[0])]", nodes: indices.map { nodes[$0].label })
    case .unsorted(let index)?:
      report(.notSorted, "\(place)[\(index)]", nodes: [nodes[index].label])
    case nil: break
    }
  }

  private mutating func check(_ node: NodeProto, _ place: String, _ scope: Scope) {
    if node.opType?.isEmpty != false { report(.nameMissing, "\(place).op_type") }
    if node.input.isEmpty, node.output.isEmpty { report(.nodeWithoutValues, place, node.label) }
    let domain = node.domain == "ai.onnx" ? "" : node.domain ?? ""
    if !scope.domains.contains(domain) {
      report(.domainNotImported, place, "\(domain.isEmpty ? "ai.onnx" : domain), used by \(node.label)")
    }
    var names: Set<ExactName> = []
    for (index, attribute) in node.attribute.enumerated() {
      let place = "\(place).attribute[\(index)]"
      let name = attribute.name ?? ""
      if name.isEmpty { report(.nameMissing, place) }
      if !names.insert(ExactName(name)).inserted { report(.duplicateAttribute, place, "\(name) of \(node.label)") }
      check(attribute, place, scope)
    }
  }

  private mutating func check(_ attribute: AttributeProto, _ place: String, _ scope: Scope) {
    if irVersion >= 2, attribute.type == nil { report(.typeMissing, place, attribute.name ?? "") }
    let held = attribute.typesHeld
    if held.count > 1 || (held.first != nil && attribute.type != nil && held.first != attribute.type)
      || (scope.isFunction && attribute.refAttrName != nil && !held.isEmpty)
    {
      report(.attributeMismatch, place, attribute.name ?? "")
    }
    if let tensor = attribute.t { check(tensor, "\(place).t") }
    for (index, tensor) in attribute.tensors.enumerated() { check(tensor, "\(place).tensors[\(index)]") }
    if let sparse = attribute.sparseTensor { check(sparse, "\(place).sparse_tensor") }
    for (index, sparse) in attribute.sparseTensors.enumerated() { check(sparse, "\(place).sparse_tensors[\(index)]") }
    if let graph = attribute.g { check(graph, "\(place).g", Scope(inside: scope), isMain: false) }
    for (index, graph) in attribute.graphs.enumerated() {
      check(graph, "\(place).graphs[\(index)]", Scope(inside: scope), isMain: false)
    }
  }

  private mutating func check(_ tensor: TensorProto, _ place: String) {
    do throws(TensorDataError) {
      try tensor.checkLayout()
    } catch {
      report(.tensor, place, error.description)
    }
  }

  private mutating func check(_ tensor: SparseTensorProto, _ place: String) {
    guard let values = tensor.values else {
      report(.tensor, place, "the values are missing")
      return
    }
    check(values, "\(place).values")
    if let indices = tensor.indices {
      check(indices, "\(place).indices")
    } else if values.dims.first != 0 {
      report(.tensor, place, "the indices are missing")
    }
    if tensor.dims.isEmpty || tensor.dims.contains(where: { $0 <= 0 }) {
      report(.tensor, place, "a sparse tensor's dimensions are positive, found \(tensor.dims)")
    }
  }

  /// Inputs and outputs of the main graph need a complete type; those of subgraphs only a name.
  ///
  /// - Parameter kind: what to report of an incomplete type; nil where nothing is asked of it.
  private mutating func check(_ value: ValueInfoProto, _ place: String, completeType kind: StructureError.Kind?) {
    if value.name?.isEmpty != false { report(.nameMissing, place) }
    guard let kind else { return }
    let isComplete =
      switch value.type?.value {
      case .tensor(let type)?: type.elemType != nil && type.shape != nil
      case .sparseTensor(let type)?: type.elemType != nil && type.shape != nil
      case .sequence(let type)?: type.elemType != nil
      case .optional(let type)?: type.elemType != nil
      case .map(let type)?: type.keyType != nil && type.valueType != nil
      case .opaque(let type)?: type.name?.isEmpty == false
      case nil: false
      }
    if !isComplete { report(kind, "\(place).type", value.name ?? "") }
  }

  // MARK: Functions

  private mutating func checkFunctions() {
    var calls = FunctionCalls()
    for (index, function) in model.functions.enumerated() {
      let place = "functions[\(index)]"
      if function.name?.isEmpty != false { report(.nameMissing, place) }
      if irVersion >= 8, function.domain == nil { report(.nameMissing, "\(place).domain") }
      if !calls.add(function) { report(.duplicateFunction, place, function.label) }
      let scope = Scope(domains: domains(of: function.opsetImport, "\(place).opset_import"), isFunction: true)
      for (position, input) in function.input.enumerated() where !scope.add(input) {
        report(.duplicateInput, "\(place).input[\(position)]", input)
      }
      check(function.node, "\(place).node", scope)
      for (position, output) in function.output.enumerated() where !scope.has(output) {
        report(.undefinedOutput, "\(place).output[\(position)]", output)
      }
    }
    if let circle = calls.circle() { report(.recursiveFunction, "functions", nodes: circle) }
  }
}
