import ThawTensor
import ThawTypes

extension ValueType {
  /// The type with what sizes in trials tell of its open dimensions.
  func identified(by trials: [ValueType?], _ sizes: TrialSizes) -> ValueType {
    guard case .tensor(var type) = self else { return self }
    let shapes = trials.map { $0?.tensor?.dims }
    let ranks = Set(shapes.compactMap { $0?.count })
    if type.dims == nil, shapes.allSatisfy({ $0 != nil }), ranks.count == 1, let rank = ranks.first {
      type.dims = Array(repeating: .unknown, count: rank)
    }
    guard let dims = type.dims else { return self }
    type.dims = dims.enumerated().map { axis, dim in
      guard dim == .unknown else { return dim }
      return sizes.dim(of: shapes.map { $0?.count == dims.count ? $0?[axis].value : nil })
    }
    return .tensor(type)
  }

  /// The type in each trial: what is known and named has its sizes, what is not keeps those it had there, or gets new
  /// ones.
  func trials(keeping former: [ValueType?], _ sizes: TrialSizes) -> [ValueType] {
    switch self {
    case .tensor(let type): type.trials(keeping: former.map { $0?.tensor?.dims }, sizes).map(ValueType.tensor)
    case .sparseTensor(let type):
      type.trials(keeping: former.map { _ in nil }, sizes).map(ValueType.sparseTensor)
    case .sequence, .map, .optional: former.map { _ in self }
    }
  }

  /// What two statements about a value say together: inferred, and declared by the file.
  ///
  /// A name that was inferred stays, whatever the file says in its place.
  ///
  /// - Parameter isCredible: whether the file's name of a dimension is believed where nothing else is known.
  /// - Returns: nil when they contradict each other.
  func merged(withDeclared other: ValueType, isCredible: (String, _ axis: Int) -> Bool) -> ValueType? {
    switch (self, other) {
    case (.tensor(let type), .tensor(let declared)):
      type.merged(withDeclared: declared, isCredible: isCredible).map(ValueType.tensor)
    case (.sparseTensor(let type), .sparseTensor(let declared)):
      type.merged(withDeclared: declared, isCredible: isCredible).map(ValueType.sparseTensor)
    case (.sequence(let type), .sequence(let declared)):
      type.merged(withDeclared: declared) { _, _ in false }.map(ValueType.sequence)
    case (.optional(let type), .optional(let declared)):
      type.merged(withDeclared: declared) { _, _ in false }.map(ValueType.optional)
    case (.map(let key, let value), .map(let other, let declared)) where key == other:
      value.merged(withDeclared: declared) { _, _ in false }.map { .map(key: key, value: $0) }
    // What a loop hands on may be declared as what it is from the first iteration on.
    case (.optional(let type), _): type.merged(withDeclared: other, isCredible: isCredible)
    default: nil
    }
  }
}

extension TensorType {
  fileprivate func trials(keeping former: [[Dim]?], _ sizes: TrialSizes) -> [TensorType] {
    guard let dims else { return former.map { _ in self } }
    var trials = former.map { _ in [Dim]() }
    for (axis, dim) in dims.enumerated() {
      let own = former.map { $0?.count == dims.count ? $0?[axis].value : nil }
      let chosen: [Int] =
        switch dim {
        case .known(let size): former.map { _ in size }
        case .symbol(let name): sizes.sizes(of: name, axis: axis)
        case .unknown:
          own.allSatisfy { $0 != nil }
            ? own.compactMap { $0 } : zip(own, sizes.fresh(axis: axis)).map { $0 ?? $1 }
        }
      for (trial, size) in chosen.enumerated() { trials[trial].append(.known(size)) }
    }
    return trials.map { TensorType(dtype, $0) }
  }

  fileprivate func merged(withDeclared other: TensorType, isCredible: (String, Int) -> Bool) -> TensorType? {
    guard dtype == other.dtype else { return nil }
    guard let dims else {
      let believed = other.dims?.enumerated().map { axis, dim -> Dim in
        if case .symbol(let name) = dim, !isCredible(name, axis) { .unknown } else { dim }
      }
      return TensorType(dtype, believed)
    }
    guard let others = other.dims else { return self }
    guard dims.count == others.count else { return nil }
    var result = dims
    for (axis, (dim, declared)) in zip(dims, others).enumerated() {
      switch (dim, declared) {
      case (.known(let size), .known(let other)): if size != other { return nil }
      case (.unknown, .known): result[axis] = declared
      case (.unknown, .symbol(let name)): if isCredible(name, axis) { result[axis] = declared }
      case (.known, _), (.symbol, _), (.unknown, .unknown): break
      }
    }
    return TensorType(dtype, result)
  }
}
