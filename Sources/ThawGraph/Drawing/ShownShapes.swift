import ThawTensor

/// The types of a graph's values as far as the file declares them or they follow from the inputs.
///
/// What follows is found by trying two sizes for every dimension that is left open: what comes out the same is a number,
/// what follows one of them is written with its name.
struct ShownShapes {
  private let graph: Graph
  private let trials: [ShapeTrial]
  private var sizes: [Size] = []

  private struct Size {
    let name: String
    let tried: [Int]
  }

  init(_ graph: Graph) {
    self.graph = graph
    var replaced: [[Graph.ValueIndex: TensorType]] = [[:], [:]]
    var places: [String: Int] = [:]
    for input in graph.inputs {
      guard let type = graph.values[input].type?.tensor, let dims = type.dims else { continue }
      var tried: [[Int]] = [[], []]
      for (axis, dim) in dims.enumerated() {
        if case .known(let size) = dim {
          for trial in tried.indices { tried[trial].append(size) }
          continue
        }
        let name = if case .symbol(let name) = dim { name } else { "?" }
        let place = name == "?" ? nil : places[name]
        if place == nil {
          if name != "?" { places[name] = sizes.count }
          sizes.append(Size(name: name, tried: Self.sizes(sizes.count, axis)))
        }
        let size = sizes[place ?? sizes.count - 1]
        for trial in tried.indices { tried[trial].append(size.tried[trial]) }
      }
      for trial in tried.indices { replaced[trial][input] = TensorType(type.dtype, shape: tried[trial]) }
    }
    trials = replaced.map { ShapeTrial(graph, replacing: $0) }
  }

  /// Batches are primes, what may be an image's side halves often.
  private static func sizes(_ number: Int, _ axis: Int) -> [Int] {
    let place = number % 4
    return axis == 0 ? [[53, 59, 61, 67][place], [71, 73, 79, 83][place]] : [224 + 32 * place, 480 + 64 * place]
  }

  /// The type of a value, nil where nothing is known.
  func type(of value: Graph.ValueIndex) -> ValueType? {
    let declared = graph.values[value].type
    if graph.inputs.contains(value) { return declared }
    guard let declared else { return inferred(value).map(ValueType.tensor) }
    guard let type = declared.tensor else { return declared }
    let names = Set(sizes.map(\.name))
    let isClear = type.dims?.allSatisfy { dim in
      switch dim {
      case .known: true
      case .symbol(let name): names.contains(name)
      case .unknown: false
      }
    }
    if isClear == true { return declared }
    guard let inferred = inferred(value), inferred.dims?.contains(.unknown) == false || type.dims == nil else {
      return declared
    }
    return .tensor(inferred)
  }

  private func inferred(_ value: Graph.ValueIndex) -> TensorType? {
    guard let first = trials[0].types[value], let second = trials[1].types[value] else { return nil }
    guard let one = first.shape, let other = second.shape, one.count == other.count else {
      return TensorType(first.dtype, nil)
    }
    return TensorType(first.dtype, zip(one, other).map(dim))
  }

  private func dim(_ first: Int, _ second: Int) -> Dim {
    if first == second { return .known(first) }
    for size in sizes where size.name != "?" {
      let (one, other) = (size.tried[0], size.tried[1])
      if (first, second) == (one, other) { return .symbol(size.name) }
      if first % one == 0, second == first / one * other { return .symbol("\(first / one)·\(size.name)") }
      if first > 0, one % first == 0, other == one / first * second { return .symbol("\(size.name)/\(one / first)") }
    }
    return .unknown
  }
}
