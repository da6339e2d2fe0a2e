/// The element types of ONNX, with `TensorProto.DataType`'s numbers as raw values.
///
/// `float32`, `float64`, `int32`, `int64` and `bool` have loops of their own; the other types are held, read and
/// written, and converted at a kernel's edge.
public enum DType: Int32, Hashable, Sendable, CaseIterable {
  case float32 = 1
  case uint8 = 2
  case int8 = 3
  case uint16 = 4
  case int16 = 5
  case int32 = 6
  case int64 = 7
  case string = 8
  case bool = 9
  case float16 = 10
  case float64 = 11
  case uint32 = 12
  case uint64 = 13
  case complex64 = 14
  case complex128 = 15
  case bfloat16 = 16
  case float8e4m3fn = 17
  case float8e4m3fnuz = 18
  case float8e5m2 = 19
  case float8e5m2fnuz = 20
  case uint4 = 21
  case int4 = 22
  case float4e2m1 = 23
  case float8e8m0 = 24
  case uint2 = 25
  case int2 = 26
}

extension DType {
  /// The width of one element in a packed payload, in bits; 0 for `string`.
  public var bitWidth: Int {
    switch self {
    case .string: 0
    case .uint2, .int2: 2
    case .uint4, .int4, .float4e2m1: 4
    case .uint8, .int8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0: 8
    case .uint16, .int16, .float16, .bfloat16: 16
    case .float32, .int32, .uint32: 32
    case .float64, .int64, .uint64, .complex64: 64
    case .complex128: 128
    }
  }

  /// The bytes one element takes in memory: types narrower than a byte are unpacked to one byte each; 0 for `string`.
  public var itemSize: Int { (bitWidth + 7) / 8 }

  /// Whether gradients can flow through values of this type.
  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz,
      .float4e2m1, .float8e8m0:
      true
    default: false
    }
  }

  /// Whether values of this type are whole numbers; false for `bool`.
  public var isInteger: Bool {
    switch self {
    case .uint8, .int8, .uint16, .int16, .int32, .int64, .uint32, .uint64, .uint4, .int4, .uint2, .int2: true
    default: false
    }
  }

  /// The bytes that `count` elements of a packed payload take, the last one filled up.
  ///
  /// - Returns: nil when the number does not fit, or the type is `string`.
  public func byteCount(of count: Int) -> Int? {
    guard self != .string, count >= 0 else { return nil }
    let (bits, overflow) = count.multipliedReportingOverflow(by: bitWidth)
    guard !overflow, bits <= Int.max - 7 else { return nil }
    return (bits + 7) / 8
  }

  /// The number of elements in a tensor of the given dimensions.
  ///
  /// - Returns: nil when a dimension is negative, or the product of those that are not 0, at 16 bytes an element,
  ///   overflows: no stride or byte count of a tensor then does. An empty list gives 1, a scalar's count.
  public static func elementCount(of dims: some Sequence<Int>) -> Int? {
    var count = 1
    var hasZero = false
    for dim in dims {
      guard dim >= 0 else { return nil }
      if dim == 0 { hasZero = true }
      let (product, overflow) = count.multipliedReportingOverflow(by: max(dim, 1))
      if overflow || product > Int.max / 16 { return nil }
      count = product
    }
    return hasZero ? 0 : count
  }
}
