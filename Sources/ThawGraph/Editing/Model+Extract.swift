import ThawONNX
import ThawTensor

extension Model {
  /// The part of the model between values: what computes `outputs` from `inputs`, with the weights that it needs.
  ///
  /// Types of the new inputs and outputs are those that the file declares or the operators tell.
  ///
  /// - Parameters:
  ///   - inputs: names of values that the part is given; the model's own inputs, as far as they are needed, when left out.
  ///   - outputs: names of values that it computes; the model's outputs when left out.
  /// - Throws: `ModelError` of kind `name` for a value that is not there, `request` when the outputs need an input of the
  ///   model that is not among those given, or a type is not known.
  public func extracted(inputs: [String]? = nil, outputs: [String]? = nil) throws -> Model {
    var changed = try changedProto()
    guard var part = changed.graph else { return self }
    let present = Set(part.node.flatMap(\.output) + part.input.compactMap(\.name) + part.initializer.compactMap(\.name))
    let outputs = outputs ?? self.outputs.map(\.name)
    for name in (inputs ?? []) + outputs where name.isEmpty || !present.contains(name) {
      throw ModelError(.name, "the model has no value '\(name)'; `thaw convert --to text` shows the names of all")
    }
    guard Set(outputs).count == outputs.count, Set(inputs ?? []).count == (inputs ?? []).count else {
      throw ModelError(.request, "a value is named twice among the inputs or among the outputs")
    }
    let needed = try part.keepNodes(computing: outputs, from: Set(inputs ?? []))
    let own = part.input.compactMap(\.name).filter { name in
      needed.keys.contains(name) && !part.initializer.contains { $0.name == name }
        && !part.sparseInitializer.contains { $0.values?.name == name }
    }
    if let inputs, let missing = own.first(where: { !inputs.contains($0) }) {
      throw ModelError(
        .request,
        "'\(needed[missing] ?? missing)' needs the model's input '\(missing)', which is not among the inputs of the part: "
          + "name it too, or a value between")
    }
    let types = PortTypes(self, part)
    let defaults = part.input.filter { info in part.initializer.contains { $0.name == info.name } }
    part.input = try (inputs ?? own).map { try types.info($0) }
    part.initializer.removeAll { tensor in part.input.contains { $0.name == tensor.name } }
    part.sparseInitializer.removeAll { tensor in part.input.contains { $0.name == tensor.values?.name } }
    part.input += defaults.filter { info in !part.input.contains { $0.name == info.name } }
    part.output = try outputs.map { try types.info($0) }
    part.valueInfo.removeAll { info in (part.input + part.output).contains { $0.name == info.name } }
    changed.graph = part
    changed.trainingInfo = []
    changed.removeUnused()
    return try edited(changed, roles: rolesByName)
  }
}

/// The types that new inputs and outputs are declared with.
private struct PortTypes {
  private var declared: [String: ValueInfoProto] = [:]
  private var inferred: [String: ValueType] = [:]

  init(_ model: Model, _ graph: GraphProto) {
    for info in graph.valueInfo + graph.input + graph.output where info.type != nil { declared[info.name ?? ""] = info }
    for (index, type) in model.graph.inferredTypes() { inferred[model.graph.values[index].name] = type }
  }

  func info(_ name: String) throws -> ValueInfoProto {
    if let info = declared[name] { return info }
    guard let type = inferred[name]?.tensor, type.dims != nil else {
      throw ModelError(
        .request,
        "the type of '\(name)' is neither declared in the file nor known from its operators; choose a value near it")
    }
    return ValueInfoProto(name: name, type: type.proto)
  }
}

extension GraphProto {
  /// Removes the nodes that do not compute `outputs` from `inputs`.
  ///
  /// A node that gives one of the inputs beside something needed stays, its output under another name.
  ///
  /// - Returns: the names that are needed and that no node of the part gives, each with an output that needs it.
  fileprivate mutating func keepNodes(
    computing outputs: [String], from inputs: Set<String>
  ) throws -> [String: String] {
    var needed = Dictionary(outputs.map { ($0, $0) }) { first, _ in first }
    var keeps = [Bool](repeating: false, count: node.count)
    var taken = Set(node.flatMap(\.output))
    let made = taken
    for name in outputs where inputs.contains(name) || !made.contains(name) {
      throw ModelError(
        .request, "'\(name)' is given to the part and not computed by it: name a value that a node computes")
    }
    for index in node.indices.reversed() {
      let wanted = node[index].output.first { needed[$0] != nil && !$0.isEmpty && !inputs.contains($0) }
      guard let wanted, let output = needed[wanted] else { continue }
      keeps[index] = true
      for name in node[index].takenNames where needed[name] == nil { needed[name] = output }
      for (place, name) in node[index].output.enumerated() where inputs.contains(name) {
        var other = "\(name)/computed"
        while !taken.insert(other).inserted { other += "_" }
        node[index].output[place] = other
      }
    }
    node = zip(node, keeps).filter(\.1).map(\.0)
    let given = Set(node.flatMap(\.output))
    return needed.filter { !given.contains($0.key) && !inputs.contains($0.key) }
  }
}
