internal import COnnx

/// Where a node runs in one device configuration.
public struct NodeDeviceConfigurationProto: Equatable, Sendable {
  /// The name of a ``DeviceConfigurationProto``.
  public var configurationId: String?
  /// How the node's tensors are spread.
  public var shardingSpec: [ShardingSpecProto] = []
  /// The stage of a pipeline that the node belongs to.
  public var pipelineStage: Int32?
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension NodeDeviceConfigurationProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__NodeDeviceConfigurationProto>?) -> Void {
    onnx__node_device_configuration_proto__init
  }

  init(unpacking c: Onnx__NodeDeviceConfigurationProto, with unpacking: Unpacking) throws(FileError) {
    configurationId = unpacking.text(c.configuration_id)
    shardingSpec = try unpacking.messages(c.sharding_spec, c.n_sharding_spec)
    pipelineStage = unpacking.present(c.has_pipeline_stage, c.pipeline_stage)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__NodeDeviceConfigurationProto, with packing: Packing) throws(FileError) {
    c.configuration_id = try packing.text(configurationId)
    (c.sharding_spec, c.n_sharding_spec) = try packing.messages(shardingSpec)
    (c.has_pipeline_stage, c.pipeline_stage) = packing.optional(pipelineStage, else: 0)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
