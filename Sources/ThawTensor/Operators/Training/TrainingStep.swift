import ThawTypes

/// An optimizer's step on several tensors at once: Adagrad, Adam or Momentum of ONNX's preview of training.
///
/// Inputs are the learning rate R, the number of updates so far T (int64), then all tensors to optimize, their gradients,
/// and each kind of state in turn; outputs are the new tensors, then the new states in the same order.
protocol TrainingStep: Composite {
  static var stateCount: Int { get }

  /// The new tensor and its new states.
  ///
  /// - Parameters:
  ///   - rate: the learning rate.
  ///   - count: the number of updates so far, in the rate's type.
  func step(_ x: Tensor, gradient: Tensor, states: [Tensor], rate: Tensor, count: Tensor) throws -> [Tensor]
}

extension TrainingStep {
  static func stepSchema(_ name: String) -> Schema {
    Schema(
      name, domain: .onnxTraining, versions: [1],
      inputs: [Input("R", .setting), Input("T", .index), Input("inputs", variadic: true)],
      outputs: [Output("outputs", variadic: true)], batch: .mixing)
  }

  /// How many tensors are optimized.
  private func tensorCount(_ inputCount: Int) throws -> Int {
    let perTensor = 2 + Self.stateCount
    guard inputCount > 2, (inputCount - 2) % perTensor == 0 else {
      throw TensorError(
        .operand,
        "\(Self.schema.name): there are \(inputCount) inputs; after R and T there should be \(perTensor) for each "
          + "tensor: itself, its gradient and its state")
    }
    return (inputCount - 2) / perTensor
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let count = try tensorCount(inputs.count)
    let states = 2 + 2 * count..<2 + (2 + Self.stateCount) * count
    return try (Array(2..<2 + count) + states).map { .tensor(try tensorType(inputs, $0, of: Self.schema)) }
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let count = try tensorCount(inputs.count)
    let all = try inputs.indices.map { try tensor(inputs, $0, of: Self.schema) }
    var columns = [[Tensor]](repeating: [], count: 1 + Self.stateCount)
    for index in 0..<count {
      let x = all[2 + index]
      let gradient = all[2 + count + index]
      let states = (0..<Self.stateCount).map { all[2 + (2 + $0) * count + index] }
      for other in [gradient] + states where other.type != x.type {
        throw TensorError(
          .shape, "\(Self.schema.name): tensor \(index) is \(x.type), and its gradient or state is \(other.type)")
      }
      let results = try step(
        x, gradient: gradient, states: states, rate: all[0].cast(to: x.dtype), count: all[1].cast(to: x.dtype))
      for (column, result) in results.enumerated() { columns[column].append(result) }
    }
    return columns.flatMap { $0 }.map(Value.tensor)
  }
}
