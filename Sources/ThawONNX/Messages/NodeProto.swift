internal import COnnx

/// One use of an operator.
public struct NodeProto: Equatable, Sendable {
  /// The values the node takes; an empty name leaves an optional input out.
  public var input: [String] = []
  /// The values the node gives; an empty name leaves an optional output out.
  public var output: [String] = []
  /// The node's name, which may be absent or empty.
  public var name: String?
  /// The operator.
  public var opType: String?
  /// The operator's constants.
  public var attribute: [AttributeProto] = []
  /// What the node is for, for people.
  public var docString: String?
  /// The operator's namespace; absent or empty for ONNX's own.
  public var domain: String?
  /// Which of several functions of that name is meant.
  public var overload: String?
  /// Free entries, each key once.
  public var metadataProps: [StringStringEntryProto] = []
  /// Where the node runs.
  public var deviceConfigurations: [NodeDeviceConfigurationProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}

  /// Makes a node.
  public init(
    _ opType: String, input: [String], output: [String], name: String? = nil, domain: String? = nil,
    attribute: [AttributeProto] = []
  ) {
    self.opType = opType
    self.input = input
    self.output = output
    self.name = name
    self.domain = domain
    self.attribute = attribute
  }
}

extension NodeProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__NodeProto>?) -> Void { onnx__node_proto__init }

  init(unpacking c: Onnx__NodeProto, with unpacking: Unpacking) throws(FileError) {
    input = unpacking.texts(c.input, c.n_input)
    output = unpacking.texts(c.output, c.n_output)
    name = unpacking.text(c.name)
    opType = unpacking.text(c.op_type)
    attribute = try unpacking.messages(c.attribute, c.n_attribute)
    docString = unpacking.text(c.doc_string)
    domain = unpacking.text(c.domain)
    overload = unpacking.text(c.overload)
    metadataProps = try unpacking.messages(c.metadata_props, c.n_metadata_props)
    deviceConfigurations = try unpacking.messages(c.device_configurations, c.n_device_configurations)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__NodeProto, with packing: Packing) throws(FileError) {
    (c.input, c.n_input) = try packing.texts(input)
    (c.output, c.n_output) = try packing.texts(output)
    c.name = try packing.text(name)
    c.op_type = try packing.text(opType)
    (c.attribute, c.n_attribute) = try packing.messages(attribute)
    c.doc_string = try packing.text(docString)
    c.domain = try packing.text(domain)
    c.overload = try packing.text(overload)
    (c.metadata_props, c.n_metadata_props) = try packing.messages(metadataProps)
    (c.device_configurations, c.n_device_configurations) = try packing.messages(deviceConfigurations)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
