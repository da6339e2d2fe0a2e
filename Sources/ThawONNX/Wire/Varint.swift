/// Protobuf's variable-length numbers: seven bits a byte, the lowest first.
enum Varint {
  static func bytes(of value: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = UInt64(bitPattern: Int64(value))
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
    return bytes
  }

  static func size(of value: Int) -> Int {
    max(1, (UInt64.bitWidth - UInt64(bitPattern: Int64(value)).leadingZeroBitCount + 6) / 7)
  }
}
