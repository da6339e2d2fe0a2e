import ThawTensor

extension Trace {
  /// Folds normalization with fixed statistics into the convolution before it, where nothing of either trains.
  mutating func foldNormalization() throws {
    var uses: [Int: Int] = [:]
    for value in nodes.flatMap({ $0.inputs.compactMap { $0 } }) + outputs { uses[value, default: 0] += 1 }
    var makers: [Int: Int] = [:]
    var folded: Set<Int> = []
    for index in nodes.indices {
      for case let output? in nodes[index].outputs { makers[output] = index }
      guard let normalization = nodes[index].operation as? BatchNormalization, !normalization.trainingMode,
        let x = nodes[index].inputs[0], uses[x] == 1, let maker = makers[x], let conv = nodes[maker].operation as? Conv,
        let output = nodes[index].outputs.first ?? nil
      else { continue }
      let statistics = nodes[index].inputs[1...].compactMap { $0.flatMap { constants[$0] } }
      let weights = nodes[maker].inputs.dropFirst().compactMap { $0 }
      guard statistics.count == 4, let weight = weights.first.flatMap({ constants[$0] }),
        weights.count < 2 || constants[weights[1]] != nil, statistics.allSatisfy({ $0.dtype == weight.dtype })
      else { continue }
      let (scale, shift, mean, variance) = (statistics[0], statistics[1], statistics[2], statistics[3])
      let values = try noGrad {
        try withErrors {
          let factor = scale / (variance + Double(normalization.epsilon)).sqrt()
          let bias = weights.count > 1 ? (constants[weights[1]] ?? mean) - mean : -mean
          let columns = [weight.shape[0]] + Array(repeating: 1, count: weight.rank - 1)
          return [weight * factor.reshaped(to: Tensor(columns)), bias * factor + shift]
        }
      }
      nodes[maker] = Node(
        operation: conv, inputs: [nodes[maker].inputs[0]] + values.map { addConstant($0) }, outputs: [output])
      // Else a model's weights would be in memory twice.
      if uses[weights[0]] == 1 { constants[weights[0]] = nil }
      makers[output] = maker
      folded.insert(index)
    }
    nodes = nodes.indices.filter { !folded.contains($0) }.map { nodes[$0] }
  }
}
