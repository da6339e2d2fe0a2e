import ThawTensor

/// Finds out whether a graph's number of samples can be another one than it declares.
struct BatchTrial {
  private let graph: Graph
  private let target: Graph.ValueIndex
  private let given: [Graph.ValueIndex: Tensor]
  /// The inputs with samples along their first axis.
  private let sampled: [(value: Graph.ValueIndex, type: TensorType)]
  /// What holds the number, and what it is.
  private var declared: (size: Int, input: Graph.ValueIndex, isGiven: Bool)?

  /// - Throws: `ModelError` of kind `request` for inputs without samples, or with different numbers of them.
  init(_ graph: Graph, target: Graph.ValueIndex, given: [Graph.ValueIndex: Tensor]) throws {
    self.graph = graph
    self.target = target
    self.given = given
    sampled = graph.inputs.filter { given[$0] == nil }
      .compactMap { index in graph.values[index].type?.tensor.map { (index, $0) } }
    for (index, type) in sampled {
      guard let dims = type.dims else { continue }
      guard let first = dims.first else {
        throw ModelError(
          .request,
          "the input '\(name(index))' (\(type)) has no axis that could count samples: give one value for all "
            + "(--input \(name(index))=VALUE)")
      }
      if let size = first.value { try declare(size, at: index) }
      if case .symbol(let symbol) = first, let (size, input) = givenSize(of: symbol) {
        try declare(size, at: input, isGiven: true)
      }
    }
  }

  /// Groups are filled up to their size, which must not fill the memory too.
  private static let largest = 1 << 16

  private func name(_ index: Graph.ValueIndex) -> String { graph.values[index].name }

  private mutating func declare(_ size: Int, at input: Graph.ValueIndex, isGiven: Bool = false) throws {
    guard (1...Self.largest).contains(size) else {
      throw ModelError(
        .request, "the input '\(name(input))' is for \(size) samples at a time, and Thaw takes 1 to \(Self.largest)")
    }
    if let earlier = declared, earlier.size != size {
      throw ModelError(
        .request,
        "the input '\(name(earlier.input))' is for \(earlier.size) samples, and '\(name(input))' for \(size): give "
          + "what is the same for every sample by itself (--input NAME=VALUE|FILE)")
    }
    if declared == nil || isGiven { declared = (size, input, isGiven) }
  }

  /// The size that a given input has where it declares this symbol.
  private func givenSize(of symbol: String) -> (size: Int, input: Graph.ValueIndex)? {
    for (index, tensor) in given.sorted(by: { $0.key < $1.key }) {
      guard let axis = graph.values[index].type?.tensor?.dims?.firstIndex(of: .symbol(symbol)),
        axis < tensor.rank
      else { continue }
      return (tensor.shape[axis], index)
    }
    return nil
  }

  func size() -> BatchSize {
    guard let declared else { return .any }
    if declared.isGiven {
      return .fixed(declared.size, holder: "the input '\(name(declared.input))', given for all samples,")
    }
    let types = ShapeTrial(graph).types
    func trial(_ size: Int) -> ShapeTrial {
      let replaced = sampled.map { index, type in
        var type = types[index] ?? type
        if type.dims?.isEmpty == false { type.dims?[0] = .known(size) }
        return (index, type)
      }
      return ShapeTrial(graph, replacing: Dictionary(replaced) { first, _ in first }, given: given)
    }
    let others = [11, 13, 17].filter { $0 != declared.size }
    let comparison = BatchComparison(
      graph: graph, target: target, sizes: [declared.size, others[0], others[1]],
      trials: [trial(declared.size), trial(others[0]), trial(others[1])])
    return comparison.holder.map { .fixed(declared.size, holder: $0) } ?? .freed(declared: declared.size)
  }
}
