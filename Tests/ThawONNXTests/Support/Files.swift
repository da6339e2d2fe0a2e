import Foundation

/// Where the tests' files are.
enum Files {
  /// The folder of this test target.
  static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

  /// Models that are not part of the package, in a folder (or a link to one) beside it.
  static let shared = tests.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared").resolvingSymlinksInPath()

  static var hasShared: Bool { FileManager.default.fileExists(atPath: shared.path) }

  static func fixture(_ name: String) -> String { tests.appending(path: "Fixtures/\(name)").path }

  static var fixtures: [String] { models(under: tests.appending(path: "Fixtures")) }

  /// The paths of all files under `folder` that end in one of the given extensions, sorted.
  static func models(under folder: URL, extensions: Set<String> = ["onnx"]) -> [String] {
    guard let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
    return files.compactMap { $0 as? URL }.filter { extensions.contains($0.pathExtension) }.map(\.path).sorted()
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  /// Runs `body` with a new folder that is removed afterwards.
  static func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }

  static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    try Data(bytes).write(to: URL(filePath: path))
  }
}
