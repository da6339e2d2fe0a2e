import ThawTypes

extension Tensor {
  /// The elements row-major, converted to `Element` where the tensor has another numeric type.
  ///
  /// - Throws: `TensorError` of kind `valueNeeded` for a value of a recording, `dtype` for strings.
  public func elements<Element: Scalar>(as type: Element.Type = Element.self) throws -> [Element] {
    if let poison { throw poison }
    if case .traced(let value) = contents {
      if let trial = value.trial { return try trial.elements() }
      throw TensorError(
        .valueNeeded,
        "the numbers of a \(self.type) are not known while it is being recorded; compute with the tensor "
          + "instead of with its numbers")
    }
    guard dtype != .string else {
      throw TensorError(.dtype, "a string tensor has no elements of type \(Element.dtype)")
    }
    let converted = dtype == Element.dtype ? detach() : try noGrad { try apply(Cast(to: Element.dtype), to: self) }
    return try converted.contiguous().withBytes { bytes in
      // The array is nobody's storage, and may be as large.
      let budget = Context.current.budget
      try budget?.take(bytes.count)
      defer { budget?.give(bytes.count) }
      return Array(bytes.bindMemory(to: Element.self))
    }
  }

  /// The integers of a shape, of axes or of indices.
  ///
  /// - Throws: `TensorError` of kind `dtype` when this is not an integer tensor.
  public func integers() throws -> [Int] {
    if let poison { throw poison }
    guard dtype.isInteger else { throw TensorError(.dtype, "expected integers, found a \(dtype) tensor") }
    return try elements(as: Int.self)
  }

  /// The one element as a number.
  ///
  /// - Throws: `TensorError` of kind `shape` when there is not exactly one.
  public func item() throws -> Double {
    if let poison { throw poison }
    guard count == 1 else { throw TensorError(.shape, "item() needs one element, and this tensor's shape is \(shape)") }
    return try elements(as: Double.self)[0]
  }

  /// The byte strings of a string tensor, row-major.
  ///
  /// - Throws: `TensorError` of kind `dtype` for another type.
  public func strings() throws -> [[UInt8]] {
    if let poison { throw poison }
    guard case .strings(let strings) = contents else {
      throw TensorError(.dtype, "expected a string tensor, found \(dtype)")
    }
    return strings
  }

  /// The same elements row-major without gaps; this tensor itself where they are.
  package func contiguous() throws -> Tensor {
    switch contents {
    case .memory where !isContiguous: try copied()
    default: self
    }
  }

  /// Calls `body` with the row-major bytes of a contiguous tensor.
  package func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
    guard case .memory(let storage, let offset, _) = contents, isContiguous else {
      throw TensorError(.internal, "the bytes of a tensor that is not contiguous in memory were asked for")
    }
    if isPlanned { throw KernelCapture.valueNeeded }
    return try withExtendedLifetime(storage) {
      let start = storage.pointer + offset * dtype.itemSize
      return try body(UnsafeRawBufferPointer(start: start, count: count * dtype.itemSize))
    }
  }
}
