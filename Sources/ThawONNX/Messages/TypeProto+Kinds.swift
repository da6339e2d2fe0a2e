internal import COnnx

extension TypeProto {
  /// The kinds of type.
  public indirect enum Value: Equatable, Sendable {
    /// A dense tensor.
    case tensor(Tensor)
    /// A list of values of one type.
    case sequence(Sequence)
    /// A dictionary.
    case map(Map)
    /// A type that ONNX does not describe further.
    case opaque(Opaque)
    /// A sparse tensor.
    case sparseTensor(SparseTensor)
    /// A value that may be absent.
    case optional(Optional)
  }
}

extension TypeProto {
  /// The type of a dense tensor.
  public struct Tensor: Equatable, Sendable {
    /// The number of the element type, as it stands in the file.
    public var elemType: Int32?
    /// The dimensions; nil when not even the rank is known.
    public var shape: TensorShapeProto?
    /// The fields this version of the schema does not know, as they stood in the file.
    public var unknownFields: [UnknownField] = []

    /// Makes a message with no field set.
    public init() {}
  }
}

extension TypeProto {
  /// The type of a sparse tensor.
  public struct SparseTensor: Equatable, Sendable {
    /// The number of the element type, as it stands in the file.
    public var elemType: Int32?
    /// The dimensions; nil when not even the rank is known.
    public var shape: TensorShapeProto?
    /// The fields this version of the schema does not know, as they stood in the file.
    public var unknownFields: [UnknownField] = []

    /// Makes a message with no field set.
    public init() {}
  }
}

extension TypeProto {
  /// The type of a list.
  public struct Sequence: Equatable, Sendable {
    /// The type of every element.
    public var elemType: TypeProto?
    /// The fields this version of the schema does not know, as they stood in the file.
    public var unknownFields: [UnknownField] = []

    /// Makes a message with no field set.
    public init() {}
  }
}

extension TypeProto {
  /// The type of a value that may be absent.
  public struct Optional: Equatable, Sendable {
    /// The type of every element.
    public var elemType: TypeProto?
    /// The fields this version of the schema does not know, as they stood in the file.
    public var unknownFields: [UnknownField] = []

    /// Makes a message with no field set.
    public init() {}
  }
}

extension TypeProto {
  /// The type of a dictionary.
  public struct Map: Equatable, Sendable {
    /// The number of the keys' type: an integer or `string`.
    public var keyType: Int32?
    /// The type of every value.
    public var valueType: TypeProto?
    /// The fields this version of the schema does not know, as they stood in the file.
    public var unknownFields: [UnknownField] = []

    /// Makes a message with no field set.
    public init() {}
  }
}

extension TypeProto {
  /// A type known by name alone.
  public struct Opaque: Equatable, Sendable {
    /// The namespace of the type.
    public var domain: String?
    /// The type's name.
    public var name: String?
    /// The fields this version of the schema does not know, as they stood in the file.
    public var unknownFields: [UnknownField] = []

    /// Makes a message with no field set.
    public init() {}
  }
}

extension TypeProto.Tensor: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TypeProto__Tensor>?) -> Void { onnx__type_proto__tensor__init }

  init(unpacking c: Onnx__TypeProto__Tensor, with unpacking: Unpacking) throws(FileError) {
    elemType = unpacking.present(c.has_elem_type, c.elem_type)
    shape = try unpacking.message(c.shape)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TypeProto__Tensor, with packing: Packing) throws(FileError) {
    (c.has_elem_type, c.elem_type) = packing.optional(elemType, else: 0)
    c.shape = try packing.message(shape)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}

extension TypeProto.SparseTensor: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TypeProto__SparseTensor>?) -> Void {
    onnx__type_proto__sparse_tensor__init
  }

  init(unpacking c: Onnx__TypeProto__SparseTensor, with unpacking: Unpacking) throws(FileError) {
    elemType = unpacking.present(c.has_elem_type, c.elem_type)
    shape = try unpacking.message(c.shape)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TypeProto__SparseTensor, with packing: Packing) throws(FileError) {
    (c.has_elem_type, c.elem_type) = packing.optional(elemType, else: 0)
    c.shape = try packing.message(shape)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}

extension TypeProto.Sequence: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TypeProto__Sequence>?) -> Void { onnx__type_proto__sequence__init }

  init(unpacking c: Onnx__TypeProto__Sequence, with unpacking: Unpacking) throws(FileError) {
    elemType = try unpacking.message(c.elem_type)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TypeProto__Sequence, with packing: Packing) throws(FileError) {
    c.elem_type = try packing.message(elemType)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}

extension TypeProto.Optional: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TypeProto__Optional>?) -> Void { onnx__type_proto__optional__init }

  init(unpacking c: Onnx__TypeProto__Optional, with unpacking: Unpacking) throws(FileError) {
    elemType = try unpacking.message(c.elem_type)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TypeProto__Optional, with packing: Packing) throws(FileError) {
    c.elem_type = try packing.message(elemType)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}

extension TypeProto.Map: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TypeProto__Map>?) -> Void { onnx__type_proto__map__init }

  init(unpacking c: Onnx__TypeProto__Map, with unpacking: Unpacking) throws(FileError) {
    keyType = unpacking.present(c.has_key_type, c.key_type)
    valueType = try unpacking.message(c.value_type)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TypeProto__Map, with packing: Packing) throws(FileError) {
    (c.has_key_type, c.key_type) = packing.optional(keyType, else: 0)
    c.value_type = try packing.message(valueType)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}

extension TypeProto.Opaque: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TypeProto__Opaque>?) -> Void { onnx__type_proto__opaque__init }

  init(unpacking c: Onnx__TypeProto__Opaque, with unpacking: Unpacking) throws(FileError) {
    domain = unpacking.text(c.domain)
    name = unpacking.text(c.name)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TypeProto__Opaque, with packing: Packing) throws(FileError) {
    c.domain = try packing.text(domain)
    c.name = try packing.text(name)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
