import ThawTypes

/// One dimension of a tensor whose values are not known yet.
public enum Dim: Hashable, Sendable, CustomStringConvertible {
  case known(Int)
  /// A dimension with a name, the same wherever the name stands.
  case symbol(String)
  case unknown

  /// The number, where it is known.
  public var value: Int? { if case .known(let value) = self { value } else { nil } }

  public var description: String {
    switch self {
    case .known(let value): "\(value)"
    case .symbol(let name): name
    case .unknown: "?"
    }
  }
}

/// A tensor's element type and dimensions, as far as they are known.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
  public var dtype: DType
  /// nil when not even the rank is known.
  public var dims: [Dim]?

  public init(_ dtype: DType, _ dims: [Dim]?) {
    self.dtype = dtype
    self.dims = dims
  }

  public init(_ dtype: DType, shape: [Int]) { self.init(dtype, shape.map(Dim.known)) }

  /// A float32 tensor's type: `.float32([2, 3])`.
  public static func float32(_ shape: [Int]) -> TensorType { TensorType(.float32, shape: shape) }
  /// A float64 tensor's type.
  public static func float64(_ shape: [Int]) -> TensorType { TensorType(.float64, shape: shape) }
  /// An int64 tensor's type.
  public static func int64(_ shape: [Int]) -> TensorType { TensorType(.int64, shape: shape) }
  /// A float32 tensor's type with named dimensions: `.float32("N", 3, 8, 8)`.
  public static func float32(_ dims: Dim...) -> TensorType { TensorType(.float32, dims) }
  /// An int64 tensor's type with named dimensions.
  public static func int64(_ dims: Dim...) -> TensorType { TensorType(.int64, dims) }

  /// The dimensions, where all are known.
  public var shape: [Int]? {
    guard let dims else { return nil }
    let values = dims.compactMap(\.value)
    return values.count == dims.count ? values : nil
  }

  public var description: String {
    guard let dims else { return "\(dtype)[…]" }
    return "\(dtype)[\(dims.map(\.description).joined(separator: ", "))]"
  }
}

extension Dim: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  public init(integerLiteral value: Int) { self = .known(value) }
  public init(stringLiteral name: String) { self = .symbol(name) }
}

/// The type of anything that an operator takes or gives.
public indirect enum ValueType: Hashable, Sendable, CustomStringConvertible {
  case tensor(TensorType)
  case sparseTensor(TensorType)
  case sequence(ValueType)
  case map(key: DType, value: ValueType)
  case optional(ValueType)

  /// The tensor type, where this is one.
  public var tensor: TensorType? { if case .tensor(let type) = self { type } else { nil } }

  public var description: String {
    switch self {
    case .tensor(let type): type.description
    case .sparseTensor(let type): "sparse \(type)"
    case .sequence(let element): "sequence of \(element)"
    case .map(let key, let value): "map from \(key) to \(value)"
    case .optional(let element): "optional \(element)"
    }
  }
}
