import ThawTypes

/// Sums of products of elements, as an equation says (ONNX Einsum-12, 28; Einstein's convention).
///
/// Factors are joined one after the other, each pair by a matrix product over the letters that are no longer needed.
public struct Einsum: Composite {
  public let equation: String

  public init(_ equation: String) { self.equation = equation }

  public static let schema = Schema(
    "Einsum", versions: [12, 28], inputs: [Input("Inputs", variadic: true)], outputs: [Output("Output")],
    batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(try node.required("equation", try node.string("equation")))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["equation": .text(equation)] }

  /// The axis of the samples has one label, which the result has too.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    guard let terms = try? EinsumTerms(equation, ranks: batch.inputs.indices.map { batch.shape($0).count }) else {
      return batch.mixed
    }
    let labels = batch.inputs.indices.compactMap { index in batch[index].map { terms.inputs[index][$0] } }
    guard let label = labels.first, labels.allSatisfy({ $0 == label }),
      batch.inputs.indices.allSatisfy({ index in
        let places = terms.inputs[index].indices.filter { terms.inputs[index][$0] == label }
        if let axis = batch[index] { return places == [axis] }
        return places.allSatisfy { batch.isSame(index, fromEnd: terms.inputs[index].count - $0) } && batch.isSame(index)
      })
    else { return batch.mixed }
    return batch.all(terms.output.firstIndex(of: label))
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let types = try inputs.indices.map { try tensorType(inputs, $0, of: Self.schema) }
    guard let first = types.first else { throw TensorError(.operand, "Einsum: there are no inputs") }
    if let other = types.first(where: { $0.dtype != first.dtype }) {
      throw TensorError(
        .dtype,
        "Einsum: the inputs are \(first.dtype) and \(other.dtype); ONNX has no promotion: cast one with Cast (cast(to:))"
      )
    }
    guard types.allSatisfy({ $0.dims != nil }) else { return [.tensor(TensorType(first.dtype, nil))] }
    let terms = try EinsumTerms(equation, ranks: types.map { $0.dims?.count ?? 0 })
    var dims: [EinsumTerms.Label: Dim] = [:]
    for (labels, type) in zip(terms.inputs, types) {
      for (label, dim) in zip(labels, type.dims ?? []) {
        guard let joined = Shapes.broadcast([dims[label] ?? .known(1)], [dim]) else {
          throw TensorError(
            .shape, "Einsum: in '\(equation)' the axes '\(label)' have the sizes \(dims[label] ?? .unknown) and \(dim)")
        }
        dims[label] = joined[0]
      }
    }
    return [.tensor(TensorType(first.dtype, terms.output.map { dims[$0] ?? .unknown }))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let tensors = try inputs.indices.map { try tensor(inputs, $0, of: Self.schema) }
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let terms = try EinsumTerms(equation, ranks: tensors.map(\.rank))
    var factors = zip(tensors, terms.inputs).map { EinsumFactor($0, $1).withoutRepeats() }
    var result = factors.removeFirst()
    while !factors.isEmpty {
      let next = factors.removeFirst()
      let needed = Set(terms.output + factors.flatMap(\.labels))
      result = result.joined(with: next, keeping: needed)
    }
    return [.tensor(result.summed(keeping: Set(terms.output)).arranged(terms.output))]
  }
}

/// An equation taken apart: a label for each axis of each input, and those of the output.
struct EinsumTerms {
  /// A letter, or an axis that an ellipsis stands for, counted from the last.
  enum Label: Hashable, CustomStringConvertible {
    case letter(Character)
    case ellipsis(Int)

    var description: String {
      switch self {
      case .letter(let letter): "\(letter)"
      case .ellipsis: "..."
      }
    }
  }

  private(set) var inputs: [[Label]] = []
  private(set) var output: [Label] = []

  /// - Throws: `TensorError` of kind `operand` when the equation is none, or does not fit tensors of these ranks.
  init(_ equation: String, ranks: [Int]) throws {
    func wrong(_ reason: String) -> TensorError {
      TensorError(.operand, "Einsum: the equation '\(equation)' \(reason)")
    }
    let text = equation.filter { $0 != " " }
    let sides = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 1 || sides[1].first == ">" else { throw wrong("has a '-' that does not begin an arrow") }
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == ranks.count else { throw wrong("has \(terms.count) terms for \(ranks.count) inputs") }
    func labels(_ term: Substring, ellipsis: Int?) throws -> [Label] {
      let parts = try Self.parts(of: term, or: wrong("holds more than one ellipsis in '\(term)'"))
      guard (parts.0 + parts.1).allSatisfy({ $0.isASCII && $0.isLetter }) else {
        throw wrong("may hold letters and one ellipsis in each term, and has '\(term)'")
      }
      let covered = parts.hasEllipsis ? ellipsis ?? 0 : 0
      return parts.0.map(Label.letter) + (0..<max(0, covered)).reversed().map(Label.ellipsis)
        + parts.1.map(Label.letter)
    }
    for (term, rank) in zip(terms, ranks) {
      let letters = term.filter { $0 != "." }.count
      let list = try labels(term, ellipsis: rank - letters)
      guard list.count == rank else { throw wrong("names \(letters) axes in '\(term)', and the input has \(rank)") }
      inputs.append(list)
    }
    let all = inputs.flatMap { $0 }
    let ellipsis = Set(all.compactMap { if case .ellipsis(let axis) = $0 { axis } else { nil } })
    if sides.count == 2 {
      output = try labels(sides[1].dropFirst(), ellipsis: ellipsis.count)
    } else {
      let once = Set(all.filter { label in all.count { $0 == label } == 1 })
      let letters = once.compactMap { if case .letter(let letter) = $0 { letter } else { nil } }.sorted()
      output = ellipsis.sorted(by: >).map(Label.ellipsis) + letters.map(Label.letter)
    }
    guard Set(output).count == output.count, Set(output).isSubset(of: all) else {
      throw wrong("may name each axis of an input once in its result")
    }
  }

  /// What stands before and after an ellipsis.
  private static func parts(
    of term: Substring, or error: TensorError
  ) throws -> ([Character], [Character], hasEllipsis: Bool) {
    guard let first = term.firstIndex(of: ".") else { return (Array(term), [], false) }
    let rest = term[first...]
    guard rest.hasPrefix("..."), !rest.dropFirst(3).contains(".") else { throw error }
    return (Array(term[..<first]), Array(rest.dropFirst(3)), true)
  }
}

/// A tensor with a label for each axis.
private struct EinsumFactor {
  let tensor: Tensor
  let labels: [EinsumTerms.Label]

  init(_ tensor: Tensor, _ labels: [EinsumTerms.Label]) { (self.tensor, self.labels) = (tensor, labels) }

  /// Of axes with one label the diagonal.
  func withoutRepeats() -> EinsumFactor {
    for (second, label) in labels.enumerated() {
      guard let first = labels[..<second].firstIndex(of: label) else { continue }
      let after = labels.count - 1 - second
      let places = Tensor.range(tensor.shapeTensor().gather(Tensor(second)))
        .reshaped(to: [-1] + [Int](repeating: 1, count: after))
      let others = Tensor.range(tensor.shapeTensor().gather(Tensor(first)))
        .reshaped(to: [-1] + [Int](repeating: 1, count: labels.count - 1 - first))
      let diagonal = Tensor.where(places .== others, tensor, 0).sum(axes: [second])
      var rest = labels
      rest.remove(at: second)
      return EinsumFactor(diagonal, rest).withoutRepeats()
    }
    return self
  }

  func summed(keeping kept: Set<EinsumTerms.Label>) -> EinsumFactor {
    let axes = labels.indices.filter { !kept.contains(labels[$0]) }
    return axes.isEmpty ? self : EinsumFactor(tensor.sum(axes: axes), labels.filter(kept.contains))
  }

  func arranged(_ order: [EinsumTerms.Label]) -> Tensor {
    let permutation = order.compactMap { labels.firstIndex(of: $0) }
    return permutation == Array(labels.indices) ? tensor : tensor.transposed(permutation)
  }

  /// This factor with an axis for each label, of size 1 where it has none.
  private func spread(_ order: [EinsumTerms.Label]) -> Tensor {
    let missing = order.indices.filter { !labels.contains(order[$0]) }
    let arranged = arranged(order.filter(labels.contains))
    return missing.isEmpty ? arranged : arranged.unsqueezed(axes: missing)
  }

  /// The product with another factor, summed over the labels that nothing needs any more.
  func joined(with other: EinsumFactor, keeping needed: Set<EinsumTerms.Label>) -> EinsumFactor {
    let left = summed(keeping: needed.union(other.labels))
    let right = other.summed(keeping: needed.union(labels))
    let shared = left.labels.filter(right.labels.contains)
    let contracted = shared.filter { !needed.contains($0) }
    let batch = shared.filter(needed.contains)
    let (rows, columns) = (left.labels.filter { !shared.contains($0) }, right.labels.filter { !shared.contains($0) })
    let labels = batch + rows + columns
    if contracted.isEmpty {
      return EinsumFactor(left.spread(labels) * right.spread(labels), labels)
    }
    let sizes = left.arranged(batch + rows + contracted).shapeTensor()
    let otherSizes = right.arranged(batch + contracted + columns).shapeTensor()
    func count(_ range: Range<Int>, of sizes: Tensor) -> Tensor { sizes.slice([range]).product().unsqueezed(axes: [0]) }
    let (b, r, k) = (batch.count, rows.count, contracted.count)
    // An axis of size 1 on one side, as an ellipsis may have, is repeated by the product.
    let depth = Tensor([-1])
    let matrix = left.arranged(batch + rows + contracted)
      .reshapedKeepingZeros(
        .concat([sizes.slice([0..<b]), count(b..<(b + r), of: sizes), depth]), spare: (b + r)..<(b + r + k))
    let otherMatrix = right.arranged(batch + contracted + columns)
      .reshapedKeepingZeros(
        .concat([otherSizes.slice([0..<b]), depth, count((b + k)..<(b + k + columns.count), of: otherSizes)]),
        spare: b..<(b + k))
    let product = matrix.matmul(otherMatrix)
    let batchSizes = product.shapeTensor().slice([0..<b])
    let shape = Tensor.concat([
      batchSizes, sizes.slice([b..<(b + r)]), otherSizes.slice([(b + k)..<(b + k + columns.count)]),
    ])
    return EinsumFactor(.catching { try apply(Reshape(allowsZero: true), to: product, shape) }, labels)
  }
}

extension Tensor {
  /// This tensor in a shape in which the axes `spare` became one, whose size stands as -1.
  fileprivate func reshapedKeepingZeros(_ shape: Tensor, spare: Range<Int>) -> Tensor {
    .catching {
      let size = shapeTensor().slice([spare]).product().unsqueezed(axes: [0])
      return try apply(Reshape(allowsZero: true), to: self, Tensor.where(shape .== -1, size, shape))
    }
  }

  /// Sums of products of elements, as an equation says; see `Einsum`.
  public static func einsum(_ equation: String, _ factors: Tensor...) -> Tensor {
    .catching {
      guard let result = try apply(Einsum(equation), to: factors.map(Value.tensor))[0]?.tensor else {
        throw TensorError(.internal, "Einsum gave no tensor")
      }
      return result
    }
  }
}
