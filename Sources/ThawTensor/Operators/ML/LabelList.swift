import ThawTypes

/// The keys or the values of a table of labels.
public enum LabelList: Hashable, Sendable {
  /// int64, or a narrower integer type.
  case integers([Int], DType = .int64)
  /// float32, or float64.
  case floats([Double], DType = .float32)
  case strings([[UInt8]])

  /// Strings, from text.
  public static func texts(_ texts: [String]) -> LabelList { .strings(texts.map { Array($0.utf8) }) }

  public var count: Int {
    switch self {
    case .integers(let list, _): list.count
    case .floats(let list, _): list.count
    case .strings(let list): list.count
    }
  }

  public var dtype: DType {
    switch self {
    case .integers(_, let dtype), .floats(_, let dtype): dtype
    case .strings: .string
    }
  }

  /// - Throws: `TensorError` of kind `unsupported` for a type that no table has.
  init(_ tensor: Tensor, of attribute: String, in name: String) throws {
    switch tensor.dtype {
    case .string: self = .strings(try tensor.strings())
    case .float32, .float64: self = .floats(try tensor.elements(), tensor.dtype)
    case .int64, .int32, .int16: self = .integers(try tensor.integers(), tensor.dtype)
    default:
      throw TensorError(
        .unsupported,
        "\(name): the attribute \(attribute) is \(tensor.type), and should be of strings, float32, float64, int64, "
          + "int32 or int16")
    }
  }

  /// One of them.
  enum Label: Hashable {
    case integer(Int)
    /// Equal numbers are one label, and all NaNs are.
    case float(UInt64)
    case string([UInt8])

    init(_ number: Double) {
      self = .float(number.isNaN ? Double.nan.bitPattern : number == 0 ? 0 : number.bitPattern)
    }
  }

  var labels: [Label] {
    switch self {
    case .integers(let list, _): list.map(Label.integer)
    case .floats(let list, _): list.map(Label.init)
    case .strings(let list): list.map(Label.string)
    }
  }

  /// Those at these places as a tensor.
  func tensor(at places: [Int], shape: [Int]) throws -> Tensor {
    switch self {
    case .integers(let list, let dtype):
      try Tensor(copying: places.map { list[$0] }, shape: shape).numbers(as: dtype)
    case .floats(let list, let dtype):
      try Tensor(copying: places.map { list[$0] }, shape: shape).numbers(as: dtype)
    case .strings(let list): try Tensor(strings: places.map { list[$0] }, shape: shape)
    }
  }

  /// NaN is equal to itself here, so that equal tables are.
  public static func == (left: LabelList, right: LabelList) -> Bool {
    switch (left, right) {
    case (.integers(let a, let type), .integers(let b, let other)): type == other && a == b
    case (.floats(let a, let type), .floats(let b, let other)):
      type == other && a.map(\.bitPattern) == b.map(\.bitPattern)
    case (.strings(let a), .strings(let b)): a == b
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(dtype)
    switch self {
    case .integers(let list, _): hasher.combine(list)
    case .floats(let list, _): hasher.combine(list.map(\.bitPattern))
    case .strings(let list): hasher.combine(list)
    }
  }

  /// All of them as a vector.
  func tensor() throws -> Tensor { try tensor(at: Array(0..<count), shape: [count]) }

  /// These with one more at the end.
  func appending(_ other: LabelList) -> LabelList? {
    switch (self, other) {
    case (.integers(let list, let dtype), .integers(let more, _)): .integers(list + more, dtype)
    case (.floats(let list, let dtype), .floats(let more, _)): .floats(list + more, dtype)
    case (.strings(let list), .strings(let more)): .strings(list + more)
    default: nil
    }
  }
}
