/// What stands in a compact message in place of a payload: two numbers in 16 bytes.
///
/// Read: the payload's offset in the file and its length. Written: the payload's index and its length. Every
/// `raw_data` is replaced, long or short, so that a token cannot be mistaken for data.
struct PayloadToken {
  static let size = 16

  var position: Int
  var count: Int

  var bytes: [UInt8] {
    withUnsafeBytes(of: UInt64(position).littleEndian, Array.init)
      + withUnsafeBytes(of: UInt64(count).littleEndian, Array.init)
  }

  init(position: Int, count: Int) {
    self.position = position
    self.count = count
  }

  /// Reads a token, nil when the bytes are none.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count == PayloadToken.size else { return nil }
    let position = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
    let count = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    guard let position = Int(exactly: position), let count = Int(exactly: count) else { return nil }
    self.init(position: position, count: count)
  }
}
