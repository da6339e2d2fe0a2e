internal import CZlib

/// Expands raw deflate data, as zip members are.
enum Inflater {
  /// Fills `output` with what `input` expands to, which must be exactly as long.
  static func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(FileError) {
    var stream = z_stream()
    // Negative window bits: no header, no trailer.
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw FileError(.readFailed, found: "zlib could not be started")
    }
    defer { inflateEnd(&stream) }
    var taken = 0
    var given = 0
    // One byte more than announced, so that a longer stream is noticed.
    var spare: UInt8 = 0
    while true {
      let isFull = given == output.count
      // zlib counts in 32 bits.
      let room = min(output.count - given, 1 << 30)
      let left = min(input.count - taken, 1 << 30)
      stream.next_in = UnsafeMutableRawPointer(mutating: input.baseAddress.map { $0 + taken })?
        .assumingMemoryBound(to: UInt8.self)
      stream.avail_in = UInt32(left)
      let status = withUnsafeMutablePointer(to: &spare) { spare in
        stream.next_out =
          isFull ? spare : output.baseAddress.map { ($0 + given).assumingMemoryBound(to: UInt8.self) }
        stream.avail_out = isFull ? 1 : UInt32(room)
        return CZlib.inflate(&stream, Z_NO_FLUSH)
      }
      let produced = (isFull ? 1 : room) - Int(stream.avail_out)
      let consumed = left - Int(stream.avail_in)
      taken += consumed
      if isFull, produced > 0 {
        throw FileError(.malformed, expected: "\(output.count) bytes", found: "more")
      }
      given += isFull ? 0 : produced
      if status == Z_STREAM_END { break }
      guard status == Z_OK, produced + consumed > 0 else {
        throw FileError(
          .malformed, expected: "deflate data", found: stream.msg.map { String(cString: $0) } ?? "an early end")
      }
    }
    guard given == output.count else {
      throw FileError(.malformed, expected: "\(output.count) bytes", found: "\(given)")
    }
  }
}
