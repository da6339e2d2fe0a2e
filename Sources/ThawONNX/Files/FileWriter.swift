internal import Foundation

/// Writes bytes to an open file, the small pieces gathered into large ones.
package struct FileWriter: ~Copyable {
  /// The number of bytes given so far.
  package private(set) var count = 0

  private let descriptor: CInt
  private let path: String
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferSize, alignment: 16)
  private var buffered = 0

  private static let bufferSize = 1 << 18

  init(_ descriptor: CInt, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { buffer.deallocate() }

  /// Adds bytes to the file.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    count += bytes.count
    if buffered + bytes.count > FileWriter.bufferSize { try flush() }
    if bytes.count >= FileWriter.bufferSize {
      try FileWriter.writeAll(bytes, to: descriptor, path: path)
    } else {
      UnsafeMutableRawBufferPointer(rebasing: buffer[buffered...]).copyMemory(from: bytes)
      buffered += bytes.count
    }
  }

  /// Adds bytes to the file.
  package mutating func write(_ bytes: [UInt8]) throws(FileError) {
    try ByteRegion(bytes).withUnsafeBytes { bytes throws(FileError) in try write(bytes) }
  }

  /// Adds bytes, those of an open file without taking them into memory; what the file has as holes stays holes.
  mutating func write(_ region: ByteRegion) throws(FileError) {
    try flush()
    let end = count + region.count
    try region.withUnsafeBytes { bytes throws(FileError) in
      guard let mapping = region.mapping, mapping.isMapped, let start = bytes.baseAddress,
        let origin = mapping.bytes.baseAddress
      else { return try write(bytes) }
      var offset = start - origin
      let limit = offset + bytes.count
      while offset < limit {
        let data = lseek(mapping.descriptor, off_t(offset), FileWriter.seekData)
        if data < 0, errno != ENXIO {
          // A file system that knows no holes.
          try write(UnsafeRawBufferPointer(rebasing: mapping.bytes[offset..<limit]))
          break
        }
        let next = data < 0 ? limit : min(Int(data), limit)
        try skip(next - offset)
        guard next < limit else { break }
        let hole = lseek(mapping.descriptor, off_t(next), FileWriter.seekHole)
        offset = hole > off_t(next) ? min(Int(hole), limit) : limit
        try copy(UnsafeRawBufferPointer(rebasing: mapping.bytes[next..<offset]), from: mapping, at: next)
      }
    }
    precondition(count == end, "every byte of a region is written")
  }

  /// Adds zero bytes up to a multiple of `alignment`.
  mutating func align(to alignment: Int) throws(FileError) {
    try skip((alignment - count % alignment) % alignment)
  }

  /// Adds zero bytes, as a hole where the file system has such.
  private mutating func skip(_ distance: Int) throws(FileError) {
    guard distance > 0 else { return }
    try flush()
    count += distance
    guard ftruncate(descriptor, off_t(count)) == 0, lseek(descriptor, off_t(count), SEEK_SET) >= 0 else {
      throw FileError.writing(path, errno)
    }
  }

  /// Adds bytes of an open file, by the kernel's copy where it has one for these two files.
  private mutating func copy(
    _ bytes: UnsafeRawBufferPointer, from mapping: Mapping, at start: Int
  ) throws(FileError) {
    try flush()
    var done = 0
    #if os(Linux)
      var source = off_t(start)
      while done < bytes.count {
        let copied = sendfile(descriptor, mapping.descriptor, &source, min(bytes.count - done, 1 << 30))
        if copied > 0 {
          done += copied
        } else if copied == 0 || errno != EINTR {
          break
        }
      }
      count += done
    #endif
    if done < bytes.count { try write(UnsafeRawBufferPointer(rebasing: bytes[done...])) }
  }

  // Linux's numbers; macOS has the same two, the other way round.
  #if os(Linux)
    private static let (seekData, seekHole): (CInt, CInt) = (3, 4)
  #else
    private static let (seekData, seekHole): (CInt, CInt) = (4, 3)
  #endif

  mutating func flush() throws(FileError) {
    let pending = UnsafeRawBufferPointer(rebasing: buffer[..<buffered])
    buffered = 0
    try FileWriter.writeAll(pending, to: descriptor, path: path)
  }

  /// Writes bytes that are not worth gathering.
  static func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: CInt, path: String
  ) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      // One call writes at most about 2 GiB on Linux.
      let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      let written = Foundation.write(descriptor, piece.baseAddress, piece.count)
      if written > 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        throw FileError.writing(path, errno)
      }
    }
  }
}

extension FileError {
  /// The error of a writing call that left `code` in `errno`.
  package static func writing(_ path: String, _ code: CInt) -> FileError {
    switch code {
    case ENOSPC, EDQUOT: FileError(.diskFull, path: path, advice: "make room and save again")
    case EACCES, EPERM, EROFS:
      FileError(.notWritable, path: path, advice: "check the permissions of the file and its folder")
    case ENOENT: FileError(.folderMissing, path: path, advice: "make the folder first")
    case ENOTDIR: FileError(.parentIsFile, path: path)
    case EISDIR: FileError(.isFolder, path: path)
    default: FileError(.writeFailed, path: path, found: String(cString: strerror(code)))
    }
  }
}
