internal import COnnx

/// A number and the list it stands for.
public struct IntIntListEntryProto: Equatable, Sendable {
  /// The entry's number.
  public var key: Int64?
  /// The entry's list.
  public var value: [Int64] = []
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension IntIntListEntryProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__IntIntListEntryProto>?) -> Void {
    onnx__int_int_list_entry_proto__init
  }

  init(unpacking c: Onnx__IntIntListEntryProto, with unpacking: Unpacking) throws(FileError) {
    key = unpacking.present(c.has_key, c.key)
    value = unpacking.numbers(c.value, c.n_value)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__IntIntListEntryProto, with packing: Packing) throws(FileError) {
    (c.has_key, c.key) = packing.optional(key, else: 0)
    (c.value, c.n_value) = packing.numbers(value)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
