internal import Foundation

/// The folder that a model's external data must be in, and the one place that decides what is inside.
///
/// The model's own path is resolved first. Where a link leads to the model and the side-car stands beside the link, as
/// in the caches of model hubs, the side-car is found there, and must lie inside that folder.
struct ExternalFolder {
  /// Resolved folders to look in, the model's own first.
  private let folders: [String]
  private let allowsLinks: Bool

  /// - Parameter model: the model's path as it was given.
  init(of model: String, allowsLinks: Bool) throws(FileError) {
    guard let target = ExternalFolder.resolved(model), let beside = ExternalFolder.resolved(Self.parent(of: model))
    else { throw FileError.opening(model, errno) }
    let own = Self.parent(of: target)
    folders = own == beside ? [own] : [own, beside]
    self.allowsLinks = allowsLinks
  }

  /// Opens a side-car.
  ///
  /// - Throws: ``FileError``: `outsideFolder` for a location that is empty, absolute or leads up, `linkOut` for a link out
  ///   of the folder, and what ``Mapping`` throws.
  func open(_ location: String) throws(FileError) -> Mapping {
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.isEmpty, !location.hasPrefix("/"), !parts.contains(".."), !location.utf8.contains(0) else {
      throw FileError(
        .outsideFolder, expected: "a location relative to \(folders[0]), without '..'", found: "'\(location)'")
    }
    for folder in folders {
      let path = "\(folder)/\(location)"
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      guard let target = Self.resolved(path) else { throw FileError.opening(path, errno) }
      let prefix = folder.hasSuffix("/") ? folder : folder + "/"
      guard allowsLinks || target == folder || target.hasPrefix(prefix) else {
        throw FileError(
          .linkOut, path: path, expected: "a file in \(folder)", found: "a link to \(target)",
          advice: "if you trust it, open the model with --allow-links (in Swift: allowLinks: true)")
      }
      return try Mapping(target)
    }
    throw FileError(
      .notFound, path: "\(folders[0])/\(location)",
      advice: "the model's external data should stand in \(folders.joined(separator: " or ")): put '\(location)' there")
  }

  private static func parent(of path: String) -> String { AtomicFile.Location(path).folder }

  /// The path without links, nil when there is nothing.
  static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
