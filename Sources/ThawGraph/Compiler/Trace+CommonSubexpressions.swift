import ThawTensor

extension Trace {
  /// Computes once what is computed several times of the same values.
  mutating func shareSubexpressions() throws {
    var replacements = try equalConstants()
    var places: [Expression: Int] = [:]
    for index in nodes.indices {
      nodes[index].inputs = nodes[index].inputs.map { $0.map { replacements[$0] ?? $0 } }
      guard !nodes[index].operation.draws else { continue }
      let expression = Expression(operation: AnyHashable(nodes[index].operation), inputs: nodes[index].inputs)
      guard let first = places[expression] else {
        places[expression] = index
        continue
      }
      for (position, output) in nodes[index].outputs.enumerated() {
        guard let output else { continue }
        while nodes[first].outputs.count <= position { nodes[first].outputs.append(nil) }
        if let shared = nodes[first].outputs[position] {
          replacements[output] = shared
        } else {
          nodes[first].outputs[position] = output
        }
        nodes[index].outputs[position] = nil
      }
    }
    replace(replacements)
  }

  private struct Expression: Hashable {
    let operation: AnyHashable
    let inputs: [Int?]
  }

  /// Small constants that other ones repeat, by index: shapes, axes and numbers in formulas.
  private func equalConstants() throws -> [Int: Int] {
    struct Contents: Hashable {
      let type: TensorType
      let bytes: [UInt8]
    }
    var first: [Contents: Int] = [:]
    var replacements: [Int: Int] = [:]
    for (index, tensor) in constants.sorted(by: { $0.key < $1.key }) where tensor.dtype != .string {
      guard tensor.count <= 64 else { continue }
      let bytes = try tensor.contiguous().withBytes { Array($0) }
      let contents = Contents(type: tensor.type, bytes: bytes)
      if let same = first[contents] { replacements[index] = same } else { first[contents] = index }
    }
    return replacements
  }
}
