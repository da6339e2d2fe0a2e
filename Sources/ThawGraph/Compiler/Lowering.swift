import ThawKernels
import ThawTensor

/// A trace as calls of kernels on buffers: every operation runs once, and the kernels that it asks for are taken down.
struct Lowering {
  typealias Call = KernelCapture.Call
  typealias Operand = KernelCapture.Operand

  /// An operation that runs through the engine's door in each run, because its kernels depend on numbers.
  struct Island: Sendable {
    let operation: String
    let reason: String
  }

  var buffers: [KernelCapture.Buffer]
  var calls: [Call]
  let inputs: [Operand]
  /// Each contiguous, in a buffer of its own that is no input and no constant.
  let outputs: [Operand]
  private(set) var islands: [Island] = []
  /// For each call the places among `operations` of the nodes that it computes, in order; none of what moves results.
  var origins: [[Int]] = []
  /// The operators of the trace's nodes, by their places.
  let operations: [String]
  /// The buffers that hold images with their channels in blocks.
  var layouts: [Int: ChannelLayout] = [:]

  init(_ trace: Trace) throws {
    operations = trace.nodes.map(\.operation.schema.name)
    let capture = KernelCapture()
    var tensors = trace.constants
    for index in trace.inputs { tensors[index] = try Self.planned(trace.types[index]) }
    let inputTensors = trace.inputs.compactMap { tensors[$0] }
    inputs = try inputTensors.map(capture.operand)
    var varying = Set(trace.inputs)
    for (place, node) in trace.nodes.enumerated() {
      let values = try node.inputs.map { input -> Value? in
        guard let input else { return nil }
        guard let tensor = tensors[input] else {
          throw TensorError(.internal, "\(node.operation.schema.name) reads a value that nothing made")
        }
        return .tensor(tensor)
      }
      let wanted = OutputMask(node.outputs.map { $0 != nil })
      let results: [Value?]
      let callCount = capture.callCount
      let varies = node.operation.draws || node.inputs.contains { $0.map(varying.contains) ?? false }
      if varies { varying.formUnion(node.outputs.compactMap { $0 }) }
      do {
        if node.operation.draws { throw TensorError(.valueNeeded, "the operation draws random numbers") }
        // What was not kept as a constant is computed in each run.
        results = try Self.context(capture, plansConstants: !varies) {
          try apply(node.operation, to: values, wanted: wanted)
        }
      } catch let error as TensorError where error.kind == .valueNeeded {
        capture.forgetCalls(after: callCount)
        islands.append(Island(operation: node.operation.schema.name, reason: error.message))
        results = try Self.island(node, values, wanted, trace, capture)
      }
      for (position, output) in node.outputs.enumerated() where position < results.count {
        if let output { tensors[output] = results[position]?.tensor }
      }
      origins += Array(repeating: [place], count: capture.callCount - callCount)
    }
    outputs = try Self.outputs(trace, tensors, inputTensors, capture)
    origins += Array(repeating: [], count: capture.callCount - origins.count)
    buffers = capture.captured.buffers
    calls = capture.captured.calls
    try initializeBuffers()
  }

  private static func context<Result>(
    _ capture: KernelCapture, plansConstants: Bool = false, _ body: () throws -> Result
  ) rethrows -> Result {
    try Context.with(
      {
        $0.capture = capture
        $0.isCompiling = true
        $0.plansConstants = plansConstants
        $0.gradMode = false
        $0.recorder = nil
      }, body)
  }

  private static func planned(_ type: TensorType?) throws -> Tensor {
    guard let type, let shape = type.shape else {
      throw TensorError(.valueNeeded, "a shape depends on numbers that are there only when the program runs")
    }
    return try KernelCapture.planned(shape, dtype: type.dtype)
  }

  private static func island(
    _ node: Trace.Node, _ values: [Value?], _ wanted: OutputMask, _ trace: Trace, _ capture: KernelCapture
  ) throws -> [Value?] {
    let results = try node.outputs.map { try $0.map { try planned(trace.types[$0]) } }
    let operation = node.operation
    try capture.record(values.map { $0?.tensor }, results) { tensors in
      try noGrad { try apply(operation, to: tensors.map { $0.map(Value.tensor) }, wanted: wanted) }.map { $0?.tensor }
    }
    return results.map { $0.map(Value.tensor) }
  }

  /// Copies each output that is not alone in a buffer of its own.
  private static func outputs(
    _ trace: Trace, _ tensors: [Int: Tensor], _ inputs: [Tensor], _ capture: KernelCapture
  ) throws -> [Operand] {
    var taken = Set(try inputs.map { try capture.operand(of: $0).buffer })
    return try trace.outputs.map { output in
      guard let tensor = tensors[output] else {
        throw TensorError(.internal, "nothing made an output of the program")
      }
      let operand = try capture.operand(of: tensor)
      let byteCount = tensor.count * tensor.dtype.itemSize
      let isWritten =
        switch capture.captured.buffers[operand.buffer] {
        case .planned, .initialized: true
        case .constant: false
        }
      if isWritten, capture.captured.buffers[operand.buffer].byteCount == byteCount, tensor.isContiguous,
        operand.byteOffset == 0, taken.insert(operand.buffer).inserted
      {
        return operand
      }
      let copy = try KernelCapture.planned(tensor.shape, dtype: tensor.dtype)
      try context(capture) { try tensor.copy(onto: copy) }
      return try capture.operand(of: copy)
    }
  }
}
