import ThawTensor
import ThawTypes

extension Trace {
  /// Writes LayerNormalization for the mean, the deviation and the scaling of rows that older files spell out.
  mutating func recognizeLayerNormalization() {
    let links = TraceLinks(self)
    for node in nodes {
      guard let output = node.outputs.first ?? nil, let rows = normalizedRows(of: output, links),
        let scaled = scaling(of: output, rows, links)
      else { continue }
      let shifted = shift(of: scaled.output, rows, links)
      nodes[shifted?.place ?? scaled.place] = Node(
        operation: LayerNormalization(axis: rows.axis, epsilon: Float(rows.epsilon)),
        inputs: [rows.x, scaled.weight] + (shifted.map { [$0.weight] } ?? []),
        outputs: [shifted?.output ?? scaled.output])
    }
    removeDeadNodes()
  }

  private struct Rows {
    let x: Int
    /// The first axis of a row.
    let axis: Int
    let epsilon: Double
    let type: TensorType
    let rowShape: [Int]
  }

  /// What a value is the normalized rows of: (x − mean) / √(variance + ε).
  private func normalizedRows(of output: Int, _ links: TraceLinks) -> Rows? {
    guard let (centered, sum, inside) = quotient(output, links), let (variance, epsilon) = shiftedByNumber(sum, links),
      let (square, axes) = mean(variance, links), let bases = squareBases(square, links),
      bases.allSatisfy({ links.areSame($0, centered) }), let difference = links.inputs(of: centered, Sub.self),
      let x = difference[0],
      let center = difference[1], let (source, otherAxes) = mean(center, links), source == x, axes == otherAxes,
      let type = types[x], let shape = type.shape, type.dtype.isFloatingPoint, let first = axes.first,
      axes == Array(first..<shape.count), epsilon >= 0
    else { return nil }
    let isAlone =
      inside.allSatisfy { links.onlyReader(of: $0) != nil } && links.onlyReader(of: sum) != nil
      && links.onlyReader(of: variance) != nil && links.onlyReader(of: square) != nil
      && links.isRead(center, onlyFor: bases.union([centered]))
      && bases.union([centered]).allSatisfy { links.isRead($0, onlyFor: [square, output]) }
    guard isAlone, types[output] == type else { return nil }
    return Rows(x: x, axis: first - shape.count, epsilon: epsilon, type: type, rowShape: Array(shape[first...]))
  }

  /// d and s of d / √s, d · (1 / √s) or d · s^−½, and what lies between.
  private func quotient(_ output: Int, _ links: TraceLinks) -> (dividend: Int, sum: Int, inside: [Int])? {
    if let inputs = links.inputs(of: output, Div.self), let dividend = inputs[0], let divisor = inputs[1],
      let sum = squareRoot(divisor, links)
    {
      return (dividend, sum, [divisor])
    }
    guard let inputs = links.inputs(of: output, Mul.self), let left = inputs[0], let right = inputs[1] else {
      return nil
    }
    for (dividend, factor) in [(left, right), (right, left)] {
      if let sum = power(factor, -0.5, links) { return (dividend, sum, [factor]) }
      let root: Int? =
        if let inputs = links.inputs(of: factor, Div.self), links.number(inputs[0]) == 1 {
          inputs[1]
        } else {
          links.inputs(of: factor, Reciprocal.self)?[0]
        }
      if let root, let sum = squareRoot(root, links) { return (dividend, sum, [factor, root]) }
    }
    return nil
  }

  private func squareRoot(_ value: Int, _ links: TraceLinks) -> Int? {
    links.inputs(of: value, Sqrt.self)?[0] ?? power(value, 0.5, links)
  }

  private func power(_ value: Int, _ exponent: Double, _ links: TraceLinks) -> Int? {
    guard let inputs = links.inputs(of: value, Pow.self), links.number(inputs[1]) == exponent else { return nil }
    return inputs[0]
  }

  /// The factors of a square, which have to be the same.
  private func squareBases(_ value: Int, _ links: TraceLinks) -> Set<Int>? {
    if let base = power(value, 2, links) { return [base] }
    guard let inputs = links.inputs(of: value, Mul.self), let left = inputs[0], let right = inputs[1] else {
      return nil
    }
    return [left, right]
  }

  private func shiftedByNumber(_ value: Int, _ links: TraceLinks) -> (Int, Double)? {
    guard let inputs = links.inputs(of: value, Add.self), let left = inputs[0], let right = inputs[1] else {
      return nil
    }
    return links.number(right).map { (left, $0) } ?? links.number(left).map { (right, $0) }
  }

  /// The axes of a mean that keeps them.
  private func mean(_ value: Int, _ links: TraceLinks) -> (source: Int, axes: [Int])? {
    guard let node = links.maker(of: value), let mean = node.operation as? ReduceMean, mean.options.keepDims,
      let source = node.inputs[0], let rank = types[source]?.shape?.count
    else { return nil }
    var axes: [Int] = []
    if node.inputs.count > 1, let index = node.inputs[1] {
      guard let known = (try? constants[index]?.integers()) ?? nil else { return nil }
      axes = known.map { $0 < 0 ? $0 + rank : $0 }.sorted()
    }
    if axes.isEmpty {
      guard !mean.options.noopWithEmptyAxes else { return nil }
      axes = Array(0..<rank)
    }
    return (source, axes)
  }

  /// What the node that alone reads a value makes of it and of a weight for each column.
  private func weighed<Operation: Operator>(
    _ value: Int, by type: Operation.Type, _ rows: Rows, _ links: TraceLinks
  ) -> (place: Int, weight: Int, output: Int)? {
    guard let reader = links.onlyReader(of: value), nodes[reader].operation is Operation,
      nodes[reader].inputs.count == 2, let output = links.output(of: reader), types[output] == rows.type,
      let weight = nodes[reader].inputs.first(where: { $0 != value }) ?? nil, let weightType = types[weight],
      weightType.dtype == rows.type.dtype, let shape = weightType.shape, shape.count <= rows.rowShape.count,
      zip(shape.reversed(), rows.rowShape.reversed()).allSatisfy({ $0 == $1 || $0 == 1 })
    else { return nil }
    return (reader, weight, output)
  }

  private func scaling(of value: Int, _ rows: Rows, _ links: TraceLinks) -> (place: Int, weight: Int, output: Int)? {
    weighed(value, by: Mul.self, rows, links)
  }

  private func shift(of value: Int, _ rows: Rows, _ links: TraceLinks) -> (place: Int, weight: Int, output: Int)? {
    weighed(value, by: Add.self, rows, links)
  }
}
