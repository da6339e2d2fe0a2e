/// A Swift type that a tensor can be made of and read as.
public protocol Scalar: BitwiseCopyable, Sendable {
  static var dtype: DType { get }
}

extension Float: Scalar { public static var dtype: DType { .float32 } }
extension Double: Scalar { public static var dtype: DType { .float64 } }
extension Float16: Scalar { public static var dtype: DType { .float16 } }
extension Bool: Scalar { public static var dtype: DType { .bool } }
extension Int: Scalar { public static var dtype: DType { .int64 } }
extension Int64: Scalar { public static var dtype: DType { .int64 } }
extension Int32: Scalar { public static var dtype: DType { .int32 } }
extension Int16: Scalar { public static var dtype: DType { .int16 } }
extension Int8: Scalar { public static var dtype: DType { .int8 } }
extension UInt8: Scalar { public static var dtype: DType { .uint8 } }
extension UInt16: Scalar { public static var dtype: DType { .uint16 } }
extension UInt32: Scalar { public static var dtype: DType { .uint32 } }
extension UInt64: Scalar { public static var dtype: DType { .uint64 } }
