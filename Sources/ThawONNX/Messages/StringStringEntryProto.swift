internal import COnnx

/// A free-form entry, used for metadata and for external data.
public struct StringStringEntryProto: Equatable, Sendable {
  /// The entry's name.
  public var key: String?
  /// The entry's text.
  public var value: String?
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}

  /// Makes an entry.
  public init(key: String, value: String) {
    self.key = key
    self.value = value
  }
}

extension StringStringEntryProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__StringStringEntryProto>?) -> Void {
    onnx__string_string_entry_proto__init
  }

  init(unpacking c: Onnx__StringStringEntryProto, with unpacking: Unpacking) throws(FileError) {
    key = unpacking.text(c.key)
    value = unpacking.text(c.value)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__StringStringEntryProto, with packing: Packing) throws(FileError) {
    c.key = try packing.text(key)
    c.value = try packing.text(value)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
