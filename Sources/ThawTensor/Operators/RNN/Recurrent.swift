import ThawTypes

/// A recurrent layer: LSTM, GRU or RNN.
///
/// Inputs X (steps, batch, features), W and R (directions, gates × hidden, features or hidden), B (directions, 2 gates ×
/// hidden), sequence_lens (batch), then states (directions, batch, hidden). Outputs are the hidden states of all steps
/// (steps, directions, batch, hidden) and the last states. What X gives to the gates is one product for all steps;
/// only what the state gives is computed step by step.
///
/// A sample shorter than the longest gives zeros for the steps beyond its end and keeps its state there; going in
/// reverse it starts at its own end. A sample of length 0 keeps its initial state (ONNX Runtime gives zeros).
protocol Recurrent: Composite {
  associatedtype Cell: RecurrentCell
  static var gateCount: Int { get }
  /// The activations of one direction, where a node names none.
  static var defaultActivations: [RecurrentActivation] { get }
  var layer: RecurrentLayer { get }
  func cell(_ weights: RecurrentWeights) -> Cell
}

/// X with the steps along its first axis. The sizes are said, because a tensor that failed has none.
private struct Steps {
  let rows: Tensor
  let count: Int
  let batch: Int
  let features: Int
}

extension Schema {
  /// The schema of a recurrent layer.
  static func recurrent(
    _ name: String, versions: [Int], moreInputs: [Input] = [], moreOutputs: [Output] = []
  ) -> Schema {
    Schema(
      name, versions: versions,
      inputs: [
        Input("X"), Input("W", .weight), Input("R", .weight), Input("B", .weight, optional: true),
        Input("sequence_lens", .index, optional: true), Input("initial_h", optional: true),
      ] + moreInputs, outputs: [Output("Y", optional: true), Output("Y_h", optional: true)] + moreOutputs,
      batch: .mixing)
  }
}

/// The gates of one direction: how a step makes the next state.
protocol RecurrentCell {
  /// What X alone gives to the gates, from the rows of all steps; each part is cut into steps.
  func products(_ rows: Tensor) -> [Tensor]
  /// The next state, the hidden one first, from one step's products and the state, nil for zeros.
  func step(_ x: [Tensor], _ state: [Tensor?]) -> [Tensor]
}

/// The tensors of one direction, without its axis.
struct RecurrentWeights {
  let w: Tensor
  let r: Tensor
  /// Of X's product, and of the state's.
  let biases: (input: Tensor, recurrent: Tensor)?
  let peepholes: Tensor?
  let activations: [RecurrentActivation]
  let clip: Float?
  let hiddenSize: Int

  /// The activation at a place in the operator's order, after the clipping.
  func activate(_ x: Tensor, _ index: Int) -> Tensor {
    activations[index](clip.map { x.clip(min: -Double($0), max: Double($0)) } ?? x)
  }
}

extension Recurrent {
  public var minimumOpset: Int { layer.minimumOpset }

  /// The place of the first initial state among the inputs.
  static var firstState: Int { 5 }
  static var stateCount: Int { schema.outputs.count - 1 }

  /// States that are the same for all samples stay so; zeros as often as there are samples are.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let axis = layer.isBatchFirst ? 0 : 1
    let isApart = batch.inputs.indices.dropFirst().allSatisfy { index in
      switch index {
      case 1...3: return batch.isSame(index)
      case 4: return batch[4] == 0 || batch.isSame(4, fromEnd: 1)
      case Self.firstState..<(Self.firstState + Self.stateCount):
        return batch[index] == axis || batch.isSame(index, fromEnd: 3 - axis)
      default: return batch.isSame(index)
      }
    }
    guard batch[0] == axis, isApart else { return batch.mixed }
    return batch.outputs.indices.map { .along(layer.isBatchFirst ? 0 : $0 == 0 ? 2 : 1) }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype.isFloatingPoint else {
      throw TensorError(
        .dtype, "\(Self.schema.name): X is \(x), and only floating-point numbers go through the gates")
    }
    let r = try tensorType(inputs, 2, of: Self.schema)
    let hidden = layer.hiddenSize.map(Dim.known) ?? r.dims?.last ?? .unknown
    let directions = Dim.known(layer.direction.count)
    var axes: [Dim] = x.dims ?? [.unknown, .unknown, .unknown]
    guard axes.count == 3 else {
      throw TensorError(
        .shape,
        "\(Self.schema.name): X is \(x), and should have the axes "
          + (layer.isBatchFirst ? "batch, steps and features" : "steps, batch and features"))
    }
    if layer.isBatchFirst { axes.swapAt(0, 1) }
    let (steps, batch, features) = (axes[0], axes[1], axes[2])
    let state = layer.isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]
    let gates = Self.gateCount
    try check(inputs, 1, x.dtype, [directions, try multiple(gates, hidden), features])
    try check(inputs, 2, x.dtype, [directions, try multiple(gates, hidden), hidden])
    try check(inputs, 3, x.dtype, [directions, try multiple(2 * gates, hidden)])
    try check(inputs, 4, .int32, [batch])
    for index in 0..<Self.stateCount { try check(inputs, Self.firstState + index, x.dtype, state) }
    try check(inputs, Self.firstState + Self.stateCount, x.dtype, [directions, try multiple(3, hidden)])
    let sequence = layer.isBatchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden]
    return [.tensor(TensorType(x.dtype, sequence))]
      + (0..<Self.stateCount).map { _ in .tensor(TensorType(x.dtype, state)) }
  }

  private func multiple(_ factor: Int, _ hidden: Dim) throws -> Dim {
    guard let size = hidden.value else { return .unknown }
    let (product, overflow) = size.multipliedReportingOverflow(by: factor)
    guard size > 0, !overflow else {
      throw TensorError(.shape, "\(Self.schema.name): the hidden size \(size) is none that a layer can have")
    }
    return .known(product)
  }

  private func check(_ inputs: [ValueType?], _ index: Int, _ dtype: DType, _ expected: [Dim]) throws {
    let schema = Self.schema
    guard index < schema.inputs.count, index < 3 || (index < inputs.count && inputs[index] != nil) else { return }
    let type = try tensorType(inputs, index, of: schema)
    let name = schema.inputs[index].name
    guard type.dtype == dtype else {
      throw TensorError(
        .dtype, "\(schema.name): \(name) is \(type), and should be \(dtype): convert it with Cast (cast(to:))")
    }
    guard let dims = type.dims else { return }
    let fits =
      dims.count == expected.count
      && zip(dims, expected).allSatisfy { dim, expected in
        guard let a = dim.value, let b = expected.value else { return true }
        return a == b
      }
    guard fits else {
      throw TensorError(
        .shape,
        "\(schema.name): \(name) is \(type), and should have the shape "
          + "[\(expected.map(\.description).joined(separator: ", "))]")
    }
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let given = try tensor(inputs, 0, of: Self.schema)
    let x = Steps(
      rows: layer.isBatchFirst ? given.transposed([1, 0, 2]) : given, count: given.shape[layer.isBatchFirst ? 1 : 0],
      batch: given.shape[layer.isBatchFirst ? 0 : 1], features: given.shape[2])
    let lengths = try lengths(inputs, of: x)
    let states = try (0..<Self.stateCount).map { try byDirection(inputs, Self.firstState + $0, layer.isBatchFirst) }
    var sequences: [Tensor] = []
    var last = [[Tensor]](repeating: [], count: Self.stateCount)
    for (direction, weights) in try weights(inputs).enumerated() {
      let isReverse = layer.direction == .reverse || direction == 1
      let (hidden, end) = run(cell(weights), x, states.map { $0[direction] }, lengths, isReverse)
      if wanted[0] { sequences.append(sequence(hidden, x, weights.hiddenSize, lengths)) }
      for index in last.indices {
        last[index].append(end[index] ?? .zeros([x.batch, weights.hiddenSize], dtype: given.dtype))
      }
    }
    let directionAxis = layer.isBatchFirst ? 1 : 0
    let ends = last.map { states in
      Value.tensor(joined(states.map { $0.unsqueezed(axes: [directionAxis]) }, axis: directionAxis))
    }
    guard wanted[0] else { return [nil] + ends }
    let y = joined(sequences, axis: 1)
    return [.tensor(layer.isBatchFirst ? y.transposed([2, 0, 1, 3]) : y)] + ends
  }

  /// The hidden state of every step in the order of time, and the last state, nil where no step was taken from zeros.
  private func run(
    _ cell: Cell, _ x: Steps, _ initial: [Tensor?], _ lengths: Tensor?, _ isReverse: Bool
  ) -> (hidden: [Tensor], end: [Tensor?]) {
    guard x.count > 0 else { return ([], initial) }
    let products = cell.products(x.rows.reshaped(to: [-1, x.features])).map { $0.split(into: x.count) }
    var state = initial
    var hidden: [Tensor] = []
    for step in isReverse ? Array((0..<x.count).reversed()) : Array(0..<x.count) {
      var next = cell.step(products.map { $0[step] }, state)
      if let lengths {
        let runs = lengths .> step
        next = zip(next, state).map { next, old in
          old.map { Tensor.where(runs, next, $0) } ?? Tensor.where(runs, next, 0)
        }
      }
      state = next
      hidden.append(next[0])
    }
    return (isReverse ? hidden.reversed() : hidden, state)
  }

  /// The hidden states of a direction as (steps, 1, batch, hidden), zero beyond a sample's end.
  private func sequence(_ hidden: [Tensor], _ x: Steps, _ size: Int, _ lengths: Tensor?) -> Tensor {
    guard !hidden.isEmpty else { return .zeros([0, 1, x.batch, size], dtype: x.rows.dtype) }
    var rows = joined(hidden, axis: 0)
    if let lengths { rows = Tensor.where(joined(hidden.indices.map { lengths .> $0 }, axis: 0), rows, 0) }
    return rows.reshaped(to: [hidden.count, 1, -1, size])
  }

  private func joined(_ parts: [Tensor], axis: Int) -> Tensor {
    parts.count == 1 ? parts[0] : .concat(parts, axis: axis)
  }

  /// The samples' lengths as a column, nil where all have as many steps as X.
  private func lengths(_ inputs: [Value?], of x: Steps) throws -> Tensor? {
    guard let lengths = try optionalTensor(inputs, 4, of: Self.schema) else { return nil }
    if !lengths.isTraced {
      let numbers = try lengths.integers()
      if let wrong = numbers.first(where: { !(0...x.count).contains($0) }) {
        throw TensorError(
          .range,
          "\(Self.schema.name): sequence_lens holds \(wrong), and should hold numbers from 0 to \(x.count), the steps "
            + "of X")
      }
      // While recording, the number of steps may be another at another call.
      if !x.rows.isTraced, numbers.allSatisfy({ $0 == x.count }) { return nil }
    }
    return lengths.cast(to: .int64).unsqueezed(axes: [1])
  }

  /// The tensors of each direction.
  private func weights(_ inputs: [Value?]) throws -> [RecurrentWeights] {
    let (w, r) = (try byDirection(inputs, 1), try byDirection(inputs, 2))
    let biases = try byDirection(inputs, 3)
    let peephole = Self.firstState + Self.stateCount
    let peepholes = peephole < Self.schema.inputs.count ? try byDirection(inputs, peephole) : [nil, nil]
    let hiddenSize = try tensor(inputs, 2, of: Self.schema).shape[2]
    let perDirection = Self.defaultActivations.count
    guard layer.activations.count == perDirection * layer.direction.count else {
      throw TensorError(
        .operand,
        "\(Self.schema.name): \(layer.activations.count) activations are given, and there should be "
          + "\(perDirection * layer.direction.count)")
    }
    return try (0..<layer.direction.count).map { direction in
      guard let w = w[direction], let r = r[direction] else {
        throw TensorError(.internal, "\(Self.schema.name): weights are missing that were checked")
      }
      let parts = biases[direction]?.split(into: 2)
      return RecurrentWeights(
        w: w, r: r, biases: parts.map { ($0[0], $0[1]) }, peepholes: peepholes[direction],
        activations: Array(layer.activations[direction * perDirection..<(direction + 1) * perDirection]),
        clip: layer.clip, hiddenSize: hiddenSize)
    }
  }

  /// An input cut along its axis of directions, which is gone; nils when it is absent.
  private func byDirection(_ inputs: [Value?], _ index: Int, _ isSecondAxis: Bool = false) throws -> [Tensor?] {
    let axis = isSecondAxis ? 1 : 0
    guard let whole = try optionalTensor(inputs, index, of: Self.schema) else {
      return [Tensor?](repeating: nil, count: layer.direction.count)
    }
    let parts = layer.direction.count == 1 ? [whole] : whole.split(into: 2, axis: axis)
    return parts.map { $0.squeezed(axes: [axis]) }
  }
}

extension Tensor {
  /// What a recurrent layer gives for this tensor as X.
  func through(_ layer: some Recurrent, _ inputs: Tensor?...) -> [Tensor] {
    let count = layer.schema.outputs.count
    do {
      let outputs = try apply(layer, to: [.tensor(self)] + inputs.map { $0.map(Value.tensor) })
      return try (0..<count).map { try tensor(outputs, $0, of: layer.schema) }
    } catch {
      return (0..<count).map { _ in .poisoned(by: error) }
    }
  }
}
