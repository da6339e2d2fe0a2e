internal import Foundation

/// A file on its way to another's place. It is removed when it goes away before it got there.
struct TemporaryFile: ~Copyable {
  let descriptor: CInt
  private let folder: String
  private var namedPath: String?

  /// Creates the file.
  ///
  /// - Parameter mode: The permissions it will get; nil for those that new files have here.
  init(
    beside target: AtomicFile.Location, mode: mode_t?, _ allowsUnnamed: Bool, _ path: String
  ) throws(FileError) {
    folder = target.folder
    // Until it has its final permissions, a file that replaces another is the owner's alone.
    let creation: mode_t = mode == nil ? 0o666 : 0o600
    #if os(Linux)
      // Linux's O_TMPFILE, which the importer does not see: __O_TMPFILE | O_DIRECTORY.
      let unnamed = allowsUnnamed ? open(folder, 0o20000000 | O_DIRECTORY | O_WRONLY | O_CLOEXEC, creation) : -1
    #else
      let unnamed: CInt = -1
    #endif
    if unnamed >= 0 {
      descriptor = unnamed
      return
    }
    let name = TemporaryFile.freshPath(folder)
    let named = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, creation)
    guard named >= 0 else { throw FileError.writing(path, errno) }
    descriptor = named
    namedPath = name
  }

  deinit {
    close(descriptor)
    if let namedPath { unlink(namedPath) }
  }

  /// Gives the file the owner and permissions of the one it replaces, as far as the process may.
  func takeOver(owner: uid_t, group: gid_t, mode: mode_t) {
    // A change of owner clears the set-id bits, so it comes first. Only root may give files away.
    if fchown(descriptor, owner, group) != 0 { _ = fchown(descriptor, uid_t.max, group) }
    _ = fchmod(descriptor, mode)
  }

  /// Puts the file in place of `target`.
  mutating func rename(over target: String, _ path: String) throws(FileError) {
    if namedPath == nil {
      let name = TemporaryFile.freshPath(folder)
      guard linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 else {
        throw FileError.writing(path, errno)
      }
      namedPath = name
    }
    guard let namedPath, Foundation.rename(namedPath, target) == 0 else { throw FileError.writing(path, errno) }
    self.namedPath = nil
  }

  private static func freshPath(_ folder: String) -> String {
    folder + "/." + String(UInt64.random(in: .min ... .max), radix: 36) + ".thaw"
  }
}
