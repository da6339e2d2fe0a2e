import ThawONNX
import ThawTensor
import ThawTypes

/// Turns a model file's graph into one by index.
///
/// Constant nodes become initial values; an Identity of an initializer becomes a parameter of its own, because PyTorch's
/// older exporter merges equal tensors that way. Calls of the model's functions become their nodes; the Constants in
/// these are constants, of all calls together, and not parameters.
struct Loader {
  /// Where an initial value stands in the file.
  enum Origin: Sendable {
    case initializer(Int)
    /// A sparse initializer; from its first change on it is a dense one.
    case sparseInitializer(named: String)
    /// A Constant node, and which of its attributes holds the value.
    case constant(node: Int, attribute: String)
    /// An Identity node of an initial value.
    indirect case identity(node: Int, of: Origin)
    /// In a graph that a node has as an attribute.
    indirect case inside(node: Int, attribute: String, Origin)

    /// Whether the value stands in a Constant node.
    var isConstantNode: Bool {
      switch self {
      case .initializer, .sparseInitializer: false
      case .constant: true
      case .identity(_, let origin), .inside(_, _, let origin): origin.isConstantNode
      }
    }
  }

  private let proto: GraphProto
  /// Those of the function while its nodes are added.
  private var opsets: [String: Int]
  private let functions: FunctionInliner
  private let operators: OperatorSet
  private let allowance: DenseAllowance
  /// The way to this graph, before the names of what it holds; empty for the main graph.
  private let path: String
  /// Whether this graph is the body of a node in a function, whose constants have no place in the file of their own.
  private let isInFunction: Bool
  /// The calls that lead to the nodes being added: which functions, and which of their nodes.
  private var calls: [ConstantPlace] = []
  private var functionConstants: [ConstantPlace: StoredTensor] = [:]
  private var graph = Graph()
  private var indices: [String: Graph.ValueIndex] = [:]
  private var stored: [Graph.ValueIndex: StoredTensor] = [:]
  private var origins: [Graph.ValueIndex: Origin] = [:]
  /// The values that this graph makes or holds; in a body, the others are captured.
  private var defined: Set<Graph.ValueIndex> = []
  private var captured: [Graph.ValueIndex] = []
  /// The node names that stand twice in this graph.
  private let ambiguousNames: Set<String>

  /// A node of a function.
  private struct ConstantPlace: Hashable {
    var function: Int
    var node: Int
  }

  /// What a model file holds: the graph, and where its floating values stand in the file.
  struct Result {
    var graph: Graph
    /// The floating initial values, by value index.
    var parameters: [Held]
  }

  /// A floating initial value.
  typealias Held = (value: Graph.ValueIndex, stored: StoredTensor, type: TensorType, origin: Origin)

  /// Reads the graph of a model.
  ///
  /// - Parameter operators: which come before Thaw's own.
  /// - Throws: `ModelError` of kind `graph` when it does not hold together, `unsupported` for an unknown opset.
  static func load(_ model: ModelProto, operators: OperatorSet = []) throws -> Result {
    guard let proto = model.graph else { throw ModelError(.graph, "the model holds no graph") }
    var loader = Loader(
      proto, opsets: try opsets(model.opsetImport), functions: try FunctionInliner(model, opsets: opsets),
      operators: operators)
    return try loader.load()
  }

  private init(
    _ proto: GraphProto, opsets: [String: Int], functions: FunctionInliner, operators: OperatorSet,
    allowance: DenseAllowance = DenseAllowance(), path: String = "", isInFunction: Bool = false
  ) {
    self.proto = proto
    self.opsets = opsets
    self.functions = functions
    self.operators = operators
    self.allowance = allowance
    self.path = path
    self.isInFunction = isInFunction
    let names = Dictionary(grouping: proto.node.compactMap(\.name)) { $0 }
    ambiguousNames = Set(names.filter { $0.value.count > 1 }.keys)
  }

  private static func opsets(_ imports: [OperatorSetIdProto]) throws -> [String: Int] {
    var opsets: [String: Int] = [:]
    for entry in imports {
      let domain = entry.domain == "ai.onnx" ? "" : entry.domain ?? ""
      let version = Int(clamping: entry.version ?? 1)
      if domain.isEmpty, !(1...Operators.newestOpset).contains(version) {
        throw ModelError(
          .unsupported,
          "the model is written in opset \(version) of ai.onnx, and Thaw knows 1 to "
            + "\(Operators.newestOpset): convert it to one of these")
      }
      opsets[domain] = version
    }
    return opsets
  }

  private mutating func load() throws -> Result {
    graph.name = proto.name ?? "graph"
    graph.opsets = opsets
    for (index, tensor) in proto.initializer.enumerated() {
      let name = tensor.name ?? ""
      guard indices[name] == nil else { throw ModelError(.graph, "two initializers are named '\(name)'") }
      define(StoredTensor(tensor, name: path + name), at: value(named: name), .initializer(index))
    }
    try addSparseInitializers()
    let initializerNames = Set(indices.keys)
    for input in proto.input {
      let index = value(named: input.name ?? "")
      defined.insert(index)
      graph.values[index].type = input.type.flatMap(ValueType.init)
      // An initializer among the inputs is a default: nobody has to give it. Up to IR 3 all stand there.
      if initializerNames.contains(input.name ?? "") {
        graph.optionalInputs.append(index)
      } else {
        graph.inputs.append(index)
      }
    }
    for info in proto.valueInfo + proto.output {
      let index = value(named: info.name ?? "")
      if let type = info.type.flatMap(ValueType.init) { graph.values[index].type = type }
    }
    for (index, node) in proto.node.enumerated() { try add(node, at: index) }
    graph.outputs = proto.output.map { taken($0.name ?? "") }
    // First, because it adds to the graph.
    let parameters = splitInitials()
    return Result(graph: graph, parameters: parameters)
  }

  private mutating func addSparseInitializers() throws {
    for sparse in proto.sparseInitializer {
      let name = sparse.values?.name ?? ""
      guard indices[name] == nil else { throw ModelError(.graph, "two initializers are named '\(name)'") }
      define(
        try StoredTensor(sparse, name: path + name, allowance), at: value(named: name), .sparseInitializer(named: name))
    }
  }

  /// A graph inside a node; its floating values are handed out, to become inputs that it captures.
  private func body(_ proto: GraphProto, path: String) throws -> (body: GraphBody, held: [Held]) {
    var loader = Loader(
      proto, opsets: opsets, functions: functions, operators: operators, allowance: allowance, path: path,
      isInFunction: isInFunction || !calls.isEmpty)
    var result = try loader.load()
    let names = loader.captured.map { result.graph.values[$0].name }
    result.graph.inputs += loader.captured + result.parameters.map(\.value)
    return (GraphBody(result.graph, capturedNames: names + result.parameters.map(\.stored.name)), result.parameters)
  }

  /// A value that something in this graph takes; one that nothing here makes is an outer one.
  private mutating func taken(_ name: String) -> Graph.ValueIndex {
    let index = value(named: name)
    if !path.isEmpty, defined.insert(index).inserted { captured.append(index) }
    return index
  }

  private mutating func value(named name: String) -> Graph.ValueIndex {
    if let index = indices[name] { return index }
    let index = graph.values.count
    indices[name] = index
    graph.values.append(Graph.Value(name: name))
    return index
  }

  private mutating func define(_ tensor: StoredTensor, at index: Graph.ValueIndex, _ origin: Origin?) {
    stored[index] = tensor
    origins[index] = isInFunction ? nil : origin
    defined.insert(index)
    if let type = tensor.type { graph.values[index].type = .tensor(type) }
  }

  private mutating func add(_ node: NodeProto, at index: Int) throws {
    let opType = node.opType ?? ""
    let name = node.name.flatMap { $0.isEmpty ? nil : $0 } ?? "#\(index) \(opType)"
    if let function = functions.function(calledBy: node) {
      return try addBody(of: function, calledBy: node, named: name, at: index)
    }
    let isOnnx = node.domain == nil || node.domain == "" || node.domain == "ai.onnx"
    if isOnnx, opType == "Constant", let output = node.output.first {
      if let place = calls.last {
        let known = try functionConstants[place] ?? ConstantNode.value(of: node, named: path + output, allowance).0
        functionConstants[place] = known
        return define(known, at: value(named: output), nil)
      }
      let (tensor, attribute) = try ConstantNode.value(of: node, named: path + output, allowance)
      return define(tensor, at: value(named: output), .constant(node: index, attribute: attribute))
    }
    if isOnnx, calls.isEmpty, path.isEmpty, opType == "Identity", let input = node.input.first,
      let output = node.output.first,
      let sourceIndex = indices[input], let source = stored[sourceIndex], let origin = origins[sourceIndex],
      source.type?.dtype.isFloatingPoint ?? false
    {
      define(source.copy(named: output), at: value(named: output), .identity(node: index, of: origin))
      return
    }
    var inputs = node.input.map { $0.isEmpty ? nil : taken($0) }
    let operation = try decode(node, at: index, name: name, inputs: &inputs)
    let outputs = node.output.map { $0.isEmpty ? nil : value(named: $0) }
    defined.formUnion(outputs.compactMap { $0 })
    graph.nodes.append(
      Graph.Node(
        name: name, isNamed: name == node.name, opType: opType, operation: operation, inputs: inputs,
        outputs: outputs))
  }

  private mutating func addBody(
    of function: FunctionInliner.Function, calledBy call: NodeProto, named name: String, at index: Int
  ) throws {
    if calls.isEmpty { try functions.admit(function) }
    let outer = opsets
    opsets = function.opsets
    for (position, node) in try functions.body(of: function, calledBy: call, named: name).enumerated() {
      calls.append(ConstantPlace(function: function.index, node: position))
      try add(node, at: index)
      calls.removeLast()
    }
    opsets = outer
  }

  /// The operator of a node; inputs that its version writes as attributes are added, and those that its bodies capture.
  private mutating func decode(
    _ node: NodeProto, at index: Int, name: String, inputs: inout [Graph.ValueIndex?]
  ) throws -> Graph.Operation {
    let opType = node.opType ?? ""
    let domain = node.domain == "ai.onnx" ? "" : node.domain ?? ""
    guard let opset = opsets[domain] else {
      throw ModelError(
        .graph,
        "node '\(name)' is a \(opType) of the domain '\(domain.isEmpty ? "ai.onnx" : domain)', which the model "
          + "does not import")
    }
    func missing(_ reason: String?) -> Graph.Operation {
      .missing(MissingOperator(name: opType, domain: domain, opset: opset, node: name, reason: reason))
    }
    guard let type = operators.named(opType, domain: domain) ?? Operators.named(opType, domain: domain) else {
      return missing(nil)
    }
    do {
      let bodies = try bodies(of: node, at: index)
      let attributes = try node.attribute.map { proto -> (String, Attribute) in
        let name = proto.name ?? ""
        return (name, try bodies[name].map { .graph($0.body) } ?? Attribute(proto))
      }
      let reader = NodeReader(
        name: opType, version: try Operators.version(of: type, opset: opset),
        attributes: Dictionary(attributes) { first, _ in first }, presentInputs: inputs.map { $0 != nil },
        outputCount: node.output.count)
      let operation = try Operators.decode(type, reader)
      for (position, tensor) in reader.suppliedInputs {
        while inputs.count <= position { inputs.append(nil) }
        let index = graph.values.count
        let constant = StoredTensor(tensor, name: "\(name)/input \(position)")
        graph.values.append(Graph.Value(name: constant.name, type: .tensor(tensor.type)))
        graph.initials[index] = .constant(constant)
        inputs[position] = index
      }
      if let flow = operation as? any ControlFlow {
        try addCaptured(by: flow, bodies, ofNode: index, to: &inputs)
      }
      return .known(operation)
    } catch let error as TensorError {
      return missing(error.message)
    } catch let error as ModelError {
      return missing(error.message)
    }
  }

  /// The graphs among a node's attributes, each named by the node or, where that says nothing, its place.
  private func bodies(of node: NodeProto, at index: Int) throws -> [String: (body: GraphBody, held: [Held])] {
    let name = node.name.flatMap { $0.isEmpty || ambiguousNames.contains($0) ? nil : $0 } ?? "\(index)"
    var bodies: [String: (body: GraphBody, held: [Held])] = [:]
    for attribute in node.attribute {
      guard let graph = attribute.g, let key = attribute.name else { continue }
      bodies[key] = try body(graph, path: "\(path)\(name)/\(key)/")
    }
    if node.opType == Gradient.schema.name, node.domain == Gradient.schema.domain.rawValue {
      bodies[Gradient.target] = try (differentiatedBody(of: node, path: "\(path)\(name)/"), [])
    }
    return bodies
  }

  /// What leads from the values that a Gradient node names to the one that it differentiates.
  ///
  /// Its constants stand in this graph, where they are parameters; a copy of them is none.
  private func differentiatedBody(of node: NodeProto, path: String) throws -> GraphBody {
    func attribute(_ name: String) -> AttributeProto? { node.attribute.first { $0.name == name } }
    let given = ((attribute("xs")?.strings ?? []) + (attribute("zs")?.strings ?? []))
      .map { String(decoding: $0, as: UTF8.self) }
    let target = String(decoding: attribute(Gradient.target)?.s ?? [], as: UTF8.self)
    var needed: Set = [target]
    var nodes: [NodeProto] = []
    for other in proto.node.reversed()
    where other.output.contains(where: { needed.contains($0) && !given.contains($0) }) {
      nodes.insert(other, at: 0)
      needed.formUnion(other.input.filter { !$0.isEmpty })
    }
    guard nodes.contains(where: { $0.output.contains(target) }) || given.contains(target) else {
      throw ModelError(.node, "the Gradient node differentiates '\(target)', which no node of the graph makes")
    }
    let declared = proto.input + proto.valueInfo + proto.output
    func port(_ name: String) -> ValueInfoProto {
      var port = ValueInfoProto()
      port.name = name
      port.type = declared.first { $0.name == name }?.type
      return port
    }
    var graph = GraphProto()
    graph.node = nodes
    graph.input = given.map(port)
    graph.output = [port(target)]
    var loader = Loader(
      graph, opsets: opsets, functions: functions, operators: operators, allowance: allowance, path: path,
      isInFunction: true)
    var result = try loader.load()
    let names = loader.captured.map { result.graph.values[$0].name }
    result.graph.inputs += loader.captured
    return GraphBody(result.graph, capturedNames: names)
  }

  /// Adds what the bodies read of this graph, and the floating values that stand in them, to a node's inputs.
  private mutating func addCaptured(
    by flow: any ControlFlow, _ bodies: [String: (body: GraphBody, held: [Held])], ofNode node: Int,
    to inputs: inout [Graph.ValueIndex?]
  ) throws {
    guard inputs.count <= flow.ownInputCount else {
      throw TensorError(
        .operand,
        "\(flow.schema.name): the node has \(inputs.count) inputs, and its body takes \(flow.ownInputCount)")
    }
    while inputs.count < flow.ownInputCount { inputs.append(nil) }
    for (attribute, _) in flow.bodies {
      guard let (body, held) = bodies[attribute] else { continue }
      for name in body.capturedNames.dropLast(held.count) { inputs.append(taken(name)) }
      for (_, stored, _, origin) in held {
        let index = graph.values.count
        graph.values.append(Graph.Value(name: stored.name))
        define(stored, at: index, .inside(node: node, attribute: attribute, origin))
        inputs.append(index)
      }
    }
  }

  /// Integers, booleans and strings are constants of the graph; floating values become parameters.
  private mutating func splitInitials() -> [Held] {
    var parameters: [Held] = []
    for (index, tensor) in stored.sorted(by: { $0.key < $1.key }) {
      if let type = tensor.type, type.dtype.isFloatingPoint, let origin = origins[index] {
        parameters.append((index, tensor, type, origin))
      } else {
        graph.initials[index] = .constant(tensor)
      }
    }
    return parameters
  }
}
