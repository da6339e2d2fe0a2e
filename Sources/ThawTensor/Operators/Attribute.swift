/// An attribute of a node, as ONNX's `AttributeProto` has them.
public enum Attribute: Sendable {
  case int(Int)
  case float(Float)
  /// Bytes: UTF-8 in all but a few operators.
  case string([UInt8])
  case tensor(Tensor)
  case sparseTensor(SparseTensor)
  case graph(any Subgraph)
  case type(ValueType)
  case ints([Int])
  case floats([Float])
  case strings([[UInt8]])
  case tensors([Tensor])
  case graphs([any Subgraph])
  case types([ValueType])

  /// A string attribute of this text.
  public static func text(_ text: String) -> Attribute { .string(Array(text.utf8)) }

  /// What it is, for messages.
  public var kind: String {
    switch self {
    case .int: "an integer"
    case .float: "a float"
    case .string: "a string"
    case .tensor: "a tensor"
    case .sparseTensor: "a sparse tensor"
    case .graph: "a graph"
    case .type: "a type"
    case .ints: "a list of integers"
    case .floats: "a list of floats"
    case .strings: "a list of strings"
    case .tensors: "a list of tensors"
    case .graphs: "a list of graphs"
    case .types: "a list of types"
    }
  }
}
