import ThawTypes

/// An operator whose cost is products that are added up: convolutions, matrix products, recurrent layers, attention.
package protocol MultiplyAdding: Operator {
  /// How many products of two numbers are added up, as the operator's definition has them: what is zero by padding or by
  /// a mask counts, biases and scales do not.
  ///
  /// - Returns: nil where the types do not say all sizes, or the number is beyond an Int.
  func multiplyAdds(_ inputs: [TensorType?], _ outputs: [TensorType?]) -> Int?
}

extension [TensorType?] {
  fileprivate subscript(dims index: Int) -> [Dim]? {
    indices.contains(index) ? self[index]?.dims : nil
  }
}

extension Int {
  /// The product of dimensions; nil where one is not known, or it is beyond an Int.
  fileprivate static func product(_ parts: [Dim]?...) -> Int? {
    var product = 1
    for dims in parts {
      guard let dims else { return nil }
      for dim in dims {
        guard let size = dim.value, case let (next, overflow) = product.multipliedReportingOverflow(by: size), !overflow
        else { return nil }
        product = next
      }
    }
    return product
  }
}

/// An operator whose output's numbers are sums over a window, and over the channels of a group.
package protocol Convolving: MultiplyAdding {
  /// The input with the filters.
  static var weightIndex: Int { get }
}

extension Convolving {
  package static var weightIndex: Int { 1 }

  package func multiplyAdds(_ inputs: [TensorType?], _ outputs: [TensorType?]) -> Int? {
    .product(inputs[dims: Self.weightIndex].map { Array($0.dropFirst()) }, outputs[dims: 0])
  }
}

extension Conv: Convolving {}
extension ConvInteger: Convolving {}
extension DeformConv: Convolving {}
extension CausalConvWithState: Convolving {}
extension QLinearConv: Convolving { package static var weightIndex: Int { 3 } }

/// Every number of the input is spread over the window, and over the filters of a group.
extension ConvTranspose: MultiplyAdding {
  package func multiplyAdds(_ inputs: [TensorType?], _ outputs: [TensorType?]) -> Int? {
    .product(inputs[dims: 1].map { Array($0.dropFirst()) }, inputs[dims: 0])
  }
}

/// An operator whose output's numbers are sums over the axis that both factors have, the last one of the first.
package protocol Multiplying: MultiplyAdding {}

extension Multiplying {
  package func multiplyAdds(_ inputs: [TensorType?], _ outputs: [TensorType?]) -> Int? {
    .product(inputs[dims: 0]?.last.map { [$0] }, outputs[dims: 0])
  }
}

extension MatMul: Multiplying {}
extension MatMulInteger: Multiplying {}
extension QLinearMatMul: Multiplying {}

extension Gemm: MultiplyAdding {
  package func multiplyAdds(_ inputs: [TensorType?], _ outputs: [TensorType?]) -> Int? {
    let a = inputs[dims: 0]
    return .product((transposesA ? a?.first : a?.last).map { [$0] }, outputs[dims: 0])
  }
}

/// Factors are joined one after the other, as `Einsum` computes them; letters that a lone factor has are added up first.
extension Einsum: MultiplyAdding {
  package func multiplyAdds(_ inputs: [TensorType?], _ outputs: [TensorType?]) -> Int? {
    let shapes = inputs.map { $0?.dims }
    guard let terms = try? EinsumTerms(equation, ranks: shapes.map { $0?.count ?? 0 }) else { return nil }
    var sizes: [EinsumTerms.Label: Dim] = [:]
    for (labels, dims) in zip(terms.inputs, shapes) {
      guard let dims else { return nil }
      for (label, dim) in zip(labels, dims) where sizes[label] ?? .known(1) == .known(1) { sizes[label] = dim }
    }
    var rest = terms.inputs.map(Set.init)[...]
    guard var joined = rest.popFirst() else { return nil }
    var sum = 0
    while let next = rest.popFirst() {
      let needed = rest.reduce(into: Set(terms.output)) { $0.formUnion($1) }
      let all = joined.union(next).filter { needed.contains($0) || joined.contains($0) && next.contains($0) }
      guard let count = Int.product(all.map { sizes[$0] ?? .unknown }),
        case let (total, overflow) = sum.addingReportingOverflow(count), !overflow
      else { return nil }
      sum = total
      joined = all.intersection(needed)
    }
    return sum
  }
}

extension Recurrent {
  /// In every step of every sample each weight takes part once.
  package func multiplyAdds(_ inputs: [TensorType?], _ outputs: [TensorType?]) -> Int? {
    guard let w = Int.product(inputs[dims: 1]), let r = Int.product(inputs[dims: 2]),
      let steps = Int.product(inputs[dims: 0].map { Array($0.prefix(2)) }),
      case let (weights, tooMany) = w.addingReportingOverflow(r), !tooMany,
      case let (count, overflow) = weights.multipliedReportingOverflow(by: steps), !overflow
    else { return nil }
    return count
  }
}

extension RNN: MultiplyAdding {}
extension LSTM: MultiplyAdding {}
extension GRU: MultiplyAdding {}

/// The products of queries with keys, and of weights with values; a mask takes nothing off.
extension Attention: MultiplyAdding {
  package func multiplyAdds(_ inputs: [TensorType?], _ outputs: [TensorType?]) -> Int? {
    func places(_ index: Int) -> Dim? {
      guard let dims = inputs[dims: index], dims.count > 2 else { return nil }
      return dims[dims.count - 2]
    }
    let keys = [Shapes.sum(places(1), inputs.indices.contains(4) && inputs[4] != nil ? places(4) : .known(0))]
    guard let scores = Int.product(inputs[dims: 0], keys), let values = Int.product(outputs[dims: 0], keys),
      case let (sum, overflow) = scores.addingReportingOverflow(values), !overflow
    else { return nil }
    return sum
  }
}
