public import ThawTypes

extension TensorData {
  /// Makes a tensor of numbers.
  ///
  /// - Throws: ``TensorDataError`` when their number does not fit the dimensions.
  public init<Element: Scalar>(_ dims: [Int], _ values: [Element]) throws(TensorDataError) {
    let region = values.withUnsafeBytes { source in
      ByteRegion(count: source.count) { $0.copyMemory(from: source) }
    }
    try self.init(Element.dtype, dims, bytes: region)
  }

  /// The elements as an array.
  ///
  /// - Throws: ``TensorDataError`` when they are of another type, or bytes of a bool tensor are neither 0 nor 1.
  public func values<Element: Scalar>(as _: Element.Type = Element.self) throws(TensorDataError) -> [Element] {
    guard let bytes, dtype == Element.dtype else {
      throw TensorDataError(.otherType, expected: "\(Element.dtype)", found: "\(dtype)")
    }
    // Swift's Bool has no other bytes.
    if dtype == .bool, let other = bytes.withUnsafeBytes({ $0.first { $0 > 1 } }) {
      throw TensorDataError(.otherType, expected: "bytes 0 and 1", found: "\(other)")
    }
    return bytes.withUnsafeBytes { source in
      [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
        initialized = count
      }
    }
  }
}
