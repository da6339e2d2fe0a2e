import ThawONNX
import ThawTensor
import ThawTypes

/// A model whose parameters are kept in another element type.
public struct StorageConversion: Sendable {
  /// The model.
  public let model: Model
  /// The parameters that are in the new type.
  public let converted: [String]
  /// Those that stay in theirs, each with the reason.
  public let kept: [(name: String, reason: String)]
}

extension Model {
  /// The model with its parameters kept in another floating type.
  ///
  /// Computation stays in the types it has: a Cast brings a weight back to the type its nodes take. So every operator runs
  /// wherever it ran before, inputs and outputs stay what they are, and the only error is that of rounding the weights;
  /// converting types of the whole graph would change what callers give and get, and ask for kernels that many runtimes
  /// do not have. A runtime that folds constants does the casts once. Casts that are there already are used or removed, so
  /// that converting back leaves none.
  ///
  /// Constants stay: they are few, and one such as an epsilon would become 0. So does a parameter that has numbers too
  /// large for the type, is an output of the model, or stands in the graph of a node or in sparse form.
  ///
  /// - Parameter dtype: float16, bfloat16, float32 or float64.
  /// - Throws: `ModelError` of kind `request` for another type, or an opset whose Cast does not have it.
  public func storingParameters(as dtype: DType) throws -> StorageConversion {
    guard StorageEditor.types.contains(dtype) else {
      throw ModelError(
        .request,
        "parameters can be kept as \(StorageEditor.types.map { "\($0)" }.joined(separator: ", ")), and not as \(dtype)")
    }
    let needed = dtype == .bfloat16 ? 13 : 6
    guard opsetOfONNX >= needed else {
      throw ModelError(
        .request,
        "keeping parameters as \(dtype) takes the Cast of opset \(needed), and the model is written in opset "
          + "\(opsetOfONNX): upgrade it too, with --opset \(needed) or newer")
    }
    // Places are those of a file without changes.
    let model = parameters.contains { $0.isChanged } ? try edited(try changedProto(), roles: rolesByName) : self
    var editor = StorageEditor(model, dtype)
    try editor.run()
    return StorageConversion(
      model: try model.edited(editor.proto, roles: model.rolesByName), converted: editor.converted, kept: editor.kept)
  }
}

/// Converts parameters of a model's message.
private struct StorageEditor {
  static let types: [DType] = [.float16, .bfloat16, .float32, .float64]

  private(set) var proto: ModelProto
  private(set) var converted: [String] = []
  private(set) var kept: [(name: String, reason: String)] = []
  private let model: Model
  private let dtype: DType
  private var graph: GraphProto
  /// For a value, the nodes that read it; -1 for a graph inside a node, or an output.
  private var readers: [String: [Int]] = [:]
  private var taken: Set<String>
  private var renames: [String: String] = [:]
  /// New nodes, by the node they come after; -1 for the start.
  private var added: [Int: [NodeProto]] = [:]
  private var removed: Set<Int> = []

  init(_ model: Model, _ dtype: DType) {
    (self.model, self.dtype) = (model, dtype)
    proto = model.proto
    graph = proto.graph ?? GraphProto()
    taken = Set(proto.valueNames)
    for (index, node) in graph.node.enumerated() {
      let direct = Set(node.input)
      for name in node.takenNames { readers[name, default: []].append(direct.contains(name) ? index : -1) }
    }
    for info in graph.output { readers[info.name ?? "", default: []].append(-1) }
  }

  /// A tensor of the file and the copies that Identity nodes make of it, all parameters.
  private struct Family {
    var source: Int?
    var copies: [(parameter: Int, node: Int)] = []
  }

  mutating func run() throws {
    var families: [String: Family] = [:]
    var order: [String] = []
    for index in model.parameters.indices {
      let (key, node) = Self.base(of: model.places[index].origin)
      guard let key else {
        if model.parameters[index].role != .constant, model.parameters[index].type.dtype != dtype {
          kept.append((model.parameters[index].name, "it stands in the graph of a node, or is sparse"))
        }
        continue
      }
      if families[key] == nil { order.append(key) }
      if let node {
        families[key, default: Family()].copies.append((index, node))
      } else {
        families[key, default: Family()].source = index
      }
    }
    for key in order {
      if let family = families[key] { try convert(family) }
    }
    finish()
  }

  /// What identifies the tensor that a parameter is, or is a copy of, and the Identity node that makes the copy.
  private static func base(of origin: Loader.Origin) -> (key: String?, node: Int?) {
    switch origin {
    case .initializer(let index): ("initializer \(index)", nil)
    case .constant(let node, let attribute): (attribute == "sparse_value" ? nil : "constant \(node)", nil)
    case .identity(let node, let origin): (base(of: origin).key, node)
    case .sparseInitializer, .inside: (nil, nil)
    }
  }

  private mutating func convert(_ family: Family) throws {
    let members = [family.source].compactMap { $0 } + family.copies.map(\.parameter)
    let parameters = members.map { model.parameters[$0] }
    guard let source = family.source.map({ model.parameters[$0] }), Self.types.contains(source.type.dtype),
      parameters.contains(where: { $0.role != .constant })
    else { return }
    let value = try source.value().detach()
    let outputs = Set(graph.output.compactMap(\.name))
    if let output = parameters.first(where: { outputs.contains($0.name) }) {
      if source.type.dtype != dtype { kept.append((source.name, "'\(output.name)' is an output of the model")) }
      return
    }
    let new = try inferenceMode(false) { try noGrad { try withErrors { value.cast(to: dtype) } } }
    guard try Tensor.areFinite([new])[0] || !Tensor.areFinite([value])[0] else {
      kept.append((source.name, "it has numbers that are too large for \(dtype)"))
      return
    }
    if source.type.dtype != dtype {
      try put(new, at: model.places[family.source ?? 0].origin)
      converted.append(source.name)
    }
    var after = -1
    if case .constant(let node, _) = model.places[family.source ?? 0].origin { after = node }
    let copies = Set(family.copies.map(\.node))
    connect(source, after: after, except: copies)
    for (index, node) in family.copies { connect(model.parameters[index], after: node, except: []) }
  }

  /// Has a parameter's readers read it in the type that they compute with.
  private mutating func connect(_ parameter: Parameter, after node: Int, except copies: Set<Int>) {
    let name = parameter.name
    setType(name)
    let readers = (readers[name] ?? []).filter { !copies.contains($0) }
    guard !readers.isEmpty else { return }
    var computed = parameter.type.dtype
    // Casts to one type, which nothing but nodes of this graph reads.
    let casts = readers.map { $0 >= 0 ? castTarget(of: graph.node[$0]) : nil }
    let isCast = casts.allSatisfy { $0 != nil && $0 == casts[0] }
    var ends: [String] = []
    if isCast, let target = casts[0] {
      computed = target
      ends = readers.flatMap { graph.node[$0].output }
      removed.formUnion(readers)
    }
    guard computed != dtype else {
      for end in ends { renames[end] = name }
      return
    }
    var cast = "\(name)/\(computed)"
    // The name that an earlier conversion gave is free again.
    while !ends.contains(cast), !taken.insert(cast).inserted { cast += "_" }
    for end in ends { renames[end] = cast }
    if !isCast { renames[name] = cast }
    var attribute = AttributeProto()
    (attribute.name, attribute.type, attribute.i) = ("to", .int, Int64(computed.rawValue))
    added[node, default: []].append(NodeProto("Cast", input: [name], output: [cast], attribute: [attribute]))
  }

  private func castTarget(of node: NodeProto) -> DType? {
    guard node.isOfONNX, node.opType == "Cast", node.output.count == 1, !(readers[node.output[0]] ?? []).isEmpty,
      !graph.output.contains(where: { $0.name == node.output[0] })
    else { return nil }
    let to = node.attribute.first { $0.name == "to" }?.i
    let dtype = to.flatMap(Int32.init(exactly:)).flatMap(DType.init(rawValue:))
    return dtype.flatMap { Self.types.contains($0) ? $0 : nil }
  }

  private mutating func put(_ value: Tensor, at origin: Loader.Origin) throws {
    switch origin {
    case .initializer(let index): graph.initializer[index].replaceContents(with: try value.data())
    case .constant(let index, let form):
      guard let place = graph.node[index].attribute.firstIndex(where: { $0.name == form }) else { return }
      var tensor = graph.node[index].attribute[place].t ?? TensorProto()
      tensor.replaceContents(with: try value.data())
      var attribute = AttributeProto()
      (attribute.name, attribute.type, attribute.t) = ("value", .tensor, tensor)
      graph.node[index].attribute[place] = attribute
    case .sparseInitializer, .identity, .inside: break
    }
  }

  /// What the file declares of the tensor.
  private mutating func setType(_ name: String) {
    func set(_ info: inout ValueInfoProto) {
      guard info.name == name, case .tensor(var type)? = info.type?.value else { return }
      type.elemType = dtype.rawValue
      info.type?.value = .tensor(type)
    }
    for index in graph.input.indices { set(&graph.input[index]) }
    for index in graph.valueInfo.indices { set(&graph.valueInfo[index]) }
  }

  private mutating func finish() {
    var nodes = added[-1] ?? []
    for (index, var node) in graph.node.enumerated() where !removed.contains(index) {
      let readsCopy = Self.isIdentity(node) && copiesParameter(node)
      if !readsCopy { node.renameReads { renames[$0] ?? $0 } }
      nodes.append(node)
      nodes += added[index] ?? []
    }
    graph.node = nodes
    let gone = Set(renames.keys).subtracting(nodes.flatMap(\.output) + graph.initializer.compactMap(\.name))
    graph.valueInfo.removeAll { gone.contains($0.name ?? "") }
    proto.graph = graph
  }

  private static func isIdentity(_ node: NodeProto) -> Bool { node.isOfONNX && node.opType == "Identity" }

  private func copiesParameter(_ node: NodeProto) -> Bool {
    node.output.first.map { model.parameters[$0] != nil } ?? false
  }
}

extension NodeProto {
  /// Gives what the node and its graphs read other names, and leaves what it gives.
  fileprivate mutating func renameReads(_ name: (String) -> String) {
    let own = output
    renameValues(name)
    output = own
  }
}
