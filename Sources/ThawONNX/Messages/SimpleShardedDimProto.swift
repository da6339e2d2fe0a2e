internal import COnnx

/// An axis of a known or symbolic size, cut into pieces.
public struct SimpleShardedDimProto: Equatable, Sendable {
  /// The size of the axis: a number or a symbol.
  public var dim: DimensionSize?
  /// The number of pieces.
  public var numShards: Int64?
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension SimpleShardedDimProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__SimpleShardedDimProto>?) -> Void {
    onnx__simple_sharded_dim_proto__init
  }

  init(unpacking c: Onnx__SimpleShardedDimProto, with unpacking: Unpacking) throws(FileError) {
    numShards = unpacking.present(c.has_num_shards, c.num_shards)

    dim =
      switch c.dim_case {
      case ONNX__SIMPLE_SHARDED_DIM_PROTO__DIM_DIM_VALUE: .value(c.dim_value)
      case ONNX__SIMPLE_SHARDED_DIM_PROTO__DIM_DIM_PARAM: .symbol(unpacking.text(c.dim_param) ?? "")
      default: nil
      }
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__SimpleShardedDimProto, with packing: Packing) throws(FileError) {
    (c.has_num_shards, c.num_shards) = packing.optional(numShards, else: 0)

    switch dim {
    case .value(let value):
      c.dim_case = ONNX__SIMPLE_SHARDED_DIM_PROTO__DIM_DIM_VALUE
      c.dim_value = value
    case .symbol(let symbol):
      c.dim_case = ONNX__SIMPLE_SHARDED_DIM_PROTO__DIM_DIM_PARAM
      c.dim_param = try packing.text(symbol)
    case nil: break
    }
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
