internal import COnnx

/// A list of values, as a file of its own holds it. See ``elements``.
public struct SequenceProto: Equatable, Sendable {
  /// The sequence's name.
  public var name: String?
  /// The number of the kind of its elements, as it stands in the file. See ``DataProto/Kind``.
  public var elemType: Int32?
  /// The elements, where they are tensors.
  public var tensorValues: [TensorProto] = []
  /// The elements, where they are sparse tensors.
  public var sparseTensorValues: [SparseTensorProto] = []
  /// The elements, where they are sequences.
  public var sequenceValues: [SequenceProto] = []
  /// The elements, where they are dictionaries.
  public var mapValues: [MapProto] = []
  /// The elements, where they may be absent.
  public var optionalValues: [OptionalProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}

  /// Makes a sequence of elements of one kind; those of another are left out.
  public init(name: String, of kind: DataProto.Kind, _ elements: [DataProto]) {
    self.name = name
    elemType = kind.rawValue
    for element in elements where element.kind == kind {
      switch element {
      case .tensor(let value): tensorValues.append(value)
      case .sparseTensor(let value): sparseTensorValues.append(value)
      case .sequence(let value): sequenceValues.append(value)
      case .map(let value): mapValues.append(value)
      case .optional(let value): optionalValues.append(value)
      }
    }
  }

  /// The elements of the kind that the message names; of the one kind that is there where it names none.
  public var elements: [DataProto] {
    switch elemType.flatMap(DataProto.Kind.init(rawValue:)) {
    case .tensor: tensorValues.map(DataProto.tensor)
    case .sparseTensor: sparseTensorValues.map(DataProto.sparseTensor)
    case .sequence: sequenceValues.map(DataProto.sequence)
    case .map: mapValues.map(DataProto.map)
    case .optional: optionalValues.map(DataProto.optional)
    case nil:
      tensorValues.map(DataProto.tensor) + sparseTensorValues.map(DataProto.sparseTensor)
        + sequenceValues.map(DataProto.sequence) + mapValues.map(DataProto.map)
        + optionalValues.map(DataProto.optional)
    }
  }
}

extension SequenceProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__SequenceProto>?) -> Void { onnx__sequence_proto__init }

  init(unpacking c: Onnx__SequenceProto, with unpacking: Unpacking) throws(FileError) {
    name = unpacking.text(c.name)
    elemType = unpacking.present(c.has_elem_type, c.elem_type)
    tensorValues = try unpacking.messages(c.tensor_values, c.n_tensor_values)
    sparseTensorValues = try unpacking.messages(c.sparse_tensor_values, c.n_sparse_tensor_values)
    sequenceValues = try unpacking.messages(c.sequence_values, c.n_sequence_values)
    mapValues = try unpacking.messages(c.map_values, c.n_map_values)
    optionalValues = try unpacking.messages(c.optional_values, c.n_optional_values)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__SequenceProto, with packing: Packing) throws(FileError) {
    c.name = try packing.text(name)
    (c.has_elem_type, c.elem_type) = packing.optional(elemType, else: 0)
    (c.tensor_values, c.n_tensor_values) = try packing.messages(tensorValues)
    (c.sparse_tensor_values, c.n_sparse_tensor_values) = try packing.messages(sparseTensorValues)
    (c.sequence_values, c.n_sequence_values) = try packing.messages(sequenceValues)
    (c.map_values, c.n_map_values) = try packing.messages(mapValues)
    (c.optional_values, c.n_optional_values) = try packing.messages(optionalValues)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
