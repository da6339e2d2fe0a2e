internal import COnnx

/// How one axis of a tensor is cut.
public struct ShardedDimProto: Equatable, Sendable {
  /// The axis; negative ones count from the end.
  public var axis: Int64?
  /// How it is cut.
  public var simpleSharding: [SimpleShardedDimProto] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension ShardedDimProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__ShardedDimProto>?) -> Void { onnx__sharded_dim_proto__init }

  init(unpacking c: Onnx__ShardedDimProto, with unpacking: Unpacking) throws(FileError) {
    axis = unpacking.present(c.has_axis, c.axis)
    simpleSharding = try unpacking.messages(c.simple_sharding, c.n_simple_sharding)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__ShardedDimProto, with packing: Packing) throws(FileError) {
    (c.has_axis, c.axis) = packing.optional(axis, else: 0)
    (c.simple_sharding, c.n_simple_sharding) = try packing.messages(simpleSharding)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
