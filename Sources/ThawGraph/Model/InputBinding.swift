import ThawTensor

/// Holds what a caller gives against what a graph declares.
struct InputBinding {
  private let graph: Graph

  init(_ graph: Graph) { self.graph = graph }

  /// The inputs by value index.
  ///
  /// - Throws: `ModelError` of kind `name` for one that is missing or unknown, `type` for one that does not fit.
  func bind(_ inputs: [String: Value]) throws -> [Graph.ValueIndex: Value] {
    var bound: [Graph.ValueIndex: Value] = [:]
    var symbols: [String: (size: Int, input: String)] = [:]
    var remaining = inputs
    for index in graph.inputs {
      let name = graph.values[index].name
      guard let value = remaining.removeValue(forKey: name) else {
        throw ModelError(
          .name,
          "the input '\(name)' is missing" + (graph.values[index].type.map { " (\($0))" } ?? "")
            + "; given: \(list(inputs.keys))")
      }
      if let declared = graph.values[index].type { try check(value, declared, name, &symbols) }
      bound[index] = value
    }
    // A file up to IR 3 lists weights among the inputs; whoever gives one replaces it.
    for (name, value) in remaining {
      guard let index = graph.values.firstIndex(where: { $0.name == name }), graph.initials[index] != nil else {
        throw ModelError(
          .name, "the model has no input '\(name)'; it has \(list(graph.inputs.map { graph.values[$0].name }))")
      }
      bound[index] = value
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
      case .known(let expected) where expected != size:
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
