import ThawTensor
import ThawTypes

extension Model {
  /// Made-up values for all inputs that are not given: to time a model, or to see how it is compiled.
  ///
  /// Floating numbers lie between -1 and 1; whole ones are 0 and 1, which every table has rows for.
  ///
  /// - Parameters:
  ///   - batch: the size of the first axis; what the file declares when nil, and 1 where that is any.
  ///   - sizes: of axes that the file leaves open, by their names in the file.
  ///   - given: values that are known.
  /// - Throws: `ModelError` of kind `type` for an axis without a size, and for values that cannot be made up.
  package func randomInputs(
    batch: Int? = nil, sizes: [String: Int] = [:], given: [String: Tensor] = [:], seed: UInt64 = 0
  ) throws -> [(name: String, tensor: Tensor)] {
    let generator = RandomGenerator(seed: seed)
    return try inputTypes(batch: batch, sizes: sizes, given: given.mapValues(\.type)).map { name, type in
      (name, try given[name] ?? Self.values(type.dtype, type.shape ?? [], name, generator))
    }
  }

  /// The types of all inputs with every size said; see `randomInputs(batch:sizes:given:seed:)`.
  package func inputTypes(
    batch: Int? = nil, sizes: [String: Int] = [:], given: [String: TensorType] = [:]
  ) throws -> [(name: String, type: TensorType)] {
    var known = sizes
    for (name, type) in inputs {
      guard let dims = type?.tensor?.dims else { continue }
      if case .symbol(let symbol)? = dims.first, known[symbol] == nil { known[symbol] = batch ?? 1 }
      guard let shape = given[name]?.shape, shape.count == dims.count else { continue }
      for case (.symbol(let symbol), let size) in zip(dims, shape) { known[symbol] = size }
    }
    return try inputs.map { name, type in
      if let type = given[name] { return (name, type) }
      guard let type = type?.tensor, let dims = type.dims else {
        throw ModelError(.type, "the file does not say what the input '\(name)' is: give it (--input \(name)=FILE)")
      }
      let shape = try dims.enumerated().map { axis, dim in
        if axis == 0, let batch { return batch }
        switch dim {
        case .known(let size): return size
        case .symbol(let symbol):
          if let size = known[symbol] { return size }
          throw ModelError(
            .type,
            "the input '\(name)' (\(type)) leaves the size of axis \(axis) open: give it (--size \(symbol)=NUMBER), or "
              + "the input (--input \(name)=FILE)")
        case .unknown:
          if axis == 0 { return 1 }
          throw ModelError(
            .type,
            "the input '\(name)' (\(type)) leaves the size of axis \(axis) open: give it (--input \(name)=FILE)")
        }
      }
      return (name, TensorType(type.dtype, shape: shape))
    }
  }

  private static func values(
    _ dtype: DType, _ shape: [Int], _ name: String, _ generator: RandomGenerator
  ) throws -> Tensor {
    let numbers = try generator.uniform(shape, from: -1, to: 1)
    return try withErrors {
      switch dtype {
      case .float32: return numbers
      case _ where dtype.isFloatingPoint: return numbers.cast(to: dtype)
      case _ where dtype.isInteger || dtype == .bool: return (numbers .> 0).cast(to: dtype)
      default: throw ModelError(.type, "the input '\(name)' is \(dtype): give it (--input \(name)=VALUE)")
      }
    }
  }
}
