import ThawTensor

/// Holds what a caller gives against what a graph declares.
struct InputBinding {
  private let graph: Graph
  /// Whether an input's first axis may be of another size than the number the graph declares.
  private let isBatchFree: Bool

  init(_ graph: Graph, isBatchFree: Bool = false) {
    self.graph = graph
    self.isBatchFree = isBatchFree
  }

  /// The inputs by value index.
  ///
  /// - Throws: `ModelError` of kind `name` for one that is missing or unknown, `type` for one that does not fit.
  func bind(_ inputs: [String: Value]) throws -> [Graph.ValueIndex: Value] {
    for index in graph.inputs where inputs[graph.values[index].name] == nil {
      throw ModelError(
        .name,
        "the input '\(graph.values[index].name)' is missing" + (graph.values[index].type.map { " (\($0))" } ?? "")
          + "; given: \(list(inputs.keys))")
    }
    return try bindSome(inputs)
  }

  /// Some of the inputs by value index; see `bind(_:)`.
  func bindSome(_ inputs: [String: Value]) throws -> [Graph.ValueIndex: Value] {
    var bound: [Graph.ValueIndex: Value] = [:]
    var symbols: [String: (size: Int, input: String)] = [:]
    for index in graph.inputs + graph.optionalInputs {
      let name = graph.values[index].name
      guard let value = inputs[name] else { continue }
      if let declared = graph.values[index].type { try check(value, declared, name, &symbols) }
      bound[index] = value
    }
    let names = Set(bound.keys.map { graph.values[$0].name })
    if let unknown = inputs.keys.sorted().first(where: { !names.contains($0) }) {
      let optional = graph.optionalInputs.count
      throw ModelError(
        .name,
        "the model has no input '\(unknown)'; it has \(list(graph.inputs.map { graph.values[$0].name }))"
          + (optional == 0 ? "" : ", and \(optional) with a default"))
    }
    return bound
  }

  private func check(
    _ value: Value, _ declared: ValueType, _ name: String, _ symbols: inout [String: (size: Int, input: String)]
  ) throws {
    guard case .tensor(let type) = declared else { return }
    guard case .tensor(let tensor) = value else {
      throw ModelError(.type, "the input '\(name)' should be \(declared) and is \(value.type)")
    }
    guard tensor.dtype == type.dtype else {
      throw ModelError(
        .type, "the input '\(name)' should be \(type) and is \(tensor.type): convert it to \(type.dtype)")
    }
    guard let dims = type.dims else { return }
    guard dims.count == tensor.rank else {
      throw ModelError(.type, "the input '\(name)' should be \(type), of rank \(dims.count), and is \(tensor.type)")
    }
    for (axis, dim) in dims.enumerated() {
      let size = tensor.shape[axis]
      switch dim {
      case .known(let expected) where expected != size && !(axis == 0 && isBatchFree):
        throw ModelError(
          .type, "the input '\(name)' should be \(type) and is \(tensor.type): axis \(axis) should be \(expected)")
      case .symbol(let symbol):
        if let earlier = symbols[symbol], earlier.size != size {
          throw ModelError(
            .type,
            "the input '\(name)' has \(size) for '\(symbol)' (axis \(axis)), and '\(earlier.input)' has "
              + "\(earlier.size)")
        }
        symbols[symbol] = (size, name)
      default: break
      }
    }
  }

  private func list(_ names: some Sequence<String>) -> String {
    let names = names.sorted()
    return names.isEmpty ? "nothing" : names.map { "'\($0)'" }.joined(separator: ", ")
  }
}
