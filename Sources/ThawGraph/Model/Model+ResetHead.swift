import ThawTensor

extension Model {
  /// A model like this one, whose last layer gives another number of classes and starts anew.
  ///
  /// The layer is the last Gemm, MatMul (and Add) or 1×1 Conv on the way to the output whose output axis reaches it
  /// unreduced. Its weight becomes uniform in ±1/√fan-in, its bias zero; both train. A weight or bias that another node
  /// reads too stays there, and the layer gets one of its own. All else keeps values and roles; the outputs' types
  /// follow, and the file's notes on the shapes between, which would be wrong, are dropped.
  ///
  /// - Parameters:
  ///   - output: the name of an output; may be left out where `trainedOutput(_:fromLogits:)` finds it.
  ///   - seed: the same seed gives the same weight.
  /// - Throws: `ModelError` of kind `request` that names the node in the way: the old number of classes stands in a
  ///   constant after the layer, or the weight is computed.
  public func resettingHead(classes: Int, output: String? = nil, seed: UInt64 = 0) throws -> Model {
    guard classes > 0 else { throw ModelError(.request, "a head needs at least 1 class, not \(classes)") }
    // What was changed in this model so far is written first; then graph and message are of one mind.
    let model = try Model(changedProto(), rolesFrom: parameters.source, operators: operators)
    for parameter in parameters { model.parameters[parameter.name]?.role = parameter.role }
    let head = try HeadSearch(model.graph, output: model.outputIndex(named: output)).head()
    return try model.replacing(head, classes: classes, seed: seed)
  }

  private func replacing(_ head: Head, classes: Int, seed: UInt64) throws -> Model {
    var change = HeadChange(model: self, file: proto)
    let (type, shape) = try newType(of: head.weight, classes)
    let fanIn = shape.reduce(1, *) / classes
    let bound = 1 / Double(max(fanIn, 1)).squareRoot()
    let weight = try RandomGenerator(seed: seed).uniform(shape, from: -bound, to: bound, dtype: type.dtype)
    try change.put(weight, at: head.weight)
    if let place = head.bias {
      let (type, shape) = try newType(of: place, classes)
      try change.put(try Tensor.full(shape, 0, dtype: type.dtype), at: place)
    }
    var file = change.finished()
    let axes = Dictionary(uniqueKeysWithValues: head.outputAxes.map { (graph.values[$0].name, [$1: classes]) })
    file.retype(dropping: Set(head.affected.map { graph.values[$0].name }), setting: axes)
    let node = graph.nodes[head.layer.node]
    let reset = HeadReset(
      node: node.name, operatorName: node.opType, oldClassCount: head.layer.count, classCount: classes,
      copies: change.copies)
    return try Model(file, rolesFrom: parameters.source, operators: operators, head: reset)
  }

  private func newType(of place: Head.Place, _ classes: Int) throws -> (old: TensorType, shape: [Int]) {
    guard case .parameter(let parameter)? = graph.initials[place.value], var shape = parameter.type.shape else {
      throw ModelError(.request, "'\(graph.values[place.value].name)' is not a parameter")
    }
    shape[place.axis] = classes
    return (parameter.type, shape)
  }
}
