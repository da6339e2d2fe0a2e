public import ThawTypes

/// The Swift types whose memory is that of a tensor's element.
public protocol TensorDataElement: BitwiseCopyable, Sendable {
  /// The element type.
  static var dtype: DType { get }
}

extension Float: TensorDataElement {
  /// `float32`.
  public static var dtype: DType { .float32 }
}
extension Double: TensorDataElement {
  /// `float64`.
  public static var dtype: DType { .float64 }
}
extension Int8: TensorDataElement {
  /// `int8`.
  public static var dtype: DType { .int8 }
}
extension Int16: TensorDataElement {
  /// `int16`.
  public static var dtype: DType { .int16 }
}
extension Int32: TensorDataElement {
  /// `int32`.
  public static var dtype: DType { .int32 }
}
extension Int64: TensorDataElement {
  /// `int64`.
  public static var dtype: DType { .int64 }
}
extension UInt8: TensorDataElement {
  /// `uint8`.
  public static var dtype: DType { .uint8 }
}
extension UInt16: TensorDataElement {
  /// `uint16`.
  public static var dtype: DType { .uint16 }
}
extension UInt32: TensorDataElement {
  /// `uint32`.
  public static var dtype: DType { .uint32 }
}
extension UInt64: TensorDataElement {
  /// `uint64`.
  public static var dtype: DType { .uint64 }
}

extension TensorData {
  /// Makes a tensor of numbers.
  ///
  /// - Throws: ``TensorDataError`` when their number does not fit the dimensions.
  public init<Element: TensorDataElement>(_ dims: [Int], _ values: [Element]) throws(TensorDataError) {
    let region = values.withUnsafeBytes { source in
      ByteRegion(count: source.count) { $0.copyMemory(from: source) }
    }
    try self.init(Element.dtype, dims, bytes: region)
  }

  /// The elements as an array.
  ///
  /// - Throws: ``TensorDataError`` when they are of another type.
  public func values<Element: TensorDataElement>(as _: Element.Type = Element.self) throws(TensorDataError) -> [Element]
  {
    guard let bytes, dtype == Element.dtype else {
      throw TensorDataError(.otherType, expected: "\(Element.dtype)", found: "\(dtype)")
    }
    return bytes.withUnsafeBytes { source in
      [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
        initialized = count
      }
    }
  }
}
