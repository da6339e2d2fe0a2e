import ThawTypes

/// What ONNX's operators take and give.
public indirect enum Value: Sendable {
  case tensor(Tensor)
  case sparseTensor(SparseTensor)
  /// Elements of one type; the type stands here because a sequence may be empty.
  case sequence([Value], of: ValueType)
  case map(MapValue)
  /// A value that may be absent.
  case optional(Value?, of: ValueType)

  /// The tensor, where this is one.
  public var tensor: Tensor? { if case .tensor(let tensor) = self { tensor } else { nil } }

  /// The type, dimensions included.
  public var type: ValueType {
    switch self {
    case .tensor(let tensor): .tensor(tensor.type)
    case .sparseTensor(let sparse): .sparseTensor(TensorType(sparse.values.dtype, shape: sparse.shape))
    case .sequence(_, let element): .sequence(element)
    case .map(let map): .map(key: map.keyType, value: map.valueType)
    case .optional(_, let element): .optional(element)
    }
  }
}

/// A tensor given by the coordinates and values of its non-zero elements.
public struct SparseTensor: Sendable {
  /// The non-zero elements, shape `[count]`.
  public let values: Tensor
  /// Their coordinates, int64, shape `[count]` (flat) or `[count, rank]`, in ascending order.
  public let indices: Tensor
  public let shape: [Int]

  public init(values: Tensor, indices: Tensor, shape: [Int]) {
    self.values = values
    self.indices = indices
    self.shape = shape
  }
}

/// A dictionary from integers or strings to values.
public struct MapValue: Sendable {
  /// The keys in order: an int64 or string tensor of shape `[count]`.
  public let keys: Tensor
  public let values: [Value]
  public let valueType: ValueType
  public var keyType: DType { keys.dtype }

  public init(keys: Tensor, values: [Value], valueType: ValueType) {
    self.keys = keys
    self.values = values
    self.valueType = valueType
  }
}
