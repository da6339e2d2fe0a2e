internal import Foundation

/// A file without a name: it is gone with the last reference to it, or with the process.
final class ScratchFile {
  private let descriptor: CInt
  private let folder: String
  private var count = 0

  private static var folder: String { ProcessInfo.processInfo.environment["TMPDIR"] ?? "/var/tmp" }

  /// How many bytes files without names may still take.
  static var freeByteCount: Int {
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
    return (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
  }

  /// Makes a file in the folder that `TMPDIR` names, or in `/var/tmp`, which is on a disk where `/tmp` may not be.
  init() throws(FileError) {
    folder = ScratchFile.folder
    var template = Array("\(folder)/thaw-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw ScratchFile.failed(folder, errno) }
    unlink(template)
  }

  deinit { close(descriptor) }

  func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    do throws(FileError) {
      try FileWriter.writeAll(bytes, to: descriptor, path: folder)
    } catch {
      throw error.kind == .diskFull ? ScratchFile.failed(folder, ENOSPC) : error
    }
    count += bytes.count
  }

  /// What was written, mapped into memory.
  func contents() throws(FileError) -> ByteRegion {
    guard count > 0 else { return ByteRegion([]) }
    guard let address = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0), address != MAP_FAILED else {
      throw ScratchFile.failed(folder, errno)
    }
    // The mapping keeps the file, also when its descriptor is closed.
    let bytes = UnsafeRawBufferPointer(start: address, count: count)
    return ByteRegion(bytes, owner: MappedScratch(bytes))
  }

  private static func failed(_ folder: String, _ code: CInt) -> FileError {
    var error = FileError.writing(folder, code)
    error.place = "a temporary file"
    error.advice = "make room there, or set TMPDIR to another folder"
    return error
  }
}

/// The mapping of a file without a name.
final class MappedScratch: @unchecked Sendable {
  // Unchecked because of the pointer: nobody writes to the file any more.
  private let bytes: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
