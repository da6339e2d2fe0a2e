import ThawTensor
import ThawTypes

/// What is known of a graph's values under one assumption about its open dimensions: their types, and the few numbers
/// that follow from shapes and constants.
struct World {
  var types: [Graph.ValueIndex: ValueType] = [:]
  var numbers: [Graph.ValueIndex: Tensor] = [:]

  /// Begins with what is there before any node runs. Numbers are those that are few and do not train.
  init(initialsOf graph: Graph) {
    for (index, initial) in graph.initials {
      switch initial {
      case .parameter(let parameter):
        types[index] = .tensor(parameter.type)
        guard parameter.role != .trainable, Self.isSmall(.tensor(parameter.type)) else { continue }
        numbers[index] = try? parameter.value().detach()
      case .constant(let stored):
        guard let type = stored.type else { continue }
        types[index] = .tensor(type)
        if Self.isSmall(.tensor(type)) { numbers[index] = try? stored.tensor() }
      }
    }
  }

  /// Whether a value has so few elements that they are computed for what follows from them.
  static func isSmall(_ type: ValueType) -> Bool {
    guard let shape = type.tensor?.shape, let count = DType.elementCount(of: shape) else { return false }
    return count <= 4096
  }

  /// The types of what a node gives.
  ///
  /// - Throws: `ModelError` of kind `unsupported` or `type` when the operator or an input's type is not known, else the
  ///   operator's error.
  func outputTypes(of node: Graph.Node) throws -> [ValueType] {
    guard let operation = node.operation.known else {
      throw ModelError(.unsupported, "Thaw has no kernel for \(node.opType)")
    }
    let inputs = try node.inputs.map { input -> ValueType? in
      guard let input else { return nil }
      guard let type = types[input] else { throw ModelError(.type, "the type of an input is not known") }
      return type
    }
    return try operation.outputTypes(inputs, known: KnownValues(node.inputs.map { $0.flatMap { numbers[$0] } }))
  }

  /// Computes what a node gives, where it follows from numbers that are known and is little.
  mutating func compute(_ node: Graph.Node) {
    guard let operation = node.operation.known else { return }
    let types = node.inputs.map { $0.flatMap { self.types[$0] } }
    let known = node.inputs.map { $0.flatMap { numbers[$0] } }
    guard zip(node.inputs, known).allSatisfy({ $0 == nil || $1 != nil }) || operation.readsShapesOnly,
      let values = try? operation.following(
        types, known, outputs: node.outputs.map { $0.flatMap { self.types[$0] } })
    else { return }
    for (output, value) in zip(node.outputs, values) {
      if let output { numbers[output] = value }
    }
  }
}

extension Operator {
  /// Whether the numbers it gives follow from its input's type.
  var readsShapesOnly: Bool { self is Shape || self is Size }

  /// The numbers that it gives, where they follow from its inputs' shapes or from numbers that are known, and are few.
  ///
  /// - Parameter outputs: their types; nil for one that is not wanted.
  /// - Returns: nil where they do not follow.
  /// - Throws: the operator's error.
  func following(_ types: [ValueType?], _ known: [Tensor?], outputs: [ValueType?]) throws -> [Tensor?]? {
    guard !draws, !(self is any ControlFlow), outputs.allSatisfy({ $0.map(World.isSmall) ?? true }) else { return nil }
    var inputs = known
    if readsShapesOnly {
      guard let shape = types.first??.tensor?.shape else { return nil }
      inputs = [try Tensor.full(shape, 0)]
    } else if !zip(types, known).allSatisfy({ $0 == nil || $1 != nil }) {
      return nil
    }
    return try Context.with({
      $0.recorder = nil
      $0.capture = nil
      $0.gradMode = false
    }) { try withErrors { try apply(self, to: inputs.map { $0.map(Value.tensor) }) } }.map { $0?.tensor }
  }
}
