import ThawTensor
import ThawTypes

extension Inference {
  /// What a node with bodies gives, from what its bodies give; nil for another node.
  ///
  /// - Throws: `TensorError` when a body cannot be run on what it is given.
  mutating func flowOutputs(of index: Int) throws -> [State]? {
    let node = graph.nodes[index]
    guard let flow = node.operation.known as? any ControlFlow else { return nil }
    inner[index] = []
    innerWork[index] = []
    switch flow {
    case is If: return try branches(of: index)
    case let flow as Scan: return try steps(of: index, flow)
    case is Loop: return try iterations(of: index, flow)
    case let flow as SequenceMap: return elements(of: index, flow)
    case let flow as Gradient: return derivatives(of: index, flow)
    case let flow as FlexAttention: return try attention(of: index, flow)
    default: return nil
    }
  }

  /// The inference of a body.
  private func inference(
    _ index: Int, _ number: Int, _ inputs: [State], captured: [State]
  ) -> Inference? {
    let node = graph.nodes[index]
    guard number < node.bodies.count else { return nil }
    let (attribute, body) = node.bodies[number]
    return Inference(
      body.graph, path: "\(path)\(node.name)/\(attribute)/", inputs: inputs + captured, sizes, allowance)
  }

  /// Takes down what was found out in a body, and gives its outputs.
  private mutating func outputs(of inference: Inference?, at index: Int) -> [State] {
    guard let inference else { return [] }
    inner[index, default: []] += inference.values
    innerWork[index, default: []] += inference.work
    problems += inference.problems
    return inference.graph.outputs.map(inference.state)
  }

  /// What a body captures; the bodies' values follow each other after the node's own inputs.
  private func captured(_ index: Int, body number: Int, own: Int) -> [State] {
    let node = graph.nodes[index]
    let before = node.bodies[..<number].reduce(own) { $0 + $1.body.capturedNames.count }
    return (before..<before + node.bodies[number].body.capturedNames.count).map { input(index, $0) }
  }

  private func input(_ index: Int, _ position: Int) -> State {
    let inputs = graph.nodes[index].inputs
    guard position < inputs.count, let value = inputs[position] else { return State(nil) }
    return state(of: value)
  }

  // If.

  private mutating func branches(of index: Int) throws -> [State] {
    let condition = input(index, 0)
    if let type = condition.type, type.tensor?.dtype != .bool {
      throw TensorError(.dtype, "If: the condition should be bool and is \(type)")
    }
    let results = graph.nodes[index].bodies.indices.map { number -> [State] in
      let captured = captured(index, body: number, own: 1)
      return outputs(of: inference(index, number, [], captured: captured), at: index)
    }
    guard results.count == 2 else { return [] }
    if let condition = try? condition.number?.item() { return results[condition != 0 ? 0 : 1] }
    return try zip(results[0], results[1]).enumerated().map { output, states in
      guard let joined = states.0.joined(with: states.1) else {
        throw TensorError(
          .dtype,
          "If: output \(output) is \(text(states.0)) in then_branch and \(text(states.1)) in else_branch")
      }
      return joined
    }
  }

  private func text(_ state: State) -> String { state.type?.description ?? "unknown" }

  // Loop.

  private mutating func iterations(of index: Int, _ flow: any ControlFlow) throws -> [State] {
    var number = State(.tensor(TensorType(.int64, [])))
    number.trials = number.trials.map { _ in number.type }
    var condition = State(.tensor(TensorType(.bool, [])))
    condition.trials = condition.trials.map { _ in condition.type }
    let initial = (2..<max(2, flow.ownInputCount)).map { input(index, $0) }
    let captured = captured(index, body: 0, own: flow.ownInputCount)
    let (carried, inference) = try settle(initial, index, name: "carried value", skipping: 1) { inference, states in
      inference.inference(index, 0, [number, condition] + states, captured: captured)
    }
    let results = outputs(of: inference, at: index)
    return carried + results.dropFirst(1 + carried.count).map { $0.stacked(.unknown, nil, at: 0) }
  }

  // Scan.

  private mutating func steps(of index: Int, _ scan: Scan) throws -> [State] {
    let first = scan.isBatched ? 1 : 0
    let stateCount = scan.ownInputCount - first - scan.inputs.count
    let states = (0..<stateCount).map { input(index, first + $0) }
    let sequences = scan.inputs.indices.map { input(index, first + stateCount + $0) }
    var (length, batch) = (Dim.unknown, Dim.unknown)
    var slices: [State] = []
    for (course, sequence) in zip(scan.inputs, sequences) {
      var slice = sequence
      if scan.isBatched { batch = slice.removeAxis(0) ?? batch }
      let axis = scan.isBatched ? 0 : course.axis
      if let rank = slice.type?.tensor?.dims?.count, !(-rank..<rank).contains(axis) {
        throw TensorError(
          .range, "Scan: axis \(axis) is out of range for an input of type \(text(sequence))")
      }
      if let dim = slice.removeAxis(axis), length.value == nil, dim != .unknown { length = dim }
      slices.append(slice)
    }
    let initial = states.map { state -> State in
      var state = state
      if scan.isBatched { batch = state.removeAxis(0) ?? batch }
      return state
    }
    let captured = captured(index, body: 0, own: scan.ownInputCount)
    let (carried, inference) = try settle(initial, index, name: "state", skipping: 0) { inference, states in
      inference.inference(index, 0, states + slices, captured: captured)
    }
    let results = outputs(of: inference, at: index)
    let outer: Dim? = scan.isBatched ? batch : nil
    return carried.map { $0.stacked(nil, outer, at: 0) }
      + zip(results.dropFirst(carried.count), scan.outputs).map { $0.stacked(length, outer, at: $1.axis) }
  }

  // SequenceMap.

  private mutating func elements(of index: Int, _ map: SequenceMap) -> [State] {
    let own = (0..<map.ownInputCount).map { input(index, $0).element }
    let captured = captured(index, body: 0, own: map.ownInputCount)
    return outputs(of: inference(index, 0, own, captured: captured), at: index).map(\.sequence)
  }

  // Gradient.

  /// Derivatives have the types of what they are taken by.
  private mutating func derivatives(of index: Int, _ gradient: Gradient) -> [State] {
    let own = (0..<gradient.ownInputCount).map { input(index, $0).withoutNumbers }
    let captured = captured(index, body: 0, own: gradient.ownInputCount)
    _ = outputs(of: inference(index, 0, own, captured: captured), at: index)
    return Array(own.prefix(gradient.xs.count))
  }

  // FlexAttention.

  private mutating func attention(of index: Int, _ attention: FlexAttention) throws -> [State] {
    let own = (0..<attention.ownInputCount).map { input(index, $0) }
    var scores = State(.tensor(try attention.scoresType(own.map(\.type))))
    scores.trials = try scores.trials.indices.map { trial in
      .tensor(try attention.scoresType(own.map { $0.trials[trial] }))
    }
    for number in graph.nodes[index].bodies.indices {
      let captured = captured(index, body: number, own: attention.ownInputCount)
      _ = outputs(of: inference(index, number, [scores], captured: captured), at: index)
    }
    var result = State(try attention.outputTypes(own.map(\.type), known: KnownValues())[0])
    result.trials = try result.trials.indices.map { trial in
      try attention.outputTypes(own.map { $0.trials[trial] }, known: KnownValues())[0]
    }
    return [result]
  }

  // Repetition.

  /// Runs a body's inference until what goes around has types that stay: dimensions that change are unknown.
  ///
  /// - Returns: the types before, and after any number of repetitions, and the last inference.
  private func settle(
    _ initial: [State], _ index: Int, name: String, skipping: Int,
    _ body: (Inference, [State]) -> Inference?
  ) throws -> ([State], Inference?) {
    var states = initial.map { $0.withoutNumbers }
    for repetition in 0..<4 {
      guard let inference = body(self, states) else { return (states, nil) }
      let results = inference.graph.outputs.dropFirst(skipping).prefix(states.count).map(inference.state)
      let joined = try zip(states, results).enumerated().map { position, pair -> State in
        guard let joined = pair.0.joined(with: pair.1) else {
          throw TensorError(
            .dtype,
            "\(graph.nodes[index].opType): \(name) \(position) is \(text(pair.0)) at first and \(text(pair.1)) "
              + "after an iteration")
        }
        return joined
      }
      if zip(states, joined).allSatisfy({ $0.type == $1.type }) { return (states, inference) }
      states = repetition < 2 ? joined : joined.map { State($0.type?.withoutShape) }
    }
    return (states, body(self, states))
  }
}

extension Inference.State {
  /// What is common to two states; nil when not even the kinds agree.
  fileprivate func joined(with other: Self) -> Self? {
    guard let left = type, let right = other.type else { return Self(type ?? other.type).withoutDimensions }
    guard let type = left.joined(with: right) else { return nil }
    var state = Self(type)
    state.trials = zip(trials, other.trials).map { left, right in
      right.flatMap { left?.joined(with: $0) }
    }
    return state
  }

  fileprivate var withoutNumbers: Self {
    var state = self
    state.number = nil
    state.trialNumbers = trialNumbers.map { _ in nil }
    return state
  }

  /// What a sequence holds; itself where it is none.
  fileprivate var element: Self {
    func element(_ type: ValueType?) -> ValueType? { if case .sequence(let element)? = type { element } else { type } }
    guard case .sequence = type else { return self }
    var state = Self(element(type))
    state.trials = trials.map(element)
    return state
  }

  /// A sequence of such values.
  fileprivate var sequence: Self {
    var state = Self(type.map(ValueType.sequence))
    state.trials = trials.map { $0.map(ValueType.sequence) }
    return state
  }

  fileprivate var withoutDimensions: Self { Self(type?.withoutShape) }

  /// Takes an axis away; gives its dimension.
  fileprivate mutating func removeAxis(_ axis: Int) -> Dim? {
    self = withoutNumbers
    trials = trials.map { $0?.removingAxis(axis)?.type }
    guard let (type, dim) = type?.removingAxis(axis) else { return nil }
    self.type = type
    return dim
  }

  /// With an axis for the values of all steps, and one for a batch before it.
  fileprivate func stacked(_ length: Dim?, _ batch: Dim?, at axis: Int) -> Self {
    Self(type?.tensor.map { .tensor($0.stacked(length, batch, at: axis)) } ?? type)
  }
}

extension ValueType {
  /// The type without what is said about dimensions.
  fileprivate var withoutShape: ValueType {
    switch self {
    case .tensor(let type): .tensor(TensorType(type.dtype, nil))
    case .sparseTensor(let type): .sparseTensor(TensorType(type.dtype, nil))
    case .sequence(let element): .sequence(element.withoutShape)
    case .optional(let element): .optional(element.withoutShape)
    case .map(let key, let value): .map(key: key, value: value.withoutShape)
    }
  }

  fileprivate func removingAxis(_ axis: Int) -> (type: ValueType, dim: Dim)? {
    guard case .tensor(var type) = self else { return nil }
    guard var dims = type.dims else { return (self, .unknown) }
    guard let axis = try? Shapes.normalize(axis: axis, rank: dims.count, in: "Scan") else { return nil }
    let dim = dims.remove(at: axis)
    type.dims = dims
    return (.tensor(type), dim)
  }
}

extension TensorType {
  fileprivate func stacked(_ length: Dim?, _ batch: Dim?, at axis: Int) -> TensorType {
    guard var dims else { return self }
    if let length, let axis = try? Shapes.normalize(axis: axis, rank: dims.count + 1, in: "Scan") {
      dims.insert(length, at: axis)
    }
    if let batch { dims.insert(batch, at: 0) }
    return TensorType(dtype, dims)
  }
}
