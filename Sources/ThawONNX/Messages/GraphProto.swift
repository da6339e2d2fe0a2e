internal import COnnx

/// Nodes, and the values that go in, come out and stay constant.
///
/// Values are found by name, and a name is given once.
public struct GraphProto: Equatable, Sendable {
  /// The nodes, each after those it takes from.
  public var node: [NodeProto] = []
  /// The graph's name.
  public var name: String?
  /// Named constants, among them the weights.
  public var initializer: [TensorProto] = []
  /// What the graph computes, for people.
  public var docString: String?
  /// What the graph takes; before IR version 4 the initializers are listed too.
  public var input: [ValueInfoProto] = []
  /// What the graph gives.
  public var output: [ValueInfoProto] = []
  /// Types of values in between.
  public var valueInfo: [ValueInfoProto] = []
  /// Scale and zero point of quantized tensors.
  public var quantizationAnnotation: [TensorAnnotation] = []
  /// Named constants in sparse form.
  public var sparseInitializer: [SparseTensorProto] = []
  /// Free entries, each key once.
  public var metadataProps: [StringStringEntryProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension GraphProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__GraphProto>?) -> Void { onnx__graph_proto__init }

  init(unpacking c: Onnx__GraphProto, with unpacking: Unpacking) throws(FileError) {
    node = try unpacking.messages(c.node, c.n_node)
    name = unpacking.text(c.name)
    initializer = try unpacking.messages(c.initializer, c.n_initializer)
    docString = unpacking.text(c.doc_string)
    input = try unpacking.messages(c.input, c.n_input)
    output = try unpacking.messages(c.output, c.n_output)
    valueInfo = try unpacking.messages(c.value_info, c.n_value_info)
    quantizationAnnotation = try unpacking.messages(c.quantization_annotation, c.n_quantization_annotation)
    sparseInitializer = try unpacking.messages(c.sparse_initializer, c.n_sparse_initializer)
    metadataProps = try unpacking.messages(c.metadata_props, c.n_metadata_props)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__GraphProto, with packing: Packing) throws(FileError) {
    (c.node, c.n_node) = try packing.messages(node)
    c.name = try packing.text(name)
    (c.initializer, c.n_initializer) = try packing.messages(initializer)
    c.doc_string = try packing.text(docString)
    (c.input, c.n_input) = try packing.messages(input)
    (c.output, c.n_output) = try packing.messages(output)
    (c.value_info, c.n_value_info) = try packing.messages(valueInfo)
    (c.quantization_annotation, c.n_quantization_annotation) = try packing.messages(quantizationAnnotation)
    (c.sparse_initializer, c.n_sparse_initializer) = try packing.messages(sparseInitializer)
    (c.metadata_props, c.n_metadata_props) = try packing.messages(metadataProps)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
