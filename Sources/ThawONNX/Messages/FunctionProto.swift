internal import COnnx

/// An operator that the model defines itself, known by domain, name and overload together.
public struct FunctionProto: Equatable, Sendable {
  /// The operator's name.
  public var name: String?
  /// The names of the inputs inside the body.
  public var input: [String] = []
  /// The names of the outputs inside the body.
  public var output: [String] = []
  /// The attributes that have no default.
  public var attribute: [String] = []
  /// The body.
  public var node: [NodeProto] = []
  /// What the operator does, for people.
  public var docString: String?
  /// The operator sets the body is written in.
  public var opsetImport: [OperatorSetIdProto] = []
  /// The operator's namespace.
  public var domain: String?
  /// The attributes that have a default, with it.
  public var attributeProto: [AttributeProto] = []
  /// Types of values in the body.
  public var valueInfo: [ValueInfoProto] = []
  /// Tells functions of the same domain and name apart.
  public var overload: String?
  /// Free entries, each key once.
  public var metadataProps: [StringStringEntryProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension FunctionProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__FunctionProto>?) -> Void { onnx__function_proto__init }

  init(unpacking c: Onnx__FunctionProto, with unpacking: Unpacking) throws(FileError) {
    name = unpacking.text(c.name)
    input = unpacking.texts(c.input, c.n_input)
    output = unpacking.texts(c.output, c.n_output)
    attribute = unpacking.texts(c.attribute, c.n_attribute)
    node = try unpacking.messages(c.node, c.n_node)
    docString = unpacking.text(c.doc_string)
    opsetImport = try unpacking.messages(c.opset_import, c.n_opset_import)
    domain = unpacking.text(c.domain)
    attributeProto = try unpacking.messages(c.attribute_proto, c.n_attribute_proto)
    valueInfo = try unpacking.messages(c.value_info, c.n_value_info)
    overload = unpacking.text(c.overload)
    metadataProps = try unpacking.messages(c.metadata_props, c.n_metadata_props)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__FunctionProto, with packing: Packing) throws(FileError) {
    c.name = try packing.text(name)
    (c.input, c.n_input) = try packing.texts(input)
    (c.output, c.n_output) = try packing.texts(output)
    (c.attribute, c.n_attribute) = try packing.texts(attribute)
    (c.node, c.n_node) = try packing.messages(node)
    c.doc_string = try packing.text(docString)
    (c.opset_import, c.n_opset_import) = try packing.messages(opsetImport)
    c.domain = try packing.text(domain)
    (c.attribute_proto, c.n_attribute_proto) = try packing.messages(attributeProto)
    (c.value_info, c.n_value_info) = try packing.messages(valueInfo)
    c.overload = try packing.text(overload)
    (c.metadata_props, c.n_metadata_props) = try packing.messages(metadataProps)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
