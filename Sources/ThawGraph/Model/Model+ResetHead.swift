import ThawONNX
import ThawTensor

extension Model {
  /// A model like this one, whose last layer gives another number of classes and starts anew.
  ///
  /// The layer is the last Gemm, MatMul (and Add) or 1×1 Conv on the way to the output whose output axis reaches it
  /// unreduced. Its weight becomes uniform in ±1/√fan-in, its bias zero; both train. All else keeps values and roles;
  /// the outputs' types follow, and the file's notes on the shapes between, which would be wrong, are dropped.
  ///
  /// - Parameters:
  ///   - output: the name of an output; the first floating one when left out.
  ///   - seed: the same seed gives the same weight.
  /// - Throws: `ModelError` of kind `request` that names the node in the way: the old number of classes stands in a
  ///   constant after the layer, or the weight is shared or computed.
  public func resettingHead(classes: Int, output: String? = nil, seed: UInt64 = 0) throws -> Model {
    guard classes > 0 else { throw ModelError(.request, "a head needs at least 1 class, not \(classes)") }
    // What was changed in this model so far is written first; then graph and message are of one mind.
    let model = try Model(changedProto(), rolesFrom: parameters.source, operators: operators)
    for parameter in parameters { model.parameters[parameter.name]?.role = parameter.role }
    let head = try HeadSearch(model.graph, output: model.outputIndex(named: output)).head(classes: classes)
    return try model.replacing(head, classes: classes, seed: seed)
  }

  private func replacing(_ head: Head, classes: Int, seed: UInt64) throws -> Model {
    var file = proto
    var shapes: [Graph.ValueIndex: [Int]] = [:]
    let weight = try parameter(head.weight)
    var weightShape = weight.type.shape ?? []
    let fanIn = weightShape.reduce(1, *) / max(head.classCount, 1)
    weightShape[head.weightAxis] = classes
    let bound = 1 / Double(max(fanIn, 1)).squareRoot()
    let value = try RandomGenerator(seed: seed).uniform(weightShape, from: -bound, to: bound, dtype: weight.type.dtype)
    try put(value, at: head.weight, in: &file)
    shapes[head.weight] = weightShape
    if let (index, axis) = head.bias {
      let bias = try parameter(index)
      var shape = bias.type.shape ?? []
      shape[axis] = classes
      try put(try Tensor.full(shape, 0, dtype: bias.type.dtype), at: index, in: &file)
      shapes[index] = shape
    }
    let copies = places.filter { shapes[$0.value] != nil }.compactMap { place in
      if case .identity(let node, _) = place.origin { node } else { nil }
    }
    for node in copies.sorted(by: >) { file.graph?.node.remove(at: node) }
    retype(&file, head, shapes)
    file.setRoles(RoleTable(entries: roleEntries(replacing: shapes)))
    return try Model(file, rolesFrom: parameters.source, operators: operators)
  }

  private func parameter(_ value: Graph.ValueIndex) throws -> Parameter {
    guard case .parameter(let parameter)? = graph.initials[value] else {
      throw ModelError(.request, "'\(graph.values[value].name)' is not a parameter")
    }
    return parameter
  }

  private func put(_ value: Tensor, at index: Graph.ValueIndex, in file: inout ModelProto) throws {
    guard let place = places.first(where: { $0.value == index }) else { return }
    try file.put(value, at: place.origin, named: graph.values[index].name)
  }

  /// Puts the new sizes into the types of the layer's tensors and of the outputs, and drops those between.
  private func retype(_ file: inout ModelProto, _ head: Head, _ shapes: [Graph.ValueIndex: [Int]]) {
    let stale = Set(head.affected.map { graph.values[$0].name })
    file.graph?.valueInfo.removeAll { stale.contains($0.name ?? "") }
    var sizes = shapes.mapValues { shape in Dictionary(uniqueKeysWithValues: shape.enumerated().map { ($0, $1) }) }
    sizes.merge(head.outputDims) { $1 }
    let named = Dictionary(uniqueKeysWithValues: sizes.map { (graph.values[$0].name, $1) })
    for index in file.graph?.input.indices ?? 0..<0 { file.graph?.input[index].set(named) }
    for index in file.graph?.output.indices ?? 0..<0 { file.graph?.output[index].set(named) }
    for index in file.graph?.valueInfo.indices ?? 0..<0 { file.graph?.valueInfo[index].set(named) }
  }

  private func roleEntries(replacing shapes: [Graph.ValueIndex: [Int]]) -> [String: RoleTable.Entry] {
    let entries = zip(parameters, places).map { parameter, place in
      let shape = shapes[place.value]
      return (
        parameter.name,
        RoleTable.Entry(
          shape == nil ? parameter.role : .trainable,
          RoleTable.Signature(parameter.type.dtype, shape ?? parameter.type.shape ?? []))
      )
    }
    return Dictionary(entries) { first, _ in first }
  }
}

extension ValueInfoProto {
  /// Sets sizes of the type's axes, where it has them.
  fileprivate mutating func set(_ sizes: [String: [Int: Int]]) {
    guard let sizes = sizes[name ?? ""], case .tensor(var tensor)? = type?.value, var shape = tensor.shape else {
      return
    }
    for (axis, size) in sizes where shape.dim.indices.contains(axis) { shape.dim[axis].value = .value(Int64(size)) }
    tensor.shape = shape
    type?.value = .tensor(tensor)
  }
}
