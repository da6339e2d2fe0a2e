import ThawTensor

extension Trace {
  /// Puts groups of operations together that are one operator.
  mutating func recognizeOperators(_ compilation: inout Compilation) {
    compilation.run(.recognizeLayerNormalization, on: &self) { $0.recognizeLayerNormalization() }
    compilation.run(.recognizeGelu, on: &self) { $0.recognizeGelu() }
  }

  /// Computes `body` of traced tensors, its operators recognized before anything is differentiated: a gradient is then
  /// the operator's own, and reads less.
  static func recognizing(
    _ tensors: [Tensor], _ compilation: inout Compilation, _ body: ([Tensor]) throws -> [Tensor]
  ) throws -> [Tensor] {
    var trace = try Trace(inputs: tensors.map(\.type), body)
    trace.recognizeOperators(&compilation)
    return try trace.run(tensors)
  }
}
