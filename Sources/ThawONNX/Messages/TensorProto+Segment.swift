internal import COnnx

extension TensorProto {
  /// A piece of a larger tensor. No known writer makes use of it.
  public struct Segment: Equatable, Sendable {
    /// The first element.
    public var begin: Int64?
    /// The element after the last one.
    public var end: Int64?
    /// The fields this version of the schema does not know, as they stood in the file.
    public var unknownFields: [UnknownField] = []

    /// Makes a message with no field set.
    public init() {}
  }
}

extension TensorProto.Segment: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__TensorProto__Segment>?) -> Void {
    onnx__tensor_proto__segment__init
  }

  init(unpacking c: Onnx__TensorProto__Segment, with unpacking: Unpacking) throws(FileError) {
    begin = unpacking.present(c.has_begin, c.begin)
    end = unpacking.present(c.has_end, c.end)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__TensorProto__Segment, with packing: Packing) throws(FileError) {
    (c.has_begin, c.begin) = packing.optional(begin, else: 0)
    (c.has_end, c.end) = packing.optional(end, else: 0)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
