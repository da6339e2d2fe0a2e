import ThawTensor
import ThawTypes

extension Graph {
  /// The types of values, declared or, where the file does not say, as the operators tell them; no size is made up.
  func inferredTypes() -> [ValueIndex: ValueType] {
    var types: [ValueIndex: ValueType] = [:]
    for (index, value) in values.enumerated() { types[index] = value.type }
    for (index, initial) in initials {
      switch initial {
      case .parameter(let parameter): types[index] = .tensor(parameter.type)
      case .constant(let stored): types[index] = stored.type.map(ValueType.tensor)
      }
    }
    for node in nodes where node.outputs.contains(where: { $0.map { types[$0] == nil } ?? false }) {
      guard let operation = node.operation.known else { continue }
      let known = KnownValues(node.inputs.map { $0.flatMap(smallConstant) })
      guard let results = try? operation.outputTypes(node.inputs.map { $0.flatMap { types[$0] } }, known: known) else {
        continue
      }
      for (output, type) in zip(node.outputs, results) {
        if let output, types[output] == nil { types[output] = type }
      }
    }
    return types
  }

  /// A constant of so few elements that it can be a shape.
  private func smallConstant(_ index: ValueIndex) -> Tensor? {
    guard case .constant(let stored)? = initials[index], (stored.type?.shape?.reduce(1, *) ?? .max) <= 1024 else {
      return nil
    }
    return try? stored.tensor()
  }
}
