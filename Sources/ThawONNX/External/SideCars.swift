internal import Foundation

/// The side-cars of the model that a save replaces, and the names for new ones.
package struct SideCars {
  /// Whether the model that is replaced is the one that is saved.
  let isSource: Bool
  private let target: AtomicFile.Location
  /// What of the replaced model's external data would be of no more use.
  private let own: [String]

  /// Where a tensor begins: at multiples of a page, so that a mapping of it is aligned for every type.
  private static let alignment = 4096

  static func aligned(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }

  /// Looks at the model at `target`, which need not be there.
  ///
  /// Of a model that is saved over itself, all side-cars in its folder are its own; of another one, those that bear the
  /// name that Thaw gives. One that another model of the folder names is nobody's own.
  init(of target: AtomicFile.Location, isSource: Bool) {
    self.target = target
    self.isSource = isSource
    let named = (try? ModelProto(contentsOf: target.path))?.externalLocations ?? []
    let candidates = named.filter { location in
      (isSource || SideCars.isName(location, of: target.name)) && SideCars.isInside(location, target.folder)
    }
    let others = candidates.isEmpty ? [] : SideCars.namesOfOthers(beside: target) ?? candidates
    own = candidates.subtracting(others).sorted()
  }

  /// A name that no file of the folder has.
  var freeName: String {
    var name = "\(target.name).data"
    var number = 1
    var status = stat()
    while lstat("\(target.folder)/\(name)", &status) == 0 {
      name = "\(target.name).\(number).data"
      number += 1
    }
    return name
  }

  /// Throws when a side-car that would go has another name: whoever made that expects to see what is saved.
  func checkReplaceable() throws(FileError) {
    guard isSource else { return }
    for location in own {
      let path = "\(target.folder)/\(location)"
      var status = stat()
      guard lstat(path, &status) == 0, status.st_nlink > 1 else { continue }
      throw FileError(
        .hardLinked, path: path, expected: "external data under one name", found: "\(status.st_nlink) names",
        advice: "save the model to another path")
    }
  }

  /// Whether a file still stands at a location.
  func holds(_ file: Mapping, at location: String) -> Bool {
    var status = stat()
    guard let path = ExternalFolder.resolved("\(target.folder)/\(location)"), stat(path, &status) == 0 else {
      return false
    }
    return Mapping.Identity(status) == file.identity
  }

  /// Writes a side-car under a name that is free.
  static func write(_ pieces: [ByteRegion], to path: String) throws(FileError) {
    do throws(FileError) {
      for piece in pieces { try piece.mapping?.checkUnchanged() }
      try AtomicFile.write(to: path) { writer throws(FileError) in
        for piece in pieces {
          try writer.align(to: alignment)
          try writer.write(piece)
        }
      }
    } catch {
      throw error.at(path: path)
    }
  }

  /// Removes the replaced model's own side-cars that the new one does not name.
  func remove(except kept: Set<String>) {
    for location in own where !kept.contains(location) {
      let path = "\(target.folder)/\(location)"
      var status = stat()
      if lstat(path, &status) == 0, status.st_nlink == 1 { SideCars.remove(path) }
    }
  }

  /// Removes a file. One that stays is no harm but its size.
  static func remove(_ path: String) { unlink(path) }

  /// The files beside a model that bear the name of a side-car of it, and that neither it nor another model names;
  /// nil when that cannot be told.
  package static func orphans(beside path: String) -> [String]? {
    guard let target = ExternalFolder.resolved(path).map({ AtomicFile.Location($0) }),
      let names = try? FileManager.default.contentsOfDirectory(atPath: target.folder),
      case let candidates = names.filter({ isName($0, of: target.name) }), !candidates.isEmpty,
      let own = try? ModelProto(contentsOf: target.path), let others = namesOfOthers(beside: target)
    else { return nil }
    return Set(candidates).subtracting(own.externalLocations).subtracting(others).sorted()
  }

  /// `NAME.data` or `NAME.7.data`.
  private static func isName(_ location: String, of model: String) -> Bool {
    guard location.hasPrefix(model + "."), location.hasSuffix(".data") else { return false }
    let middle = location.dropFirst(model.count + 1).dropLast("data".count)
    return middle.isEmpty || middle.hasSuffix(".") && Int(middle.dropLast()) != nil
  }

  /// Whether a location is a regular file in the folder, and no link leads to it.
  private static func isInside(_ location: String, _ folder: String) -> Bool {
    var status = stat()
    guard let folder = ExternalFolder.resolved(folder), lstat("\(folder)/\(location)", &status) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else { return false }
    return ExternalFolder.resolved("\(folder)/\(location)") == (folder == "/" ? "" : folder) + "/" + location
  }

  /// The locations that the other models of the folder name; nil when one of them cannot be read.
  private static func namesOfOthers(beside target: AtomicFile.Location) -> Set<String>? {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: target.folder) else { return nil }
    var locations: Set<String> = []
    for name in names where name != target.name && (name.hasSuffix(".onnx") || name.hasSuffix(".onnx.gz")) {
      guard let other = try? ModelProto(contentsOf: "\(target.folder)/\(name)") else { return nil }
      locations.formUnion(other.externalLocations)
    }
    return locations
  }
}
