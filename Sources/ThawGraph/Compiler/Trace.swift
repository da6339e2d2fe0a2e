import ThawTensor

/// What Swift code computes of inputs of given types: operations by index, every shape a number.
///
/// Operators of Thaw's own stay as they are; they have kernels.
package struct Trace {
  package struct Node: Sendable {
    var operation: any Operator
    var inputs: [Int?]
    var outputs: [Int?]
  }

  /// By value.
  var types: [Int: TensorType] = [:]
  /// The values that are the same in every run.
  var constants: [Int: Tensor] = [:]
  var nodes: [Node] = []
  private var valueCount: Int
  let inputs: [Int]
  private(set) var outputs: [Int]

  /// Runs `body` on tensors without numbers.
  ///
  /// - Parameter inputs: their types, every dimension a number.
  /// - Throws: `TensorError` of kind `valueNeeded` when a shape or a decision depends on an input's numbers, else the
  ///   error of the operation that failed.
  package init(inputs types: [TensorType], _ body: ([Tensor]) throws -> [Tensor]) throws {
    let tracer = Tracer(sizes: [:], isForFile: false)
    let traced = try types.enumerated().map { try tracer.input("input \($0)", $1) }
    let results = try Context.with({
      $0.recorder = tracer
      $0.isCompiling = true
    }) { try withErrors { try body(traced) } }
    let outputs = results.map { result in
      if case .traced(let value) = result.contents { value.index } else { tracer.constantIndex(of: result) }
    }
    let state = tracer.recorded
    valueCount = state.entries.count
    for (index, entry) in state.entries.enumerated() {
      switch entry {
      case .input(_, let type): self.types[index] = type
      case .constant(let tensor):
        self.types[index] = tensor.type
        constants[index] = tensor.detach()
      case .result(let type):
        self.types[index] = state.trialShapes[index].map { TensorType(type.dtype, shape: $0) } ?? type
      }
    }
    // With numbers for all sizes, what the trial knew holds in every run.
    constants.merge(state.trialValues) { $1 }
    nodes = state.steps.map { Node(operation: $0.operation, inputs: $0.inputs, outputs: $0.outputs) }
    self.inputs = Array(types.indices)
    self.outputs = outputs
    removeDeadNodes()
  }

  /// A new value of a type.
  mutating func addValue(_ type: TensorType?) -> Int {
    let index = valueCount
    valueCount += 1
    types[index] = type
    return index
  }

  /// A new value that is the same in every run.
  mutating func addConstant(_ tensor: Tensor) -> Int {
    let index = addValue(tensor.type)
    constants[index] = tensor
    return index
  }

  /// Reads other values in place of some, and drops what is then not needed.
  mutating func replace(_ replacements: [Int: Int]) {
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { $0.map { replacements[$0] ?? $0 } }
    }
    outputs = outputs.map { replacements[$0] ?? $0 }
    removeDeadNodes()
  }

  /// Keeps the nodes that an output needs.
  mutating func removeDeadNodes() {
    var needed = Set(outputs)
    var kept: [Node] = []
    for var node in nodes.reversed() {
      node.outputs = node.outputs.map { output in
        output.flatMap { needed.contains($0) && constants[$0] == nil ? $0 : nil }
      }
      guard node.outputs.contains(where: { $0 != nil }) else { continue }
      while node.outputs.last == .some(nil) { node.outputs.removeLast() }
      needed.formUnion(node.inputs.compactMap { $0 })
      kept.append(node)
    }
    nodes = kept.reversed()
  }
}
