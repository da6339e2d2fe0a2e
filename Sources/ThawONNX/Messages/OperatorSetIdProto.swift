internal import COnnx

/// A domain of operators and the version of it that a model is written in.
public struct OperatorSetIdProto: Equatable, Sendable {
  /// The operators' namespace; absent or empty for ONNX's own.
  public var domain: String?
  /// The version of the set.
  public var version: Int64?
  /// The fields this version of the schema does not know, as they stood in the file.
  public var unknownFields: [UnknownField] = []

  /// Makes a message with no field set.
  public init() {}

  /// Makes an import of `domain` at `version`.
  public init(domain: String, version: Int64) {
    self.domain = domain
    self.version = version
  }
}

extension OperatorSetIdProto: WireMessage {
  static var initialize: (UnsafeMutablePointer<Onnx__OperatorSetIdProto>?) -> Void { onnx__operator_set_id_proto__init }

  init(unpacking c: Onnx__OperatorSetIdProto, with unpacking: Unpacking) throws(FileError) {
    domain = unpacking.text(c.domain)
    version = unpacking.present(c.has_version, c.version)
    unknownFields = unpacking.unknownFields(c.base)
  }

  func pack(into c: inout Onnx__OperatorSetIdProto, with packing: Packing) throws(FileError) {
    c.domain = try packing.text(domain)
    (c.has_version, c.version) = packing.optional(version, else: 0)
    packing.unknownFields(unknownFields, into: &c.base)
  }
}
