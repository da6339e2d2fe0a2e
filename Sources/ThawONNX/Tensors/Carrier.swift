internal import ThawTypes

/// The fields of a `TensorProto` that can hold elements.
enum Carrier: String, CaseIterable {
  case raw = "raw_data"
  case floats = "float_data"
  case int32s = "int32_data"
  case strings = "string_data"
  case int64s = "int64_data"
  case doubles = "double_data"
  case uint64s = "uint64_data"

  /// The typed field for elements of a type.
  static func typed(for dtype: DType) -> Carrier {
    switch dtype {
    case .float32, .complex64: .floats
    case .float64, .complex128: .doubles
    case .int64: .int64s
    case .uint32, .uint64: .uint64s
    case .string: .strings
    case .int32, .int16, .int8, .int4, .int2, .uint16, .uint8, .uint4, .uint2, .bool, .float16, .bfloat16,
      .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0, .float4e2m1:
      .int32s
    }
  }

  /// How many entries of the typed field hold `count` elements: complex numbers take two each, and entries of
  /// `int32_data` hold two or four of the types narrower than a byte.
  static func entries(for count: Int, of dtype: DType) -> Int {
    switch dtype {
    case .complex64, .complex128: count &* 2
    default: dtype.bitWidth > 0 && dtype.bitWidth < 8 ? dtype.byteCount(of: count) ?? count : count
    }
  }
}

extension TensorProto {
  /// The carriers that are in use. An empty `raw_data` counts, an empty list does not: it leaves no trace in a file.
  var carriers: [Carrier] {
    Carrier.allCases.filter { $0 == .raw ? rawData != nil : entries(in: $0) > 0 }
  }

  /// The number of entries in a typed field.
  func entries(in carrier: Carrier) -> Int {
    switch carrier {
    case .raw: 0
    case .floats: floatData.count
    case .int32s: int32Data.count
    case .strings: stringData.count
    case .int64s: int64Data.count
    case .doubles: doubleData.count
    case .uint64s: uint64Data.count
    }
  }

  mutating func clearCarriers() {
    rawData = nil
    floatData = []
    int32Data = []
    stringData = []
    int64Data = []
    doubleData = []
    uint64Data = []
  }
}
