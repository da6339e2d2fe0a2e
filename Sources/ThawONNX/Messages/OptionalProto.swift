internal import COnnx

/// A value that may be absent, as a file of its own holds it. See ``element``.
public struct OptionalProto: Equatable, Sendable {
  /// The value's name.
  public var name: String?
  /// The number of the value's kind, as it stands in the file; 0 where it is absent. See ``DataProto/Kind``.
  public var elemType: Int32?
  /// The value, where it is a tensor.
  public var tensorValue: TensorProto?
  /// The value, where it is a sparse tensor.
  public var sparseTensorValue: SparseTensorProto?
  /// The value, where it is a sequence.
  public var sequenceValue: SequenceProto?
  /// The value, where it is a dictionary.
  public var mapValue: MapProto?
  /// The value, where it may be absent itself.
  public var optionalValue: OptionalProto? {
    get { optionalBox.value }
    set { optionalBox = Indirect(newValue) }
  }
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  private var optionalBox = Indirect<OptionalProto>.none

  /// Makes a message with no field set.
  public init() {}

  /// Makes a value that is there, or that is absent.
  public init(name: String, _ element: DataProto?) {
    self.name = name
    elemType = element?.kind.rawValue ?? 0
    switch element {
    case .tensor(let value): tensorValue = value
    case .sparseTensor(let value): sparseTensorValue = value
    case .sequence(let value): sequenceValue = value
    case .map(let value): mapValue = value
    case .optional(let value): optionalValue = value
    case nil: break
    }
  }

  /// The value; nil where it is absent.
  public var element: DataProto? {
    tensorValue.map(DataProto.tensor) ?? sparseTensorValue.map(DataProto.sparseTensor)
      ?? sequenceValue.map(DataProto.sequence) ?? mapValue.map(DataProto.map) ?? optionalValue.map(DataProto.optional)
  }
}

extension OptionalProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__OptionalProto>?) -> Void { onnx__optional_proto__init }

  init(unpacking c: Onnx__OptionalProto, with unpacking: Unpacking) throws(FileError) {
    name = unpacking.text(c.name)
    elemType = unpacking.present(c.has_elem_type, c.elem_type)
    tensorValue = try unpacking.message(c.tensor_value)
    sparseTensorValue = try unpacking.message(c.sparse_tensor_value)
    sequenceValue = try unpacking.message(c.sequence_value)
    mapValue = try unpacking.message(c.map_value)
    optionalValue = try unpacking.message(c.optional_value)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__OptionalProto, with packing: Packing) throws(FileError) {
    c.name = try packing.text(name)
    (c.has_elem_type, c.elem_type) = packing.optional(elemType, else: 0)
    c.tensor_value = try packing.message(tensorValue)
    c.sparse_tensor_value = try packing.message(sparseTensorValue)
    c.sequence_value = try packing.message(sequenceValue)
    c.map_value = try packing.message(mapValue)
    c.optional_value = try packing.message(optionalValue)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
