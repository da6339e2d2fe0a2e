internal import COnnx

/// What a value can be: a tensor, or something built of tensors.
public struct TypeProto: Equatable, Sendable {
  /// The kind of type, nil when the file does not say.
  public var value: Value?
  /// What the value means, such as `IMAGE`.
  public var denotation: String?
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}

  /// Makes a type of the given kind.
  public init(_ value: Value) {
    self.value = value
  }
}

extension TypeProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TypeProto>?) -> Void { onnx__type_proto__init }

  init(unpacking c: Onnx__TypeProto, with unpacking: Unpacking) throws(FileError) {
    denotation = unpacking.text(c.denotation)
    value =
      switch c.value_case {
      case ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE: try unpacking.message(c.tensor_type).map(Value.tensor)
      case ONNX__TYPE_PROTO__VALUE_SEQUENCE_TYPE: try unpacking.message(c.sequence_type).map(Value.sequence)
      case ONNX__TYPE_PROTO__VALUE_MAP_TYPE: try unpacking.message(c.map_type).map(Value.map)
      case ONNX__TYPE_PROTO__VALUE_OPAQUE_TYPE: try unpacking.message(c.opaque_type).map(Value.opaque)
      case ONNX__TYPE_PROTO__VALUE_SPARSE_TENSOR_TYPE:
        try unpacking.message(c.sparse_tensor_type).map(Value.sparseTensor)
      case ONNX__TYPE_PROTO__VALUE_OPTIONAL_TYPE: try unpacking.message(c.optional_type).map(Value.optional)
      default: nil
      }
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TypeProto, with packing: Packing) throws(FileError) {
    c.denotation = try packing.text(denotation)
    switch value {
    case .tensor(let type):
      c.value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE
      c.tensor_type = try packing.message(type)
    case .sequence(let type):
      c.value_case = ONNX__TYPE_PROTO__VALUE_SEQUENCE_TYPE
      c.sequence_type = try packing.message(type)
    case .map(let type):
      c.value_case = ONNX__TYPE_PROTO__VALUE_MAP_TYPE
      c.map_type = try packing.message(type)
    case .opaque(let type):
      c.value_case = ONNX__TYPE_PROTO__VALUE_OPAQUE_TYPE
      c.opaque_type = try packing.message(type)
    case .sparseTensor(let type):
      c.value_case = ONNX__TYPE_PROTO__VALUE_SPARSE_TENSOR_TYPE
      c.sparse_tensor_type = try packing.message(type)
    case .optional(let type):
      c.value_case = ONNX__TYPE_PROTO__VALUE_OPTIONAL_TYPE
      c.optional_type = try packing.message(type)
    case nil: break
    }
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
