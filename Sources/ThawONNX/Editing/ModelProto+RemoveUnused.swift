extension ModelProto {
  /// Removes what no output needs: nodes, initializers, descriptions of values that are gone, functions that nobody
  /// calls; in the graphs of nodes too.
  ///
  /// Inputs stay, but those that are there for a removed initializer. What training information names is needed.
  package mutating func removeUnused() {
    var kept: Set<ExactName> = []
    for info in trainingInfo {
      for entry in info.initializationBinding + info.updateBinding { kept.insert(ExactName(entry.key ?? "")) }
      for graph in [info.initialization, info.algorithm] {
        for node in graph?.node ?? [] { kept.formUnion(node.namesTaken()) }
      }
    }
    graph?.removeUnused(keeping: kept)
    removeUncalledFunctions()
  }

  private mutating func removeUncalledFunctions() {
    guard !functions.isEmpty else { return }
    var called: Set<String> = []
    func visit(_ nodes: [NodeProto]) {
      for node in nodes {
        let call = FunctionProto(calledBy: node).label
        if called.insert(call).inserted, let function = functions.first(where: { $0.label == call }) {
          visit(function.node)
        }
        for graph in node.attribute.flatMap(\.subgraphs) { visit(graph.node) }
      }
    }
    visit(graph?.node ?? [])
    for info in trainingInfo {
      for graph in [info.initialization, info.algorithm] { visit(graph?.node ?? []) }
    }
    functions.removeAll { !called.contains($0.label) }
  }
}

extension FunctionProto {
  /// What identifies the function that a node calls.
  fileprivate init(calledBy node: NodeProto) {
    self.init()
    (domain, name, overload) = (node.domain, node.opType, node.overload)
  }
}

extension GraphProto {
  /// - Parameter kept: names that are needed beside the outputs.
  fileprivate mutating func removeUnused(keeping kept: Set<ExactName> = []) {
    for index in node.indices {
      for place in node[index].attribute.indices where node[index].attribute[place].holdsGraphs {
        node[index].attribute[place].g?.removeUnused()
        for inner in node[index].attribute[place].graphs.indices {
          node[index].attribute[place].graphs[inner].removeUnused()
        }
      }
    }
    var needed = kept.union(output.map { ExactName($0.name ?? "") })
    var keeps = [Bool](repeating: false, count: node.count)
    for index in node.indices.reversed() where node[index].output.contains(where: { needed.contains(ExactName($0)) }) {
      keeps[index] = true
      needed.formUnion(node[index].namesTaken())
    }
    node = zip(node, keeps).filter(\.1).map(\.0)

    let before = Set(initializer.map { ExactName($0.name ?? "") })
    initializer.removeAll { !needed.contains(ExactName($0.name ?? "")) }
    sparseInitializer.removeAll { !needed.contains(ExactName($0.values?.name ?? "")) }
    let removed = before.subtracting(initializer.map { ExactName($0.name ?? "") })
    input.removeAll { removed.contains(ExactName($0.name ?? "")) }

    var present = Set((input + output).map { ExactName($0.name ?? "") })
    present.formUnion(initializer.map { ExactName($0.name ?? "") })
    present.formUnion(sparseInitializer.map { ExactName($0.values?.name ?? "") })
    present.formUnion(node.lazy.flatMap(\.output).map(ExactName.init))
    valueInfo.removeAll { !present.contains(ExactName($0.name ?? "")) }
    quantizationAnnotation.removeAll { !present.contains(ExactName($0.tensorName ?? "")) }
  }
}
