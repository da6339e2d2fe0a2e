internal import COnnx

/// A whole ONNX file: a graph, the operator sets it is written in, and where it came from.
///
/// The message is a value: reading makes it, editing changes it, writing turns it back to bytes. What was not changed
/// is written as it was read.
public struct ModelProto: Equatable, Sendable {
  /// The version of the format, 3 to 14.
  public var irVersion: Int64?
  /// The tool that wrote the file.
  public var producerName: String?
  /// The version of that tool.
  public var producerVersion: String?
  /// The model's namespace, as a reversed host name.
  public var domain: String?
  /// The version of the graph, counted by its author.
  public var modelVersion: Int64?
  /// What the model is, for people.
  public var docString: String?
  /// The computation.
  public var graph: GraphProto?
  /// The operator sets the graph is written in.
  public var opsetImport: [OperatorSetIdProto] = []
  /// Free entries, each key once; Thaw keeps its roles here.
  public var metadataProps: [StringStringEntryProto] = []
  /// How the model was, or is to be, trained.
  public var trainingInfo: [TrainingInfoProto] = []
  /// Operators that the model defines itself.
  public var functions: [FunctionProto] = []
  /// The device sets that nodes refer to.
  public var configuration: [DeviceConfigurationProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// The file that the external data was opened with, its path resolved. Not a field of the message.
  package var externalSource: String?

  /// Makes a message with no field set.
  public init() {}
}

extension ModelProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__ModelProto>?) -> Void { onnx__model_proto__init }

  init(unpacking c: Onnx__ModelProto, with unpacking: Unpacking) throws(FileError) {
    irVersion = unpacking.present(c.has_ir_version, c.ir_version)
    producerName = unpacking.text(c.producer_name)
    producerVersion = unpacking.text(c.producer_version)
    domain = unpacking.text(c.domain)
    modelVersion = unpacking.present(c.has_model_version, c.model_version)
    docString = unpacking.text(c.doc_string)
    graph = try unpacking.message(c.graph)
    opsetImport = try unpacking.messages(c.opset_import, c.n_opset_import)
    metadataProps = try unpacking.messages(c.metadata_props, c.n_metadata_props)
    trainingInfo = try unpacking.messages(c.training_info, c.n_training_info)
    functions = try unpacking.messages(c.functions, c.n_functions)
    configuration = try unpacking.messages(c.configuration, c.n_configuration)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__ModelProto, with packing: Packing) throws(FileError) {
    (c.has_ir_version, c.ir_version) = packing.optional(irVersion, else: 0)
    c.producer_name = try packing.text(producerName)
    c.producer_version = try packing.text(producerVersion)
    c.domain = try packing.text(domain)
    (c.has_model_version, c.model_version) = packing.optional(modelVersion, else: 0)
    c.doc_string = try packing.text(docString)
    c.graph = try packing.message(graph)
    (c.opset_import, c.n_opset_import) = try packing.messages(opsetImport)
    (c.metadata_props, c.n_metadata_props) = try packing.messages(metadataProps)
    (c.training_info, c.n_training_info) = try packing.messages(trainingInfo)
    (c.functions, c.n_functions) = try packing.messages(functions)
    (c.configuration, c.n_configuration) = try packing.messages(configuration)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
