internal import CZlib
internal import Foundation

/// Files compressed with gzip, as `model.onnx.gz`.
enum Gzip {
  /// Whether bytes begin as a gzip file does.
  static func isCompressed(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

  /// What a compressed file expands to, its members one after the other; checksums and lengths are checked.
  ///
  /// - Parameter limit: the most bytes to expand to.
  /// - Throws: ``FileError`` of kind `tooLarge`, `truncated` or `malformed`.
  static func expand(_ source: UnsafeRawBufferPointer, limit: Int) throws(FileError) -> ByteRegion {
    let output = try GrowingBytes(limit: limit, capacity: source.count)
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    // 16: a gzip header and trailer.
    guard inflateInit2_(stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw FileError(.readFailed, found: "zlib could not be started")
    }
    defer { inflateEnd(stream) }
    var taken = 0
    while true {
      try output.makeRoom()
      // zlib counts in 32 bits.
      let left = min(source.count - taken, 1 << 30)
      let room = min(output.room, 1 << 30)
      stream.pointee.next_in = UnsafeMutablePointer(
        mutating: source.baseAddress.map { ($0 + taken).assumingMemoryBound(to: UInt8.self) })
      stream.pointee.avail_in = UInt32(left)
      stream.pointee.next_out = output.end
      stream.pointee.avail_out = UInt32(room)
      let status = inflate(stream, Z_NO_FLUSH)
      taken += left - Int(stream.pointee.avail_in)
      output.count += room - Int(stream.pointee.avail_out)
      switch status {
      case Z_STREAM_END where taken == source.count: return try output.finish()
      case Z_STREAM_END: inflateReset(stream)
      case Z_OK, Z_BUF_ERROR:
        // Neither an end nor a byte more to read: the rest is missing.
        guard taken < source.count || stream.pointee.avail_out == 0 else {
          throw FileError(.truncated, offset: taken, expected: "the rest of the compressed data", found: "the end")
        }
      default:
        throw FileError(
          .malformed, offset: taken, expected: "gzip data",
          found: stream.pointee.msg.map { String(cString: $0) } ?? "something else")
      }
    }
  }
}

/// Memory that grows by doubling up to a limit.
private final class GrowingBytes: @unchecked Sendable {
  // Unchecked because of the pointer: nothing writes through it after `finish()`.
  private var start: UnsafeMutableRawPointer
  private var capacity: Int
  private let limit: Int
  var count = 0

  init(limit: Int, capacity: Int) throws(FileError) {
    self.limit = min(limit, Int.max - 1)
    self.capacity = max(1 << 16, min(limit, capacity))
    guard let start = malloc(self.capacity) else { throw GrowingBytes.noMemory }
    self.start = start
  }

  deinit { free(start) }

  var room: Int { capacity - count }
  var end: UnsafeMutablePointer<UInt8> { (start + count).assumingMemoryBound(to: UInt8.self) }

  /// Makes room for a byte more, up to one more than the limit: by that one, a stream that ends there is told from a
  /// longer one.
  func makeRoom() throws(FileError) {
    try checkLimit()
    guard room == 0 else { return }
    capacity = capacity > limit / 2 ? limit + 1 : capacity * 2
    guard let grown = realloc(start, capacity) else { throw GrowingBytes.noMemory }
    start = grown
  }

  func finish() throws(FileError) -> ByteRegion {
    try checkLimit()
    if let trimmed = realloc(start, max(count, 1)) { start = trimmed }
    return ByteRegion(UnsafeRawBufferPointer(start: start, count: count), owner: self)
  }

  private func checkLimit() throws(FileError) {
    guard count <= limit else {
      throw FileError(
        .tooLarge, expected: "compressed data that expands to at most \(limit) bytes", found: "more",
        advice: "if you trust the file, run `gunzip` on it")
    }
  }

  private static let noMemory = FileError(.readFailed, found: "no memory for what the file expands to")
}

/// Compresses what is written to a file. The same bytes give the same file: it holds no name and no time.
final class GzipWriter {
  // zlib's state points back at its stream, which therefore must not move.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)

  init() throws(FileError) {
    stream.initialize(to: z_stream())
    let status = deflateInit2_(
      stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw FileError(.writeFailed, found: "zlib could not be started") }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
    buffer.deallocate()
  }

  /// Adds bytes.
  func write(_ bytes: UnsafeRawBufferPointer, to file: inout FileWriter) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      try run(piece, Z_NO_FLUSH, &file)
      rest = rest.dropFirst(piece.count)
    }
  }

  /// Ends the compressed data.
  func finish(_ file: inout FileWriter) throws(FileError) {
    try run(UnsafeRawBufferPointer(start: nil, count: 0), Z_FINISH, &file)
  }

  private func run(
    _ input: UnsafeRawBufferPointer, _ flush: Int32, _ file: inout FileWriter
  ) throws(FileError) {
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(input.count)
    repeat {
      stream.pointee.next_out = buffer.baseAddress
      stream.pointee.avail_out = UInt32(buffer.count)
      guard deflate(stream, flush) != Z_STREAM_ERROR else {
        throw FileError(.writeFailed, found: "zlib could not compress")
      }
      let count = buffer.count - Int(stream.pointee.avail_out)
      try file.write(UnsafeRawBufferPointer(start: buffer.baseAddress, count: count))
      // A buffer that is not full means that zlib has no more to give.
    } while stream.pointee.avail_out == 0
  }
}
