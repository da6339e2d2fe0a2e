import ThawONNX
import ThawTensor
import ThawTypes

/// Turns a model file's graph into one by index.
///
/// Constant nodes become initial values; an Identity of an initializer becomes a parameter of its own, because PyTorch's
/// older exporter merges equal tensors that way.
struct Loader {
  /// Where an initial value stands in the file.
  enum Origin: Sendable {
    case initializer(Int)
    /// A Constant node, and which of its attributes holds the value.
    case constant(node: Int, attribute: String)
    /// An Identity node of an initial value.
    indirect case identity(node: Int, of: Origin)

    /// Whether the value stands in a Constant node.
    var isConstantNode: Bool {
      switch self {
      case .initializer: false
      case .constant: true
      case .identity(_, let origin): origin.isConstantNode
      }
    }
  }

  private let proto: GraphProto
  private let opsets: [String: Int]
  private let functions: Set<String>
  private var graph = Graph()
  private var indices: [String: Graph.ValueIndex] = [:]
  private var stored: [Graph.ValueIndex: StoredTensor] = [:]
  private var origins: [Graph.ValueIndex: Origin] = [:]

  /// What a model file holds: the graph, and where its floating values stand in the file.
  struct Result {
    var graph: Graph
    /// The floating initial values, by value index.
    var parameters: [(value: Graph.ValueIndex, stored: StoredTensor, type: TensorType, origin: Origin)]
  }

  /// Reads the graph of a model.
  ///
  /// - Throws: `ModelError` of kind `graph` when it does not hold together, `unsupported` for an unknown opset.
  static func load(_ model: ModelProto) throws -> Result {
    guard let proto = model.graph else { throw ModelError(.graph, "the model holds no graph") }
    var loader = Loader(proto, opsets: try opsets(of: model), functions: functions(of: model))
    return try loader.load()
  }

  private init(_ proto: GraphProto, opsets: [String: Int], functions: Set<String>) {
    self.proto = proto
    self.opsets = opsets
    self.functions = functions
  }

  private static func opsets(of model: ModelProto) throws -> [String: Int] {
    var opsets: [String: Int] = [:]
    for entry in model.opsetImport {
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

  private static func functions(of model: ModelProto) -> Set<String> {
    Set(model.functions.map { "\($0.domain ?? "")/\($0.name ?? "")" })
  }

  private mutating func load() throws -> Result {
    graph.name = proto.name ?? "graph"
    graph.opsets = opsets
    for (index, tensor) in proto.initializer.enumerated() {
      let name = tensor.name ?? ""
      guard indices[name] == nil else { throw ModelError(.graph, "two initializers are named '\(name)'") }
      define(StoredTensor(tensor, name: name), at: value(named: name), .initializer(index))
    }
    let initializerNames = Set(indices.keys)
    for input in proto.input {
      let index = value(named: input.name ?? "")
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
    graph.outputs = proto.output.map { value(named: $0.name ?? "") }
    // First, because it adds to the graph.
    let parameters = splitInitials()
    return Result(graph: graph, parameters: parameters)
  }

  private mutating func value(named name: String) -> Graph.ValueIndex {
    if let index = indices[name] { return index }
    let index = graph.values.count
    indices[name] = index
    graph.values.append(Graph.Value(name: name))
    return index
  }

  private mutating func define(_ tensor: StoredTensor, at index: Graph.ValueIndex, _ origin: Origin) {
    stored[index] = tensor
    origins[index] = origin
    if let type = tensor.type { graph.values[index].type = .tensor(type) }
  }

  private mutating func add(_ node: NodeProto, at index: Int) throws {
    let opType = node.opType ?? ""
    let name = node.name.flatMap { $0.isEmpty ? nil : $0 } ?? "#\(index) \(opType)"
    let isOnnx = node.domain == nil || node.domain == "" || node.domain == "ai.onnx"
    if isOnnx, opType == "Constant", let output = node.output.first {
      let (tensor, attribute) = try ConstantNode.value(of: node, named: output)
      define(tensor, at: value(named: output), .constant(node: index, attribute: attribute))
      return
    }
    if isOnnx, opType == "Identity", let input = node.input.first, let output = node.output.first,
      let sourceIndex = indices[input], let source = stored[sourceIndex], let origin = origins[sourceIndex],
      source.type?.dtype.isFloatingPoint ?? false
    {
      let copy = StoredTensor(name: output, type: source.type) { try source.tensor() }
      define(copy, at: value(named: output), .identity(node: index, of: origin))
      return
    }
    var inputs = node.input.map { $0.isEmpty ? nil : value(named: $0) }
    let operation = try decode(node, name: name, inputs: &inputs)
    let outputs = node.output.map { $0.isEmpty ? nil : value(named: $0) }
    graph.nodes.append(
      Graph.Node(
        name: name, isNamed: name == node.name, opType: opType, operation: operation, inputs: inputs,
        outputs: outputs))
  }

  /// The operator of a node; inputs that its version writes as attributes are added.
  private mutating func decode(
    _ node: NodeProto, name: String, inputs: inout [Graph.ValueIndex?]
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
    if functions.contains("\(node.domain ?? "")/\(opType)") {
      return missing("it is a function of the model, which Thaw does not call yet")
    }
    guard let type = Operators.named(opType, domain: domain) else { return missing(nil) }
    do {
      let attributes = try node.attribute.map { ($0.name ?? "", try Attribute($0)) }
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
      return .known(operation)
    } catch let error as TensorError {
      return missing(error.message)
    } catch let error as ModelError {
      return missing(error.message)
    }
  }

  /// Integers, booleans and strings are constants of the graph; floating values become parameters.
  private mutating func splitInitials() -> [(Graph.ValueIndex, StoredTensor, TensorType, Origin)] {
    var parameters: [(Graph.ValueIndex, StoredTensor, TensorType, Origin)] = []
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
