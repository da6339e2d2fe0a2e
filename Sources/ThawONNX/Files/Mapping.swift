internal import Foundation

/// The bytes of an open file, read-only, alive as long as any part of them is in use.
///
/// A large file is mapped into memory: opening it touches no page, and a page is read when it is first used. Replacing
/// the file by renaming another over it, as Thaw saves, leaves a mapping intact. A program that cuts the file short in
/// place does not: a page that is gone ends the process with a bus error, which no library can turn into an error
/// everywhere. Two measures keep that small. A file of up to ``residentLimit`` bytes is read into memory at once, and
/// ``checkUnchanged()``, which Thaw calls before it reads a tensor's elements, reports a file that shrank or changed.
public final class Mapping: @unchecked Sendable {
  // Unchecked because of the pointer: nothing writes through it between `init` and `deinit`.

  /// Files up to this size, in bytes, are read into memory and not mapped.
  public static let residentLimit = 1 << 20

  /// What tells one file from another, and one state of a file from the next.
  public struct Identity: Hashable, Sendable {
    /// The device the file is on.
    public var device: UInt64
    /// The file's number on the device.
    public var inode: UInt64
    /// The size in bytes.
    public var size: Int
    /// When the content last changed, in nanoseconds since 1970.
    public var modified: Int64

    init(_ status: stat) {
      #if canImport(Darwin)
        let time = status.st_mtimespec
      #else
        let time = status.st_mtim
      #endif
      device = UInt64(truncatingIfNeeded: status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int(status.st_size)
      modified = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
  }

  /// The path the file was opened by.
  public let path: String
  /// The file's identity when it was opened.
  public let identity: Identity
  /// Whether the bytes are mapped, and not in memory of their own.
  public let isMapped: Bool

  package let bytes: UnsafeRawBufferPointer
  /// The open file; -1 where the bytes are in memory of their own.
  let descriptor: CInt

  /// Opens a file.
  ///
  /// - Throws: ``FileError`` when there is no file, it may not be read, or it is not a regular file.
  public init(_ path: String) throws(FileError) {
    // O_NONBLOCK: opening a pipe would otherwise wait for its writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError.opening(path, errno) }
    do throws(FileError) {
      identity = try Mapping.identity(of: descriptor, path)
      isMapped = identity.size > Mapping.residentLimit
      bytes =
        isMapped
        ? try Mapping.map(descriptor, identity.size, path) : try Mapping.read(descriptor, identity.size, path)
    } catch {
      close(descriptor)
      throw error
    }
    self.path = path
    if isMapped {
      self.descriptor = descriptor
    } else {
      close(descriptor)
      self.descriptor = -1
    }
  }

  deinit {
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
      close(descriptor)
    } else {
      bytes.deallocate()
    }
  }

  /// Throws if the file is no longer what was opened.
  ///
  /// The file is asked through its own descriptor, so one that was replaced by renaming passes: its old content is
  /// still there. Bytes read into memory always pass.
  public func checkUnchanged() throws(FileError) {
    guard isMapped else { return }
    let now = try Mapping.identity(of: descriptor, path)
    guard now != identity else { return }
    throw FileError(
      .changed, path: path, expected: "\(identity.size) bytes, unchanged",
      found: now.size == identity.size ? "other content" : "\(now.size) bytes", advice: "open it again")
  }

  /// Returns the memory of a part of a mapped file to the system; whoever reads it again gets it from the file.
  func returnPages(of part: UnsafeRawBufferPointer) {
    guard isMapped, let start = part.baseAddress else { return }
    let page = Int(getpagesize())
    // Neighbours may be in use: whole pages only.
    let first = (Int(bitPattern: start) + page - 1) / page * page
    let end = (Int(bitPattern: start) + part.count) / page * page
    guard first < end else { return }
    madvise(UnsafeMutableRawPointer(bitPattern: first), end - first, MADV_DONTNEED)
  }

  private static func identity(of descriptor: CInt, _ path: String) throws(FileError) -> Identity {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError.opening(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw FileError(.isFolder, path: path)
    default: throw FileError(.notRegular, path: path)
    }
    return Identity(status)
  }

  private static func map(_ descriptor: CInt, _ size: Int, _ path: String) throws(FileError) -> UnsafeRawBufferPointer {
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw FileError.opening(path, errno) }
    return UnsafeRawBufferPointer(start: address, count: size)
  }

  private static func read(
    _ descriptor: CInt, _ size: Int, _ path: String
  ) throws(FileError) -> UnsafeRawBufferPointer {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    var count = 0
    while count < size {
      let got = Foundation.read(descriptor, buffer.baseAddress! + count, size - count)
      if got > 0 {
        count += got
      } else if got == 0 {
        buffer.deallocate()
        throw FileError(.changed, path: path, expected: "\(size) bytes", found: "\(count)", advice: "open it again")
      } else if errno != EINTR {
        let code = errno
        buffer.deallocate()
        throw FileError.opening(path, code)
      }
    }
    return UnsafeRawBufferPointer(buffer)
  }
}

extension FileError {
  /// The error of an `open` or `read` that left `code` in `errno`.
  static func opening(_ path: String, _ code: CInt) -> FileError {
    switch code {
    case ENOENT, ENOTDIR: FileError(.notFound, path: path)
    case EACCES, EPERM: FileError(.notReadable, path: path, advice: "check the permissions of the file and its folders")
    case EISDIR: FileError(.isFolder, path: path)
    case ENXIO: FileError(.notRegular, path: path)
    default: FileError(.readFailed, path: path, found: String(cString: strerror(code)))
    }
  }
}
