internal import Foundation

/// Replaces a file whole or not at all.
///
/// The bytes go to a file without a name in the same folder and are synced; then it gets a name, is renamed over the
/// old file, and the folder is synced. A crash at any moment leaves the old file or the new one. A crash while bytes are
/// written leaves nothing else, because a file without a name goes away with its process; on a file system that has no
/// such files, a temporary one with a name beginning with `.` and ending in `.thaw` takes its place.
package enum AtomicFile {
  /// Writes a file.
  ///
  /// The permissions of a file that is replaced are kept. A symbolic link stays a link: its target is replaced.
  ///
  /// - Parameters:
  ///   - path: The file to write or replace.
  ///   - allowsUnnamed: Whether a file without a name may be used; tests switch it off.
  ///   - beforeReplacing: Runs when all bytes are on disk and the old file is still in place. When it throws, the old
  ///     file stays.
  ///   - body: Writes the bytes. When it throws, the old file stays.
  /// - Throws: ``FileError`` when the folder or the file cannot be written, or the disk is full.
  package static func write(
    to path: String, allowsUnnamed: Bool = true, beforeReplacing: () throws(FileError) -> Void = {},
    _ body: (inout FileWriter) throws(FileError) -> Void
  ) throws(FileError) {
    let target = try resolvingLinks(path)
    let folder = target.folder
    try checkFolder(folder, path)
    let old = try status(of: target.path, path)

    var temporary = try TemporaryFile(beside: target, mode: old.map { $0.st_mode & 0o7777 }, allowsUnnamed, path)
    if let old { temporary.takeOver(owner: old.st_uid, group: old.st_gid, mode: old.st_mode & 0o7777) }
    var writer = FileWriter(temporary.descriptor, path: path)
    try body(&writer)
    try writer.flush()
    guard fsync(temporary.descriptor) == 0 else { throw FileError.writing(path, errno) }
    try beforeReplacing()
    try temporary.rename(over: target.path, path)
    try syncFolder(folder, path)
  }

  /// Finds out whether a file could be written, and writes nothing.
  ///
  /// - Throws: ``FileError`` for a folder that is missing, no folder or not writable, and for a file that may not be
  ///   replaced. A disk that is full shows only when bytes are written.
  package static func checkWritable(_ path: String) throws(FileError) {
    let target = try resolvingLinks(path)
    try checkFolder(target.folder, path)
    _ = try status(of: target.path, path)
    guard access(target.folder, W_OK | X_OK) == 0 else { throw FileError.writing(path, errno) }
  }

  /// A path in its parts.
  struct Location {
    var folder: String
    var name: String
    var path: String { folder + "/" + name }

    init(_ path: String) {
      let url = path.split(separator: "/", omittingEmptySubsequences: false)
      name = String(url.last ?? "")
      folder = url.count > 1 ? url.dropLast().joined(separator: "/") : "."
      if folder.isEmpty { folder = "/" }
    }
  }

  /// Follows symbolic links at the end of the path, also to a target that does not exist yet.
  static func resolvingLinks(_ path: String) throws(FileError) -> Location {
    var location = Location(path)
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    for _ in 0..<40 {
      guard !location.name.isEmpty else { throw FileError(.isFolder, path: path) }
      let length = readlink(location.path, &buffer, buffer.count - 1)
      guard length > 0 else { return location }
      let target = String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
      location = Location(target.hasPrefix("/") ? target : location.folder + "/" + target)
    }
    throw FileError.writing(path, ELOOP)
  }

  private static func checkFolder(_ folder: String, _ path: String) throws(FileError) {
    var status = stat()
    guard stat(folder, &status) == 0 else { throw FileError.writing(path, errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw FileError(.parentIsFile, path: path) }
  }

  /// The state of the file to be replaced, nil when there is none.
  private static func status(of target: String, _ path: String) throws(FileError) -> stat? {
    var status = stat()
    guard stat(target, &status) == 0 else {
      guard errno == ENOENT else { throw FileError.writing(path, errno) }
      return nil
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw FileError(.isFolder, path: path)
    default: throw FileError(.notRegular, path: path)
    }
    // Renaming asks only for the folder's permission; a file that says "do not write" means it.
    guard access(target, W_OK) == 0 else { throw FileError.writing(path, errno) }
    return status
  }

  private static func syncFolder(_ folder: String, _ path: String) throws(FileError) {
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
    guard descriptor >= 0 else { throw FileError.writing(path, errno) }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder and say so with EINVAL; the file itself is synced.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw FileError.writing(path, errno) }
  }
}
