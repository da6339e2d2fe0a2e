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
