import ThawONNX
import ThawTypes

/// The elements of a tensor as numbers of double precision, read from where they are.
struct NumberView: Sendable {
  let count: Int
  private let bytes: ByteRegion
  private let dtype: DType
  private let size: Int

  /// nil for what holds no plain numbers: strings, complex numbers, floats of 8 bits and less.
  init?(_ data: TensorData) {
    guard let bytes = data.unpacked(), Self.isRead(data.dtype) else { return nil }
    (self.bytes, dtype, count, size) = (bytes, data.dtype, data.count, data.dtype.itemSize)
  }

  private static func isRead(_ dtype: DType) -> Bool {
    switch dtype {
    case .float32, .float64, .float16, .bfloat16, .bool: true
    default: dtype.isInteger
    }
  }

  /// Calls `body` with the address of element `start`, for loops over float32, or nil for another type.
  func withFloats<Result>(from start: Int, _ body: (UnsafeRawPointer) -> Result) -> Result? {
    guard dtype == .float32, let base = bytes.unsafeBytes.baseAddress else { return nil }
    defer { withExtendedLifetime(bytes) {} }
    return body(base + start * 4)
  }

  /// Whether the bytes of a range are those of another view of the same type.
  func isSame(as other: NumberView, in range: Range<Int>) -> Bool {
    guard dtype == other.dtype else { return false }
    let places = range.lowerBound * size..<range.upperBound * size
    return bytes[places].hasBytes(of: other.bytes[places])
  }

  /// Reads a range of elements.
  func read(_ range: Range<Int>, into buffer: UnsafeMutableBufferPointer<Double>) {
    let source = bytes.unsafeBytes
    func convert<Element: BitwiseCopyable>(_: Element.Type, _ double: (Element) -> Double) {
      let size = MemoryLayout<Element>.size
      for (place, index) in range.enumerated() {
        buffer[place] = double(source.loadUnaligned(fromByteOffset: index * size, as: Element.self))
      }
    }
    switch dtype {
    case .float32: convert(Float.self, Double.init)
    case .float64: convert(Double.self) { $0 }
    case .float16: convert(Float16.self, Double.init)
    case .bfloat16: convert(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .int64: convert(Int64.self, Double.init)
    case .int32: convert(Int32.self, Double.init)
    case .int16: convert(Int16.self, Double.init)
    case .int8, .int4, .int2: convert(Int8.self, Double.init)
    case .uint64: convert(UInt64.self, Double.init)
    case .uint32: convert(UInt32.self, Double.init)
    case .uint16: convert(UInt16.self, Double.init)
    default: convert(UInt8.self, Double.init)
    }
    withExtendedLifetime(bytes) {}
  }
}
