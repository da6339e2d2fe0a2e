import ThawONNX
import ThawTensor

/// Puts a function's nodes in place of a call, with names of their own.
///
/// A function of the model comes before an operator of Thaw's with the same name: what the file says about itself holds.
/// Functions may call functions, up to a depth; calling in a circle is refused by the check of the structure. How many
/// nodes come of it all is bounded, because twenty functions that call each other ten times each would be more than any
/// memory holds.
final class FunctionInliner {
  /// A function of the model.
  struct Function {
    let proto: FunctionProto
    /// Its place in the file.
    let index: Int
    /// The operator sets that its body is written in.
    let opsets: [String: Int]
  }

  /// How deeply calls may be nested.
  static let depthLimit = 100
  /// How many nodes calls may become, all together.
  static let nodeLimit = 250_000

  private struct Key: Hashable {
    let domain: String
    let name: String
    let overload: String

    init(_ domain: String?, _ name: String?, _ overload: String?) {
      self.domain = domain == "ai.onnx" ? "" : domain ?? ""
      self.name = name ?? ""
      self.overload = overload ?? ""
    }
  }

  private var functions: [Key: Function] = [:]
  /// All names of values, so that none is given twice.
  private var taken: Set<String> = []
  /// For a name that was wanted twice, the number that the next one gets.
  private var numbers: [String: Int] = [:]
  private var nodesLeft = FunctionInliner.nodeLimit
  private var extents: [Key: Extent] = [:]

  /// What a call of a function becomes: nodes, up to one more than the limit, and levels of calls.
  private struct Extent {
    var nodes = 0
    var levels = 1
  }

  /// - Parameter opsets: reads the operator sets of a function.
  init(_ model: ModelProto, opsets: ([OperatorSetIdProto]) throws -> [String: Int]) rethrows {
    for (index, function) in model.functions.enumerated() {
      functions[Key(function.domain, function.name, function.overload)] = Function(
        proto: function, index: index, opsets: try opsets(function.opsetImport))
    }
    if !functions.isEmpty, let graph = model.graph { takeNames(of: graph) }
  }

  /// The function that a node calls, nil when it is an operator.
  func function(calledBy node: NodeProto) -> Function? {
    functions.isEmpty ? nil : functions[Key(node.domain, node.opType, node.overload)]
  }

  /// Checks, before anything is done, that a call from outside of any function does not become too much.
  ///
  /// - Throws: `ModelError` of kind `graph`.
  func admit(_ function: Function) throws {
    nodesLeft -= try extent(of: function, depth: 1).nodes
    guard nodesLeft >= 0 else {
      throw ModelError(
        .graph, "the calls of the model's functions stand for more than \(Self.nodeLimit) nodes, which is the limit")
    }
  }

  private func extent(of function: Function, depth: Int) throws -> Extent {
    let key = Key(function.proto.domain, function.proto.name, function.proto.overload)
    var extent = Extent()
    if let known = extents[key] {
      extent = known
    } else if depth <= Self.depthLimit {
      try add(function.proto.node, to: &extent, depth: depth)
      extents[key] = extent
    }
    guard depth + extent.levels - 1 <= Self.depthLimit else {
      throw ModelError(
        .graph,
        "functions of the model call each other more than \(Self.depthLimit) levels deep, at "
          + "'\(function.proto.name ?? "")'")
    }
    return extent
  }

  private func add(_ nodes: [NodeProto], to extent: inout Extent, depth: Int) throws {
    extent.nodes = min(extent.nodes + nodes.count, Self.nodeLimit + 1)
    for node in nodes {
      if let inner = function(calledBy: node) {
        let below = try self.extent(of: inner, depth: depth + 1)
        extent.nodes = min(extent.nodes + below.nodes, Self.nodeLimit + 1)
        extent.levels = max(extent.levels, below.levels + 1)
      }
      for attribute in node.attribute {
        for graph in attribute.graphs + (attribute.g.map { [$0] } ?? []) {
          try add(graph.node, to: &extent, depth: depth)
        }
      }
    }
  }

  /// The nodes that a call stands for.
  ///
  /// - Parameter name: of the call, for messages.
  /// - Throws: `ModelError` of kind `graph` when the call does not fit.
  func body(of function: Function, calledBy call: NodeProto, named name: String) throws -> [NodeProto] {
    let proto = function.proto
    guard call.input.count <= proto.input.count, call.output.count <= proto.output.count else {
      throw ModelError(
        .graph,
        "node '\(name)' gives the function \(proto.name ?? "") \(call.input.count) inputs and takes "
          + "\(call.output.count) outputs, and it has \(proto.input.count) and \(proto.output.count)")
    }
    let renaming = CallNames(prefix: Self.short(call.name ?? proto.name ?? ""), in: self)
    for (index, formal) in proto.input.enumerated() {
      renaming.names[formal] = index < call.input.count ? call.input[index] : ""
    }
    var copies: [NodeProto] = []
    for (formal, actual) in zip(proto.output, call.output) where !actual.isEmpty {
      if let source = renaming.names[formal] {
        // An input that is handed through, or an output given twice.
        copies.append(NodeProto("Identity", input: [source], output: [actual], name: "copy of \(formal)"))
      } else {
        renaming.names[formal] = actual
      }
    }
    let attributes = Dictionary(
      (call.attribute + proto.attributeProto).map { ($0.name ?? "", $0) }, uniquingKeysWith: { given, _ in given })
    return (proto.node.map { renaming.node($0, attributes) } + copies).enumerated().map { index, node in
      var node = node
      let inner = node.name.flatMap { $0.isEmpty ? nil : $0 } ?? "#\(index) \(node.opType ?? "")"
      node.name = "\(Self.short(name)) / function \(Self.short(proto.name ?? "")) / node \(Self.short(inner))"
      return node
    }
  }

  /// A name's beginning: a long one in many calls would be longer than its file by far.
  fileprivate static func short(_ name: String) -> String {
    let start = name.prefix(100)
    return start.endIndex == name.endIndex ? name : start + "…"
  }

  fileprivate func uniqueName(_ name: String) -> String {
    guard !taken.insert(name).inserted else { return name }
    var number = numbers[name] ?? 1
    while !taken.insert("\(name)_\(number)").inserted { number += 1 }
    numbers[name] = number + 1
    return "\(name)_\(number)"
  }

  private func takeNames(of graph: GraphProto) {
    taken.formUnion(graph.input.compactMap(\.name))
    taken.formUnion(graph.initializer.compactMap(\.name))
    taken.formUnion(graph.sparseInitializer.compactMap(\.values?.name))
    for node in graph.node {
      taken.formUnion(node.output)
      for attribute in node.attribute {
        for inner in attribute.graphs + (attribute.g.map { [$0] } ?? []) { takeNames(of: inner) }
      }
    }
  }
}

/// The names of one call: the caller's for inputs and outputs, new ones for all others, in subgraphs too.
private final class CallNames {
  var names: [String: String] = [:]
  private let prefix: String
  private let inliner: FunctionInliner

  init(prefix: String, in inliner: FunctionInliner) {
    self.prefix = prefix
    self.inliner = inliner
  }

  /// - Parameter attributes: what the call gives and what has a default, for attributes that refer to them.
  func node(_ node: NodeProto, _ attributes: [String: AttributeProto]) -> NodeProto {
    var node = node
    node.input = node.input.map(name)
    node.output = node.output.map(name)
    node.attribute = node.attribute.compactMap { attribute($0, attributes) }
    return node
  }

  private func attribute(_ proto: AttributeProto, _ attributes: [String: AttributeProto]) -> AttributeProto? {
    if let reference = proto.refAttrName, !reference.isEmpty {
      // Neither given nor with a default: the operator's own default holds.
      var given = attributes[reference]
      given?.name = proto.name
      return given
    }
    var result = proto
    if let inner = proto.g { result.g = graph(inner, attributes) }
    if !proto.graphs.isEmpty { result.graphs = proto.graphs.map { graph($0, attributes) } }
    return result
  }

  private func graph(_ proto: GraphProto, _ attributes: [String: AttributeProto]) -> GraphProto {
    var graph = proto
    for index in graph.input.indices { graph.input[index].name = graph.input[index].name.map(name) }
    for index in graph.initializer.indices { graph.initializer[index].name = graph.initializer[index].name.map(name) }
    for index in graph.sparseInitializer.indices {
      let new = graph.sparseInitializer[index].values?.name.map(name)
      graph.sparseInitializer[index].values?.name = new
    }
    graph.node = graph.node.map { node($0, attributes) }
    for index in graph.valueInfo.indices { graph.valueInfo[index].name = graph.valueInfo[index].name.map(name) }
    for index in graph.output.indices { graph.output[index].name = graph.output[index].name.map(name) }
    return graph
  }

  private func name(_ inner: String) -> String {
    if inner.isEmpty { return "" }
    if let known = names[inner] { return known }
    let new = inliner.uniqueName("\(prefix)/\(FunctionInliner.short(inner))")
    names[inner] = new
    return new
  }
}
