import ThawTensor
import ThawTypes

/// The shapes of a graph's values at one choice of sizes.
///
/// Dimensions that vary get a number each. Small numbers that follow from shapes and constants are computed, so that
/// the Shape, Gather, Concat and Reshape chains of exporters resolve. A value whose shape was replaced is taken as it
/// was told, and what is computed from it counts as affected: nothing that the file declares of it is believed.
struct ShapeTrial {
  private let graph: Graph
  private(set) var types: [Graph.ValueIndex: TensorType] = [:]
  private(set) var numbers: [Graph.ValueIndex: Tensor] = [:]
  /// The values that depend on a replaced one.
  private(set) var affected: Set<Graph.ValueIndex>
  /// The nodes after a replaced value that do not take their inputs' shapes, in order.
  private(set) var failures: [Int] = []

  /// - Parameter given: values that are the same whatever the sizes.
  init(
    _ graph: Graph, replacing replaced: [Graph.ValueIndex: TensorType] = [:],
    given: [Graph.ValueIndex: Tensor] = [:]
  ) {
    self.graph = graph
    affected = Set(replaced.keys)
    var sizes = TrialSizes()
    for input in graph.inputs {
      if let type = graph.values[input].type?.tensor { types[input] = sizes.trial(type) }
    }
    for (index, initial) in graph.initials {
      switch initial {
      case .parameter(let parameter): types[index] = parameter.type
      case .constant(let stored):
        types[index] = stored.type
        if (stored.type?.shape?.reduce(1, *) ?? .max) <= Self.smallCount { numbers[index] = try? stored.tensor() }
      }
    }
    types.merge(given.mapValues(\.type)) { $1 }
    for (index, tensor) in given { numbers[index] = tensor.count <= Self.smallCount ? tensor : nil }
    types.merge(replaced) { $1 }
    for index in graph.nodes.indices { infer(index, replaced) }
  }

  private static let smallCount = 1024

  private mutating func infer(_ index: Int, _ replaced: [Graph.ValueIndex: TensorType]) {
    let node = graph.nodes[index]
    let isAffected = node.inputs.contains { $0.map(affected.contains) ?? false }
    if isAffected { affected.formUnion(node.outputs.compactMap { $0 }) }
    do {
      for (output, type) in zip(node.outputs, try outputTypes(of: node)) {
        guard let output, replaced[output] == nil else { continue }
        types[output] = type
      }
      try compute(node)
    } catch {
      for case let output? in node.outputs where replaced[output] == nil && !isAffected {
        types[output] = graph.values[output].type?.tensor.flatMap { $0.shape == nil ? nil : $0 }
      }
      if isAffected { failures.append(index) }
    }
  }

  private func outputTypes(of node: Graph.Node) throws -> [TensorType?] {
    guard let operation = node.operation.known else {
      throw ModelError(.unsupported, "Thaw has no kernel for \(node.opType)")
    }
    let inputs = try node.inputs.map { input -> ValueType? in
      guard let input else { return nil }
      guard let type = types[input] else {
        throw ModelError(.type, "the shape of '\(graph.values[input].name)' is not known")
      }
      return .tensor(type)
    }
    let known = KnownValues(node.inputs.map { $0.flatMap { numbers[$0] } })
    return try operation.outputTypes(inputs, known: known).map { type in
      guard let type = type.tensor, type.shape != nil else {
        throw ModelError(.type, "the shape of what it gives depends on numbers that are not known")
      }
      return type
    }
  }

  private mutating func compute(_ node: Graph.Node) throws {
    guard let primitive = node.operation.known as? any Primitive,
      node.outputs.allSatisfy({ output in
        guard let output else { return true }
        return (types[output]?.shape?.reduce(1, *) ?? .max) <= Self.smallCount
      })
    else { return }
    let inputs: [Tensor?]
    if primitive is Shape, let shape = node.inputs.first.flatMap({ $0 }).flatMap({ types[$0]?.shape }) {
      inputs = [try Tensor.full(shape, 0)]
    } else {
      inputs = node.inputs.map { $0.flatMap { numbers[$0] } }
      guard zip(node.inputs, inputs).allSatisfy({ $0 == nil || $1 != nil }) else { return }
    }
    let outputs = try noGrad { try primitive.forward(inputs.map { $0.map(Value.tensor) }, wanted: .all) }
    for (output, value) in zip(node.outputs, outputs) {
      if let output { numbers[output] = value?.tensor }
    }
  }
}

/// Numbers for dimensions that vary: the same for the same name.
private struct TrialSizes {
  private var named: [String: Int] = [:]
  private var count = 0

  mutating func trial(_ type: TensorType) -> TensorType {
    guard let dims = type.dims else { return type }
    return TensorType(
      type.dtype,
      dims.enumerated().map { axis, dim -> Dim in
        switch dim {
        case .known: return dim
        case .symbol(let name):
          let size = named[name] ?? next(axis)
          named[name] = size
          return .known(size)
        case .unknown: return .known(next(axis))
        }
      })
  }

  /// Batches are prime, so that they hide in no other number; what may be an image's side halves often.
  private mutating func next(_ axis: Int) -> Int {
    defer { count += 1 }
    return axis == 0 ? [53, 59, 61, 67][count % 4] : 224 + 32 * (count % 4)
  }
}
