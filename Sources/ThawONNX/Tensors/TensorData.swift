public import ThawTypes

/// The elements of a tensor with their type and dimensions, from whichever carrier or file they came.
///
/// Numbers are bytes: row-major, little-endian, types narrower than a byte packed with the first element in the lowest
/// bits. Strings are byte strings, which need not be UTF-8.
public struct TensorData: Equatable, Sendable {
  /// What the elements are kept as.
  public enum Elements: Equatable, Sendable {
    /// Numbers.
    case bytes(ByteRegion)
    /// Strings.
    case strings([[UInt8]])
  }

  /// The type of the elements.
  public let dtype: DType
  /// The dimensions; none for a scalar.
  public let dims: [Int]
  /// The elements.
  public let elements: Elements
  /// The number of elements.
  public let count: Int

  /// Makes a tensor of numbers from the bytes of its elements.
  ///
  /// - Throws: ``TensorDataError`` when the bytes do not fit dimensions and type, or the type is `string`.
  public init(_ dtype: DType, _ dims: [Int], bytes: ByteRegion) throws(TensorDataError) {
    guard dtype != .string else { throw TensorDataError(.otherType, expected: "a type of numbers", found: "string") }
    count = try TensorData.count(of: dims)
    guard let size = dtype.byteCount(of: count) else {
      throw TensorDataError(.sizeOverflow, found: "\(dims) of \(dtype)")
    }
    guard size == bytes.count else {
      throw TensorDataError(
        .wrongByteCount, expected: "\(size) bytes for \(dims) of \(dtype)", found: "\(bytes.count)")
    }
    self.dtype = dtype
    self.dims = dims
    elements = .bytes(bytes)
  }

  /// Makes a tensor of strings.
  ///
  /// - Throws: ``TensorDataError`` when their number does not fit the dimensions.
  public init(_ dims: [Int], strings: [[UInt8]]) throws(TensorDataError) {
    count = try TensorData.count(of: dims)
    guard count == strings.count else {
      throw TensorDataError(.wrongElementCount, expected: "\(count) strings for \(dims)", found: "\(strings.count)")
    }
    dtype = .string
    self.dims = dims
    elements = .strings(strings)
  }

  /// The bytes of the elements, nil for strings.
  public var bytes: ByteRegion? {
    switch elements {
    case .bytes(let region): region
    case .strings: nil
    }
  }

  /// The elements of a tensor of strings, nil for numbers.
  public var strings: [[UInt8]]? {
    switch elements {
    case .bytes: nil
    case .strings(let strings): strings
    }
  }

  private static func count(of dims: [Int]) throws(TensorDataError) -> Int {
    if let negative = dims.first(where: { $0 < 0 }) {
      throw TensorDataError(.negativeDimension, found: "\(negative) in \(dims)")
    }
    guard let count = DType.elementCount(of: dims) else { throw TensorDataError(.sizeOverflow, found: "\(dims)") }
    return count
  }
}
