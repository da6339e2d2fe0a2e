import ThawTensor

extension Trace {
  /// Computes once what is the same in every run.
  ///
  /// What is drawn is not, and what is much larger than what it is made of is computed in the arena anew.
  mutating func foldConstants() throws {
    for node in nodes where !node.operation.draws {
      let inputs = node.inputs.map { $0.map { constants[$0] } }
      guard inputs.allSatisfy({ $0 == nil || $0! != nil }),
        Self.isWorthKeeping(
          node.outputs.map { $0.flatMap { types[$0] } }, madeOf: node.inputs.map { $0.flatMap { types[$0] } })
      else { continue }
      let values = inputs.map { input in (input ?? nil).map(Value.tensor) }
      let wanted = OutputMask(node.outputs.map { $0 != nil })
      let results = try noGrad { try withErrors { try apply(node.operation, to: values, wanted: wanted) } }
      for (output, result) in zip(node.outputs, results) {
        if let output, let tensor = result?.tensor { constants[output] = tensor }
      }
    }
    removeDeadNodes()
  }

  /// Whether a program holds results of these types, rather than to compute them of constants in each run.
  ///
  /// Weights that are stored in a few bits may become floats; a scalar that fills a large mask may not.
  static func isWorthKeeping(_ types: [TensorType?], madeOf sources: [TensorType?]) -> Bool {
    func byteCount(_ types: [TensorType?]) -> Double {
      types.reduce(0) { sum, type in
        sum + (type?.shape ?? []).reduce(Double(type?.dtype.itemSize ?? 0)) { $0 * Double($1) }
      }
    }
    return byteCount(types) <= 8 * byteCount(sources) + 0x1p24
  }
}
