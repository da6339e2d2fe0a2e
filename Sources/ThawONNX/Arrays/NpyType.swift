internal import ThawTypes

/// The element type of a `.npy` file: NumPy's `descr`.
enum NpyType: Equatable {
  /// A number.
  case number(DType, isBigEndian: Bool)
  /// Text of a fixed number of code points, four bytes each.
  case unicode(Int, isBigEndian: Bool)
  /// A fixed number of bytes.
  case bytes(Int)

  private static let numbers: [String: DType] = [
    "b1": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8, "u2": .uint16, "u4": .uint32,
    "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64, "c8": .complex64, "c16": .complex128,
  ]

  /// Reads a `descr` such as `<f4`.
  init(_ descr: String) throws(FileError) {
    let order = descr.first ?? " "
    let isBigEndian = order == ">"
    let code = String("<>|=".contains(order) ? descr.dropFirst() : descr[...])
    if let dtype = NpyType.numbers[code] {
      self = .number(dtype, isBigEndian: isBigEndian)
      return
    }
    let width = Int(code.dropFirst()).flatMap { (0...1 << 32).contains($0) ? $0 : nil }
    switch (code.first, width) {
    case ("U", let width?): self = .unicode(width, isBigEndian: isBigEndian)
    case ("S", let width?): self = .bytes(width)
    case ("O", _):
      throw FileError(
        .unsupported, found: "pickled Python objects, which can run any program when they are read",
        advice: "save the array with a number type")
    default:
      throw FileError(
        .unsupported, expected: "numbers, bool or text", found: "the type \(descr)",
        advice: "convert the array before saving it")
    }
  }

  /// The bytes of one element.
  var itemSize: Int {
    switch self {
    case .number(let dtype, _): dtype.itemSize
    case .unicode(let width, _): width * 4
    case .bytes(let width): width
    }
  }

  /// The size of what a byte order applies to.
  var swapSize: Int {
    switch self {
    case .number(.complex64, isBigEndian: true): 4
    case .number(.complex128, isBigEndian: true): 8
    case .number(let dtype, isBigEndian: true): dtype.itemSize
    case .unicode(_, isBigEndian: true): 4
    default: 1
    }
  }

  /// The `descr` of a number type, nil when NumPy has none.
  static func descr(of dtype: DType) -> String? {
    guard let code = numbers.first(where: { $0.value == dtype })?.key else { return nil }
    return (dtype.itemSize == 1 ? "|" : "<") + code
  }
}
