internal import CZlib

/// Expands deflate data piece by piece.
enum Inflater {
  /// What stands around the data.
  enum Wrapping {
    /// Nothing, as in zip members.
    case none
    /// A header and a checksum, as in `.gz` files, of which several may follow each other.
    case gzip

    fileprivate var windowBits: CInt { self == .none ? -MAX_WBITS : MAX_WBITS + 16 }
  }

  private static let pieceSize = 1 << 16

  /// The first bytes of a `.gz` file's content.
  static func head(of input: UnsafeRawBufferPointer) throws(FileError) -> ByteRegion {
    var head = ByteRegion([])
    try run(input, .gzip) { piece throws(FileError) in
      head = ByteRegion([UInt8](piece.prefix(1 << 12)))
      return false
    }
    return head
  }

  /// Expands all of `input`, and hands over each piece as soon as it is there.
  static func inflate(
    _ input: UnsafeRawBufferPointer, _ wrapping: Wrapping, _ take: (UnsafeRawBufferPointer) throws(FileError) -> Void
  ) throws(FileError) {
    try run(input, wrapping) { piece throws(FileError) in
      try take(piece)
      return true
    }
  }

  /// Expands `input` until `take` says that it is enough.
  private static func run(
    _ input: UnsafeRawBufferPointer, _ wrapping: Wrapping, _ take: (UnsafeRawBufferPointer) throws(FileError) -> Bool
  ) throws(FileError) {
    var stream = z_stream()
    guard inflateInit2_(&stream, wrapping.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw FileError(.readFailed, found: "zlib could not be started")
    }
    defer { inflateEnd(&stream) }
    let output = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 64)
    defer { output.deallocate() }
    var taken = 0
    while true {
      // zlib counts in 32 bits.
      let left = min(input.count - taken, 1 << 30)
      stream.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress.map { $0 + taken })?
        .assumingMemoryBound(to: UInt8.self)
      stream.avail_in = UInt32(left)
      stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(pieceSize)
      let status = CZlib.inflate(&stream, Z_NO_FLUSH)
      let produced = pieceSize - Int(stream.avail_out)
      let consumed = left - Int(stream.avail_in)
      taken += consumed
      if produced > 0 {
        guard try take(UnsafeRawBufferPointer(rebasing: output[..<produced])) else { return }
      }
      if status == Z_STREAM_END {
        guard wrapping == .gzip, taken < input.count else { return }
        // Tapes are filled up with zeros.
        if input[taken...].allSatisfy({ $0 == 0 }) { return }
        inflateReset(&stream)
      } else if status != Z_OK || produced + consumed == 0 {
        throw FileError(
          .malformed, expected: "deflate data", found: stream.msg.map { String(cString: $0) } ?? "an early end")
      }
    }
  }
}
