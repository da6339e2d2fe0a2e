import ThawTypes

/// A graph that is run along an axis of tensors, handing on a state (ONNX Scan-8, 9, 11, 16, 19, 21, 23, 24, 25).
///
/// Inputs are the initial states and the tensors to go along; the body takes the states and one slice of each tensor,
/// and gives the next states and values to be stacked. Outputs are the last states, and the stacks. In version 8 every
/// input has the batch as its first axis and the steps as its second, each sample is gone through by itself, and the
/// first input may give the samples' lengths; stacks are zero beyond them.
public struct Scan: ControlFlow {
  /// Where the slices of one tensor lie, and which way they are taken or put.
  public struct Course: Hashable, Sendable {
    /// Counted from the end when negative.
    public var axis: Int
    public var isReverse: Bool

    public init(axis: Int = 0, isReverse: Bool = false) {
      self.axis = axis
      self.isReverse = isReverse
    }
  }

  private let scanBody: Body
  /// One for each tensor that is gone along.
  public let inputs: [Course]
  /// One for each stack.
  public let outputs: [Course]
  /// Whether this is version 8's.
  public let isBatched: Bool

  public init(_ body: any Subgraph, inputs: [Course], outputs: [Course], isBatched: Bool = false) {
    scanBody = Body(body)
    self.inputs = inputs
    self.outputs = outputs
    self.isBatched = isBatched
  }

  public static let schema = Schema(
    "Scan", versions: [8, 9, 11, 16, 19, 21, 23, 24, 25],
    inputs: [Input("initial_state_and_scan_inputs", optional: true, variadic: true)],
    outputs: [Output("final_state_and_scan_outputs", variadic: true)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    let graph = try node.subgraph("body")
    let count = try node.required("num_scan_inputs", try node.int("num_scan_inputs"))
    let states = graph.inputTypes.count - count
    let stacks = graph.outputTypes.count - states
    guard count >= 1, states >= 0, stacks >= 0 else {
      throw TensorError(
        .operand,
        "Scan: num_scan_inputs is \(count) for a body of \(graph.inputTypes.count) inputs and "
          + "\(graph.outputTypes.count) outputs")
    }
    func list(_ name: String, _ length: Int) throws -> [Int] {
      let values = try node.ints(name) ?? Array(repeating: 0, count: length)
      guard values.count == length else {
        throw TensorError(
          .operand, "Scan: the attribute \(name) has \(values.count) numbers, and should have \(length)")
      }
      return values
    }
    func courses(_ axes: String, _ directions: String, _ length: Int) throws -> [Course] {
      let axes = node.version > 8 ? try list(axes, length) : Array(repeating: 0, count: length)
      return try zip(axes, list(directions, length)).map { axis, direction in
        guard direction == 0 || direction == 1 else {
          throw TensorError(.operand, "Scan: the attribute \(directions) holds \(direction), which is neither 0 nor 1")
        }
        return Course(axis: axis, isReverse: direction == 1)
      }
    }
    let isBatched = node.version == 8
    self.init(
      graph, inputs: try courses("scan_input_axes", isBatched ? "directions" : "scan_input_directions", count),
      outputs: isBatched
        ? Array(repeating: Course(), count: stacks) : try courses("scan_output_axes", "scan_output_directions", stacks),
      isBatched: isBatched)
    guard node.outputCount <= states + stacks else {
      throw TensorError(
        .operand, "Scan: the node has \(node.outputCount) outputs, and its body gives \(states + stacks)")
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes = graphAttributes
    attributes["num_scan_inputs"] = .int(inputs.count)
    func put(_ name: String, _ values: [Int]) {
      if values.contains(where: { $0 != 0 }) { attributes[name] = .ints(values) }
    }
    guard !isBatched else {
      guard opset == 8 else {
        throw TensorError(.unsupported, "Scan: as opset 8 has it, it cannot be written in opset \(opset)")
      }
      put("directions", inputs.map { $0.isReverse ? 1 : 0 })
      return attributes
    }
    put("scan_input_axes", inputs.map(\.axis))
    put("scan_input_directions", inputs.map { $0.isReverse ? 1 : 0 })
    put("scan_output_axes", outputs.map(\.axis))
    put("scan_output_directions", outputs.map { $0.isReverse ? 1 : 0 })
    return attributes
  }

  public var minimumOpset: Int { isBatched ? 8 : (inputs + outputs).contains { $0.axis < 0 } ? 11 : 9 }

  package var bodies: [(attribute: String, graph: any Subgraph)] { [("body", scanBody.graph)] }
  package var ownInputCount: Int { firstState + scanBody.graph.inputTypes.count }
  package func bodyInput(ofInput index: Int) -> Int? {
    index >= firstState && index < ownInputCount ? index - firstState : nil
  }

  private var firstState: Int { isBatched ? 1 : 0 }
  private var stateCount: Int { scanBody.graph.inputTypes.count - inputs.count }

  public func outputTypes(_ types: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let first = firstState + stateCount
    let steps = try inputs.indices.compactMap { index -> Dim? in
      guard let dims = try optionalTensorType(types, first + index, of: Self.schema)?.dims else { return nil }
      return dims[try axis(of: inputs[index], rank: dims.count, hasBatch: isBatched)]
    }
    let length = steps.first { $0.value != nil } ?? steps.first { $0 != .unknown } ?? .unknown
    let batch = isBatched ? try optionalTensorType(types, first, of: Self.schema)?.dims?.first ?? .unknown : nil
    return try scanBody.graph.outputTypes.indices.map { index in
      let type = try declaredType(ofOutput: index)
      guard index >= stateCount || isBatched else { return try stateType(index, types, type) }
      guard let tensor = type.tensor else {
        throw TensorError(.dtype, "Scan: output \(index) of the body is \(type), not a tensor")
      }
      guard var dims = tensor.dims else { return .tensor(tensor) }
      if index >= stateCount {
        let axis = outputs[index - stateCount].axis
        dims.insert(length, at: try Shapes.normalize(axis: axis, rank: dims.count + 1, in: "Scan"))
      }
      if let batch { dims.insert(batch, at: 0) }
      return .tensor(TensorType(tensor.dtype, dims))
    }
  }

  private func stateType(_ index: Int, _ types: [ValueType?], _ last: ValueType) throws -> ValueType {
    guard index < types.count, let first = types[index] else { return last }
    guard let type = first.joined(with: last) else {
      throw TensorError(.dtype, "Scan: state \(index) is \(first) at first and \(last) after a step")
    }
    return type
  }

  public func body(_ given: [Value?], wanted: OutputMask) throws -> [Value?] {
    let states = try (0..<stateCount).map { try value(given, firstState + $0) }
    let tensors = try inputs.indices.map { try tensor(given, firstState + stateCount + $0, of: Self.schema) }
    let captured = try captured(given)
    guard isBatched else {
      let result = try scan(states, tensors, try length(of: tensors), captured)
      return result.states + result.stacks.map(Value.tensor)
    }
    return try batched(given, states, tensors, captured)
  }

  /// What came out of going along all steps.
  private struct Result {
    let states: [Value]
    let stacks: [Tensor]
  }

  private func scan(_ initial: [Value], _ tensors: [Tensor], _ steps: Int, _ captured: [Value]) throws -> Result {
    let slices = try withErrors {
      try zip(tensors, inputs).map { tensor, course -> [Tensor] in
        guard steps > 0 else { return [] }
        let axis = try axis(of: course, rank: tensor.rank, hasBatch: false)
        let parts = tensor.split(into: steps, axis: axis).map { $0.squeezed(axes: [axis]) }
        return course.isReverse ? parts.reversed() : parts
      }
    }
    var states = initial
    var stacks = [[Value]](repeating: [], count: outputs.count)
    for step in 0..<steps {
      let results = try iterate(step, states + slices.map { .tensor($0[step]) }, captured)
      states = Array(results[..<stateCount])
      for index in stacks.indices { stacks[index].append(results[stateCount + index]) }
    }
    return Result(
      states: states,
      stacks: try zip(stacks.indices, outputs).map { index, course in
        let values = course.isReverse ? stacks[index].reversed() : stacks[index]
        let output = stateCount + index
        return try stacked(values, scanBody.graph.outputTypes[output], output: output, axis: course.axis)
      })
  }

  /// Version 8: each sample by itself, along as many steps as it has.
  private func batched(
    _ given: [Value?], _ states: [Value], _ tensors: [Tensor], _ captured: [Value]
  ) throws -> [Value?] {
    guard let batch = tensors.first?.shape.first, tensors.allSatisfy({ $0.rank >= 2 && $0.shape[0] == batch }) else {
      throw TensorError(
        .shape,
        "Scan: the inputs should have a batch and steps as their first axes, and are "
          + tensors.map(\.type.description).joined(separator: " and "))
    }
    let steps = try length(of: tensors)
    let lengths = try optionalTensor(given, 0, of: Self.schema)?.integers() ?? Array(repeating: steps, count: batch)
    guard lengths.count == batch, lengths.allSatisfy({ (0...steps).contains($0) }) else {
      throw TensorError(
        .range, "Scan: sequence_lens is \(lengths), and should be \(batch) numbers from 0 to \(steps)")
    }
    let samples = try lengths.enumerated().map { sample, length -> Result in
      func one(_ tensor: Tensor, _ steps: Int? = nil) throws -> Tensor {
        try withErrors {
          tensor.slice([sample..<sample + 1] + (steps.map { [0..<$0] } ?? [])).squeezed(axes: [0])
        }
      }
      let own = try states.enumerated().map { index, state -> Value in
        guard case .tensor(let tensor) = state, tensor.shape.first == batch else {
          throw TensorError(
            .shape, "Scan: state \(index) is \(state.type), and should have a batch of \(batch) as its first axis")
        }
        return .tensor(try one(tensor))
      }
      return try scan(own, try tensors.map { try one($0, length) }, length, captured)
    }
    guard batch > 0 else { throw TensorError(.shape, "Scan: the batch is empty, and so are the outputs' shapes") }
    let last = try (0..<stateCount).map { index in
      try stacked(samples.map { $0.states[index] }, nil, output: index)
    }
    let stacks = try outputs.indices.map { index in
      let whole = try samples.map { try padded($0.stacks[index], to: steps) }
      return try stacked(whole.map(Value.tensor), nil, output: stateCount + index)
    }
    return (last + stacks).map(Value.tensor)
  }

  private func padded(_ stack: Tensor, to steps: Int) throws -> Tensor {
    guard let count = stack.shape.first, count < steps else { return stack }
    let rest = [Int](repeating: 0, count: stack.rank - 1)
    return try withErrors { stack.padded([0] + rest + [steps - count] + rest) }
  }

  /// The axis of the steps; beside a batch it is the second.
  private func axis(of course: Course, rank: Int, hasBatch: Bool) throws -> Int {
    try Shapes.normalize(axis: hasBatch ? 1 : course.axis, rank: rank, in: "Scan")
  }

  /// The number of steps, which all tensors have.
  private func length(of tensors: [Tensor]) throws -> Int {
    let lengths = try zip(tensors, inputs).map { tensor, course in
      tensor.shape[try axis(of: course, rank: tensor.rank, hasBatch: isBatched)]
    }
    guard let first = lengths.first, lengths.allSatisfy({ $0 == first }) else {
      throw TensorError(.shape, "Scan: the inputs to go along have \(lengths) steps, and should have as many each")
    }
    return first
  }
}
