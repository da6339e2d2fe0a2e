import ThawTensor

extension Trace {
  /// Applies the operations to other tensors: computes, records for gradients, or traces again.
  func run(_ tensors: [Tensor]) throws -> [Tensor] {
    var values = constants
    for (index, tensor) in zip(inputs, tensors) { values[index] = tensor }
    for node in nodes {
      let given = node.inputs.map { $0.flatMap { values[$0] }.map(Value.tensor) }
      let results = try apply(node.operation, to: given, wanted: OutputMask(node.outputs.map { $0 != nil }))
      for (output, result) in zip(node.outputs, results) {
        if let output { values[output] = result?.tensor }
      }
    }
    return try outputs.map { output in
      guard let tensor = values[output] else { throw TensorError(.internal, "nothing made an output of a trace") }
      return tensor
    }
  }
}
