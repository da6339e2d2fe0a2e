import ThawTypes

/// A graph that is run again and again, what it gives being what it takes next (ONNX Loop-1, 11, 13, 16, 19, 21, 23, 24,
/// 25).
///
/// Inputs are the largest number of iterations (none when absent), whether the first one runs (true when absent), and
/// the carried values, whose shapes may change from one iteration to the next. The body takes the iteration's number,
/// the condition and the carried values; it gives the next condition, which counts also where no first one was given (as
/// in ONNX Runtime), the next carried values, and values to be stacked along a new first axis. Outputs are the last
/// carried values, and the stacks.
public struct Loop: ControlFlow {
  private let loopBody: Body

  public init(_ body: any Subgraph) { loopBody = Body(body) }

  public static let schema = Schema(
    "Loop", versions: [1, 11, 13, 16, 19, 21, 23, 24, 25],
    inputs: [
      Input("M", .index, value: true, optional: true), Input("cond", .index, value: true, optional: true),
      Input("v_initial", optional: true, variadic: true),
    ], outputs: [Output("v_final_and_scan_outputs", variadic: true)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(try node.subgraph("body"))
    let graph = loopBody.graph
    guard graph.inputTypes.count >= 2, stackCount >= 0 else {
      throw TensorError(
        .operand,
        "Loop: the body has \(graph.inputTypes.count) inputs and \(graph.outputTypes.count) outputs; it should take "
          + "the iteration, the condition and the carried values, and give the condition and these at least")
    }
    guard node.outputCount <= graph.outputTypes.count - 1 else {
      throw TensorError(
        .operand,
        "Loop: the node has \(node.outputCount) outputs, and its body gives \(graph.outputTypes.count - 1)")
    }
  }

  package var bodies: [(attribute: String, graph: any Subgraph)] { [("body", loopBody.graph)] }
  package var ownInputCount: Int { 2 + carriedCount }
  package func bodyInput(ofInput index: Int) -> Int? { index >= 2 && index < ownInputCount ? index : nil }

  private var carriedCount: Int { loopBody.graph.inputTypes.count - 2 }
  private var stackCount: Int { loopBody.graph.outputTypes.count - 1 - carriedCount }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let carried = try (0..<carriedCount).map { index -> ValueType in
      let last = try declaredType(ofOutput: 1 + index)
      guard 2 + index < inputs.count, let first = inputs[2 + index] else { return last }
      // Without an iteration the first value is the last.
      guard let type = first.joined(with: last) else {
        throw TensorError(.dtype, "Loop: carried value \(index) is \(first) at first and \(last) after an iteration")
      }
      return type
    }
    return try carried
      + (0..<stackCount).map { index in
        let type = try declaredType(ofOutput: 1 + carriedCount + index)
        guard let tensor = type.tensor else {
          throw TensorError(.dtype, "Loop: output \(1 + carriedCount + index) of the body is \(type), not a tensor")
        }
        return .tensor(TensorType(tensor.dtype, tensor.dims.map { [.unknown] + $0 }))
      }
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let limit = try inputs.first.flatMap { $0 }.map(iterationCount)
    var runs = try inputs.count > 1 ? inputs[1].map { try truth(of: $0, "the condition") } ?? true : true
    var carried = try (0..<carriedCount).map { try value(inputs, 2 + $0) }
    var stacks = [[Value]](repeating: [], count: stackCount)
    let captured = try captured(inputs)
    var iteration = 0
    while runs, iteration < limit ?? .max {
      let scalars = [Value.tensor(Tensor(iteration)), .tensor(Tensor([runs], shape: []))]
      let outputs = try iterate(iteration, scalars + carried, captured)
      runs = try truth(of: outputs[0], "the condition that the body gives")
      carried = Array(outputs[1..<1 + carriedCount])
      for index in stacks.indices where wanted[carriedCount + index] {
        stacks[index].append(outputs[1 + carriedCount + index])
      }
      iteration += 1
    }
    return carried
      + (try stacks.indices.map { index in
        guard wanted[carriedCount + index] else { return nil }
        let output = 1 + carriedCount + index
        return .tensor(try stacked(stacks[index], loopBody.graph.outputTypes[output], output: output))
      })
  }

  private func iterationCount(_ value: Value) throws -> Int {
    guard case .tensor(let tensor) = value, tensor.dtype == .int64, tensor.count == 1 else {
      throw TensorError(.dtype, "Loop: M should be one int64 and is \(value.type)")
    }
    return try known("M") { try tensor.integers()[0] }
  }
}
