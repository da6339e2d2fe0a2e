extension ModelProto {
  /// The names of all values: of the graph and of those in its nodes, functions aside.
  package var valueNames: [String] {
    var names: [String] = []
    var seen: Set<ExactName> = []
    graph?.forEachValueName { name in
      if !name.isEmpty, seen.insert(ExactName(name)).inserted { names.append(name) }
    }
    return names
  }

  /// The names of all nodes that have one, functions aside.
  package var nodeNames: [String] {
    var names: [String] = []
    var seen: Set<ExactName> = []
    graph?.forEachNode { node in
      if let name = node.name, !name.isEmpty, seen.insert(ExactName(name)).inserted { names.append(name) }
    }
    return names
  }

  /// Gives values other names wherever they stand: in the graph and those in its nodes, in the training information, in
  /// what is said of quantization and devices. Functions have names of their own.
  ///
  /// Roles are kept by name too; they are for the caller to write anew.
  package mutating func renameValues(_ name: (String) -> String) {
    graph?.renameValues(name)
    for index in trainingInfo.indices {
      trainingInfo[index].initialization?.renameValues(name)
      trainingInfo[index].algorithm?.renameValues(name)
      for entry in trainingInfo[index].initializationBinding.indices {
        trainingInfo[index].initializationBinding[entry].rename(name)
      }
      for entry in trainingInfo[index].updateBinding.indices { trainingInfo[index].updateBinding[entry].rename(name) }
    }
  }

  /// Gives nodes other names.
  package mutating func renameNodes(_ name: (String) -> String) { graph?.renameNodes(name) }
}

extension GraphProto {
  fileprivate func forEachNode(_ body: (NodeProto) -> Void) {
    for node in node {
      body(node)
      for graph in node.attribute.flatMap(\.subgraphs) { graph.forEachNode(body) }
    }
  }

  fileprivate func forEachValueName(_ body: (String) -> Void) {
    for value in input { body(value.name ?? "") }
    for tensor in initializer { body(tensor.name ?? "") }
    for tensor in sparseInitializer { body(tensor.values?.name ?? "") }
    for node in node {
      for output in node.output { body(output) }
      for graph in node.attribute.flatMap(\.subgraphs) { graph.forEachValueName(body) }
    }
  }

  /// Gives values other names, in the graphs of nodes too, which take names from here.
  package mutating func renameValues(_ name: (String) -> String) {
    for index in node.indices { node[index].renameValues(name) }
    for index in initializer.indices { initializer[index].name = initializer[index].name.map(name) }
    for index in sparseInitializer.indices {
      let new = sparseInitializer[index].values?.name.map(name)
      sparseInitializer[index].values?.name = new
    }
    for index in input.indices { input[index].name = input[index].name.map(name) }
    for index in output.indices { output[index].name = output[index].name.map(name) }
    for index in valueInfo.indices { valueInfo[index].name = valueInfo[index].name.map(name) }
    for index in quantizationAnnotation.indices {
      quantizationAnnotation[index].tensorName = quantizationAnnotation[index].tensorName.map(name)
      for entry in quantizationAnnotation[index].quantParameterTensorNames.indices {
        let old = quantizationAnnotation[index].quantParameterTensorNames[entry].value
        quantizationAnnotation[index].quantParameterTensorNames[entry].value = old.map(name)
      }
    }
  }

  fileprivate mutating func renameNodes(_ name: (String) -> String) {
    for index in node.indices {
      if let old = node[index].name, !old.isEmpty { node[index].name = name(old) }
      for place in node[index].attribute.indices where node[index].attribute[place].holdsGraphs {
        node[index].attribute[place].g?.renameNodes(name)
        for inner in node[index].attribute[place].graphs.indices {
          node[index].attribute[place].graphs[inner].renameNodes(name)
        }
      }
    }
  }
}

extension NodeProto {
  /// Gives values other names, in the node's graphs too.
  package mutating func renameValues(_ name: (String) -> String) {
    func renamed(_ old: String) -> String { old.isEmpty ? "" : name(old) }
    input = input.map(renamed)
    output = output.map(renamed)
    for place in attribute.indices where attribute[place].holdsGraphs {
      attribute[place].g?.renameValues(name)
      for inner in attribute[place].graphs.indices { attribute[place].graphs[inner].renameValues(name) }
    }
    for place in deviceConfigurations.indices {
      for spec in deviceConfigurations[place].shardingSpec.indices {
        let old = deviceConfigurations[place].shardingSpec[spec].tensorName
        deviceConfigurations[place].shardingSpec[spec].tensorName = old.map(name)
      }
    }
  }
}

extension AttributeProto {
  /// Whether there is a graph in the attribute.
  var holdsGraphs: Bool { !subgraphs.isEmpty }
}

extension StringStringEntryProto {
  /// A binding: an initializer, and the output that gives its value.
  fileprivate mutating func rename(_ name: (String) -> String) {
    key = key.map(name)
    value = value.map(name)
  }
}
