internal import COnnx

/// How a tensor is spread over devices.
public struct ShardingSpecProto: Equatable, Sendable {
  /// The input or output of the node.
  public var tensorName: String?
  /// The devices; a negative one is a key of `indexToDeviceGroupMap`.
  public var device: [Int64] = []
  /// Groups of devices.
  public var indexToDeviceGroupMap: [IntIntListEntryProto] = []
  /// The axes that are cut.
  public var shardedDim: [ShardedDimProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension ShardingSpecProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__ShardingSpecProto>?) -> Void { onnx__sharding_spec_proto__init }

  init(unpacking c: Onnx__ShardingSpecProto, with unpacking: Unpacking) throws(FileError) {
    tensorName = unpacking.text(c.tensor_name)
    device = unpacking.numbers(c.device, c.n_device)
    indexToDeviceGroupMap = try unpacking.messages(c.index_to_device_group_map, c.n_index_to_device_group_map)
    shardedDim = try unpacking.messages(c.sharded_dim, c.n_sharded_dim)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__ShardingSpecProto, with packing: Packing) throws(FileError) {
    c.tensor_name = try packing.text(tensorName)
    (c.device, c.n_device) = packing.numbers(device)
    (c.index_to_device_group_map, c.n_index_to_device_group_map) = try packing.messages(indexToDeviceGroupMap)
    (c.sharded_dim, c.n_sharded_dim) = try packing.messages(shardedDim)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
