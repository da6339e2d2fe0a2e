internal import COnnx

/// A dictionary, as a file of its own holds it.
public struct MapProto: Equatable, Sendable {
  /// The dictionary's name.
  public var name: String?
  /// The number of the keys' type, as it stands in the file: an integer or `string`.
  public var keyType: Int32?
  /// The keys, where they are integers.
  public var keys: [Int64] = []
  /// The keys, where they are strings, which need not be UTF-8.
  public var stringKeys: [[UInt8]] = []
  /// The values, in the order of the keys.
  public var values: SequenceProto?
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}
}

extension MapProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__MapProto>?) -> Void { onnx__map_proto__init }

  init(unpacking c: Onnx__MapProto, with unpacking: Unpacking) throws(FileError) {
    name = unpacking.text(c.name)
    keyType = unpacking.present(c.has_key_type, c.key_type)
    keys = unpacking.numbers(c.keys, c.n_keys)
    stringKeys = unpacking.byteStrings(c.string_keys, c.n_string_keys)
    values = try unpacking.message(c.values)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__MapProto, with packing: Packing) throws(FileError) {
    c.name = try packing.text(name)
    (c.has_key_type, c.key_type) = packing.optional(keyType, else: 0)
    (c.keys, c.n_keys) = packing.numbers(keys)
    (c.string_keys, c.n_string_keys) = packing.byteStrings(stringKeys)
    c.values = try packing.message(values)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
