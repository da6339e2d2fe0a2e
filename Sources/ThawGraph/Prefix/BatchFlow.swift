import ThawTensor

/// Where the samples of a batch lie in the values of a graph, as far as each goes its way alone.
///
/// A value has a place here while it is a function of samples, of given inputs and of tensors that do not train. Every
/// statement is tried for each number of samples; where there are two of them, it holds for both.
struct BatchFlow {
  /// The shapes of all values for one number of samples.
  struct Trial {
    let sampleCount: Int
    let shapes: ShapeTrial
  }

  /// By value; none for what changes while a model trains, is drawn, or depends on several samples.
  private(set) var axes: [Graph.ValueIndex: BatchAxis]
  /// The nodes whose inputs all have a place and whose outputs have none, in order, with the reasons.
  private(set) var obstacles: [(node: Int, reason: String)] = []
  let graph: Graph
  let trials: [Trial]
  private let nodes: AdaptedNodes
  private let given: Set<Graph.ValueIndex>
  /// The values that a node or the caller reads.
  private let read: Set<Graph.ValueIndex>

  /// - Parameters:
  ///   - order: the nodes to look at, in order.
  ///   - nodes: their operations.
  ///   - sampled: the inputs with samples along their first axis, and their types.
  ///   - given: values that are the same for all samples.
  ///   - counts: the numbers of samples to try.
  init(
    _ graph: Graph, order: [Int], _ nodes: AdaptedNodes, targets: [Graph.ValueIndex],
    sampled: [Graph.ValueIndex: TensorType], given: [Graph.ValueIndex: Tensor], counts: [Int]
  ) {
    self.graph = graph
    self.nodes = nodes
    self.given = Set(given.keys)
    read = Set(targets + order.flatMap { graph.nodes[$0].inputs.compactMap { $0 } })
    trials = counts.map { count in
      let types = sampled.mapValues { type in
        TensorType(type.dtype, type.dims.map { [.known(count)] + $0.dropFirst() })
      }
      return Trial(sampleCount: count, shapes: ShapeTrial(graph, replacing: types, given: given))
    }
    axes = sampled.mapValues { _ in .along(0) }
    for index in given.keys { axes[index] = .same }
    for (index, initial) in graph.initials where axes[index] == nil {
      if case .parameter(let parameter) = initial, parameter.role == .trainable { continue }
      axes[index] = .same
    }
    for index in order { place(index) }
  }

  /// Whether a node gives something else to each sample.
  func isOfSamples(_ node: Int) -> Bool {
    graph.nodes[node].outputs.contains { output in
      if case .along? = output.flatMap({ axes[$0] }) { true } else { false }
    }
  }

  /// Whether a node is as good as a constant: what it gives is the same whatever the samples are.
  func isOfNoSample(_ node: Int) -> Bool {
    !isOfSamples(node)
      && graph.nodes[node].outputs.allSatisfy { $0.map { axes[$0] != nil || !read.contains($0) } ?? true }
  }

  /// The bytes of a value for one sample; nil where its shape is not known or its elements have no bytes of their own.
  func byteCount(of value: Graph.ValueIndex) -> Int? {
    guard let trial = trials.first, let type = trial.shapes.types[value], let shape = type.shape,
      type.dtype != .string, type.dtype.bitWidth >= 8
    else { return nil }
    let (bytes, overflow) = shape.reduce((partialValue: type.dtype.itemSize, overflow: false)) { product, size in
      let next = product.partialValue.multipliedReportingOverflow(by: size)
      return (next.partialValue, product.overflow || next.overflow)
    }
    if overflow { return nil }
    guard case .along? = axes[value] else { return bytes }
    return bytes / max(trial.sampleCount, 1)
  }

  private mutating func place(_ index: Int) {
    let node = graph.nodes[index]
    let inputs = node.inputs.map { $0.map { axes[$0] } }
    guard !inputs.contains(where: { $0 == .some(nil) }) else { return }
    let name = "node '\(node.name)' (\(node.opType))"
    guard let operation = nodes.operations[index], !(operation is any ControlFlow) else {
      return obstacles.append((index, "\(name) has a body, which is run for each batch"))
    }
    let draws = nodes.drawing.contains(index) || isDrawing(operation)
    let answers = draws && nodes.drawing.contains(index) ? [] : trials.map { answer(of: operation, node, $0) }
    var places: [Graph.ValueIndex: BatchAxis] = [:]
    for (position, output) in node.outputs.enumerated() {
      guard let output, read.contains(output) else { continue }
      if let axis = agreed(answers.map { position < $0.count ? $0[position] : nil }, output) {
        places[output] = axis
      } else if !draws, !inputs.contains(where: { $0??.axis != nil }) {
        // What no sample goes into hangs on their number at most.
        places[output] = inputs.contains(.some(.count)) ? settled(output) : .same
      } else {
        return obstacles.append((index, reason(name, operation, draws: draws, node)))
      }
    }
    axes.merge(places) { $1 }
  }

  private func isDrawing(_ operation: any Operator) -> Bool {
    if case .drawing = operation.schema.batch { true } else { false }
  }

  private func reason(_ name: String, _ operation: any Operator, draws: Bool, _ node: Graph.Node) -> String {
    if draws { return "\(name) draws numbers" }
    if let normalization = operation as? BatchNormalization, normalization.trainingMode {
      return "\(name) normalizes with each batch's statistics"
    }
    let isKnown = trials.allSatisfy { trial in
      (node.inputs + node.outputs).allSatisfy { $0.map { trial.shapes.types[$0]?.shape != nil } ?? true }
    }
    return isKnown
      ? "the samples of a batch may meet in \(name)" : "what shape \(name) gives cannot be told beforehand"
  }

  private func answer(of operation: any Operator, _ node: Graph.Node, _ trial: Trial) -> [BatchAxis?] {
    let inputs = node.inputs.map { value -> BatchLayout.Input?? in
      guard let value else { return .some(nil) }
      guard let axis = axes[value], let shape = trial.shapes.types[value]?.shape else { return nil }
      return BatchLayout.Input(axis, shape: shape, value: axis.axis == nil ? numbers(of: value, trial) : nil)
    }
    let outputs = node.outputs.map { $0.map { trial.shapes.types[$0]?.shape } ?? [] }
    guard inputs.allSatisfy({ $0 != nil }), outputs.allSatisfy({ $0 != nil }) else { return [] }
    return operation.batchAxes(
      of: BatchLayout(
        sampleCount: trial.sampleCount, inputs: inputs.map { $0 ?? nil }, outputs: outputs.compactMap { $0 }))
  }

  /// The numbers of a value, as far as they are known and few.
  private func numbers(of value: Graph.ValueIndex, _ trial: Trial) -> Tensor? {
    if let numbers = trial.shapes.numbers[value] { return numbers }
    guard !given.contains(value), case .parameter(let parameter)? = graph.initials[value], parameter.count <= 4096
    else {
      return nil
    }
    return try? parameter.value().detach()
  }

  /// What all trials say of an output, if its shapes bear it out.
  private func agreed(_ answers: [BatchAxis?], _ output: Graph.ValueIndex) -> BatchAxis? {
    guard let first = answers.first, let axis = first, answers.allSatisfy({ $0 == axis }) else { return nil }
    switch axis {
    case .same: return axis
    case .count: return settled(output)
    case .along(let place):
      let shapes = trials.compactMap { $0.shapes.types[output]?.shape }
      let isBorneOut = zip(shapes, trials).allSatisfy { shape, trial in
        shape.indices.contains(place) && shape[place] == trial.sampleCount
      }
      guard shapes.count == trials.count, isBorneOut else { return nil }
      let rows = Set(shapes.map { $0[..<place] + $0[(place + 1)...] })
      return rows.count == 1 ? axis : nil
    }
  }

  /// Of a value that could hang on the number of samples: whether it does.
  private func settled(_ output: Graph.ValueIndex) -> BatchAxis {
    if trials.count == 1 { return .same }
    let numbers = trials.map { trial in
      trial.shapes.numbers[output].flatMap { tensor in
        (try? tensor.elements(as: Double.self)).map { ($0, tensor.shape) }
      }
    }
    guard let first = numbers.first, let first else { return .count }
    return numbers.allSatisfy { $0.map { $0.0 == first.0 && $0.1 == first.1 } ?? false } ? .same : .count
  }
}

extension BatchAxis {
  fileprivate var axis: Int? { if case .along(let axis) = self { axis } else { nil } }
}
