/// A field that this version of the schema does not know, kept so that it can be written back.
public struct UnknownField: Equatable, Sendable {
  /// The field's number.
  public var number: UInt32
  /// The field's wire type: 0 for a varint, 1 for eight bytes, 2 for a length and bytes, 5 for four bytes.
  public var wireType: UInt8
  /// Everything after the tag, a length included.
  public var bytes: [UInt8]

  /// Makes a field.
  public init(number: UInt32, wireType: UInt8, bytes: [UInt8]) {
    self.number = number
    self.wireType = wireType
    self.bytes = bytes
  }
}
