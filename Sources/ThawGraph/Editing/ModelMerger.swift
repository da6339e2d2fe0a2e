import ThawONNX

/// Puts two model messages of one opset together.
struct ModelMerger {
  private let first: ModelProto
  /// The second message, after clashing names got the prefix.
  private(set) var renamedSecond: ModelProto
  private let prefix: String

  init(_ first: ModelProto, _ second: ModelProto, prefix: String) {
    (self.first, renamedSecond, self.prefix) = (first, second, prefix)
  }

  /// - Parameter connections: the first's outputs and the second's inputs, both there.
  mutating func merged(_ connections: [(output: String, input: String)]) throws -> ModelProto {
    renameFunctions()
    // The second's domains that the first imports at another version have no common meaning.
    var result = first
    for entry in renamedSecond.opsetImport {
      let domain = entry.domain == "ai.onnx" ? "" : entry.domain ?? ""
      if let mine = result.opsetImport.first(where: { ($0.domain == "ai.onnx" ? "" : $0.domain ?? "") == domain }) {
        guard mine.version == entry.version else {
          throw ModelError(
            .unsupported,
            "the models import the domain '\(domain)' at versions \(mine.version ?? 0) and \(entry.version ?? 0), and "
              + "only ONNX's own operators can be upgraded")
        }
      } else {
        result.opsetImport.append(entry)
      }
    }
    renameValues(connections)
    guard var graph = result.graph, let second = renamedSecond.graph else { return result }
    let ends = Set(connections.map(\.output))
    graph.node += second.node
    graph.initializer += second.initializer.filter { tensor in !ends.contains(tensor.name ?? "") }
    graph.sparseInitializer += second.sparseInitializer
    graph.input += second.input.filter { !ends.contains($0.name ?? "") }
    graph.valueInfo += graph.output.filter { ends.contains($0.name ?? "") } + second.valueInfo
    graph.output = graph.output.filter { !ends.contains($0.name ?? "") } + second.output
    graph.quantizationAnnotation += second.quantizationAnnotation
    graph.name = "\(graph.name ?? "first") and \(second.name ?? "second")"
    result.graph = graph
    result.irVersion = max(first.irVersion ?? 0, renamedSecond.irVersion ?? 0)
    result.functions += renamedSecond.functions.filter { function in !first.functions.contains(function) }
    let keys = Set(result.metadataProps.compactMap(\.key))
    result.metadataProps += renamedSecond.metadataProps.filter { !keys.contains($0.key ?? "") }
    result.trainingInfo = []
    result.setRoles(nil)
    result.externalSource = nil
    return result
  }

  private mutating func renameValues(_ connections: [(output: String, input: String)]) {
    let target = Dictionary(connections.map { ($0.input, $0.output) }) { first, _ in first }
    let names = renamedSecond.valueNames
    var taken = Set(first.valueNames)
    var renames: [String: String] = [:]
    for name in names where target[name] == nil {
      guard taken.contains(name) else { continue }
      renames[name] = Self.free(prefix + name, &taken, names)
    }
    renamedSecond.renameValues { target[$0] ?? renames[$0] ?? $0 }
    let nodes = renamedSecond.nodeNames
    var takenNodes = Set(first.nodeNames)
    var nodeRenames: [String: String] = [:]
    for name in nodes where takenNodes.contains(name) {
      nodeRenames[name] = Self.free(prefix + name, &takenNodes, nodes)
    }
    renamedSecond.renameNodes { nodeRenames[$0] ?? $0 }
  }

  private static func free(_ wanted: String, _ taken: inout Set<String>, _ others: [String]) -> String {
    let others = Set(others)
    var name = wanted
    while taken.contains(name) || others.contains(name) { name += "_" }
    taken.insert(name)
    return name
  }

  /// Functions of both with one name and different content: the second's get the prefix, as an overload of the name.
  private mutating func renameFunctions() {
    for index in renamedSecond.functions.indices {
      let function = renamedSecond.functions[index]
      let clashes = first.functions.contains { mine in
        (mine.domain ?? "", mine.name ?? "", mine.overload ?? "")
          == (function.domain ?? "", function.name ?? "", function.overload ?? "") && mine != function
      }
      guard clashes else { continue }
      let new = prefix.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined() + (function.name ?? "")
      renamedSecond.functions[index].name = new
      renamedSecond.redirectCalls(of: function, to: new)
    }
  }
}

extension ModelProto {
  fileprivate mutating func redirectCalls(of function: FunctionProto, to name: String) {
    if var graph {
      graph.node = graph.node.map { $0.redirecting(function, to: name) }
      self.graph = graph
    }
    for index in functions.indices {
      functions[index].node = functions[index].node.map { $0.redirecting(function, to: name) }
    }
  }
}

extension NodeProto {
  fileprivate func redirecting(_ function: FunctionProto, to name: String) -> NodeProto {
    var node = self
    if (node.domain ?? "", node.opType ?? "", node.overload ?? "")
      == (function.domain ?? "", function.name ?? "", function.overload ?? "")
    {
      node.opType = name
    }
    for index in node.attribute.indices {
      if var graph = node.attribute[index].g {
        graph.node = graph.node.map { $0.redirecting(function, to: name) }
        node.attribute[index].g = graph
      }
      for inner in node.attribute[index].graphs.indices {
        let nodes = node.attribute[index].graphs[inner].node
        node.attribute[index].graphs[inner].node = nodes.map { $0.redirecting(function, to: name) }
      }
    }
    return node
  }
}
