internal import COnnx

/// The name, type and shape of a value.
public struct ValueInfoProto: Equatable, Sendable {
  /// The value's name.
  public var name: String?
  /// The value's type and shape.
  public var type: TypeProto?
  /// What the value is, for people.
  public var docString: String?
  /// Free entries, each key once.
  public var metadataProps: [StringStringEntryProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}

  /// Makes the description of the value `name`.
  public init(name: String, type: TypeProto?) {
    self.name = name
    self.type = type
  }
}

extension ValueInfoProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__ValueInfoProto>?) -> Void { onnx__value_info_proto__init }

  init(unpacking c: Onnx__ValueInfoProto, with unpacking: Unpacking) throws(FileError) {
    name = unpacking.text(c.name)
    type = try unpacking.message(c.type)
    docString = unpacking.text(c.doc_string)
    metadataProps = try unpacking.messages(c.metadata_props, c.n_metadata_props)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__ValueInfoProto, with packing: Packing) throws(FileError) {
    c.name = try packing.text(name)
    c.type = try packing.message(type)
    c.doc_string = try packing.text(docString)
    (c.metadata_props, c.n_metadata_props) = try packing.messages(metadataProps)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
