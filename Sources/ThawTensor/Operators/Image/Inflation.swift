internal import CZlib

/// What a zlib stream inside an image expands to.
enum Inflation {
  /// - Parameter count: how many bytes there should be.
  /// - Throws: ``ImageFault/damaged`` when there are fewer, or the stream is none.
  static func expand(_ source: some Collection<UInt8>, to count: Int) throws -> [UInt8] {
    // No stream of zlib's expands to more than 1032 times its length.
    guard count >= 0, count / 1032 <= source.count, source.count < 1 << 31, count < 1 << 31 else {
      throw ImageFault.damaged
    }
    let input = Array(source)
    var output = [UInt8](repeating: 0, count: count)
    var stream = z_stream()
    guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw ImageFault.damaged
    }
    defer { inflateEnd(&stream) }
    let status = input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress
        stream.avail_out = UInt32(output.count)
        return inflate(&stream, Z_FINISH)
      }
    }
    // Data behind what is needed is nobody's.
    guard status == Z_STREAM_END || status == Z_BUF_ERROR, stream.avail_out == 0 else { throw ImageFault.damaged }
    return output
  }

  /// The check sum of a chunk of a PNG.
  static func checksum(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.withUnsafeBufferPointer { Int(crc32_z(0, $0.baseAddress, $0.count)) }
  }
}
