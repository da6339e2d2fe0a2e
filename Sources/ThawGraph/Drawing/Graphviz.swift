import Foundation
import ThawONNX

/// Graphviz's program `dot`, which finds places for what a drawing holds.
///
/// It runs as a process of its own, found in `PATH`, on files without a name.
public enum Graphviz {
  /// How long `dot` may take.
  public struct Patience: Sendable {
    /// Two minutes where nothing else is said: enough for 5,000 boxes that are tangled.
    public var seconds = 120.0
    /// Whether somebody wants it to end; asked many times a second.
    public var isInterrupted: @Sendable () -> Bool = { false }

    public init() {}
  }

  /// Whether `dot` is there.
  public static var isInstalled: Bool { program != nil }

  /// What `dot` can make of a text.
  public enum Output: String, Sendable { case svg, png }

  /// Lays a drawing out.
  ///
  /// - Parameters:
  ///   - text: in DOT.
  ///   - patience: how long `dot` may take.
  /// - Returns: the bytes of a file.
  /// - Throws: `DrawingError` when `dot` is missing, refuses the text or takes too long.
  public static func layOut(_ text: String, as output: Output, _ patience: Patience = Patience()) throws -> Data {
    guard let program else { throw DrawingError.missing }
    let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = ["dot", "out", "log"].map { folder.appending(path: $0) }
    try Data(text.utf8).write(to: files[0])
    for file in files.dropFirst() { try Data().write(to: file) }
    let process = Process()
    process.executableURL = program
    process.arguments = ["-T\(output.rawValue)"] + (output == .png ? ["-Gdpi=110"] : [])
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    let start = ContinuousClock.now
    while ended.wait(timeout: .now() + .milliseconds(50)) != .success {
      let isInterrupted = patience.isInterrupted()
      // In seconds: no Duration has room for what somebody may ask for.
      guard isInterrupted || start.duration(to: .now) / .seconds(1) > patience.seconds else { continue }
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      throw isInterrupted ? DrawingError(message: "interrupted: nothing was drawn") : DrawingError.outOfTime(patience)
    }
    let result = try Data(contentsOf: files[1])
    let log = String(decoding: try Data(contentsOf: files[2]), as: UTF8.self)
    guard process.terminationReason == .exit, process.terminationStatus == 0, !result.isEmpty else {
      throw DrawingError(
        message: "`dot` (\(program.path)) failed: "
          + (log.split(separator: "\n").first.map(String.init) ?? "it ended with \(process.terminationStatus)")
          + "; draw to a .dot file to see the text that it was given")
    }
    if let scale = log.firstMatch(of: /Scaling by (\d*\.?\d+)/).flatMap({ Double($0.1) }), scale < leastScale {
      throw DrawingError(
        message: "the drawing is too large for a .\(output.rawValue), which would show it at "
          + String(format: "%.0f %%", 100 * scale) + " of its size; draw to .svg or .html, which have no limit")
    }
    return result
  }

  /// How much a picture may be made smaller than it is by `dot`, which gives bitmaps at most 32,767 pixels a side.
  private static let leastScale = 0.5

  /// The first executable file of this name in `PATH`.
  private static var program: URL? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { URL(filePath: String($0)).appending(path: "dot") }
      .first {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: $0.path, isDirectory: &isFolder) && !isFolder.boolValue
          && FileManager.default.isExecutableFile(atPath: $0.path)
      }
  }
}

/// Why a drawing cannot be made.
public struct DrawingError: Error, Hashable, Sendable, CustomStringConvertible {
  public let message: String

  /// A name that says no kind of drawing.
  public static func ending(of path: String) -> DrawingError {
    DrawingError(message: "\(path): a drawing's name should end in .svg, .png, .dot or .html")
  }

  fileprivate static func outOfTime(_ patience: Graphviz.Patience) -> DrawingError {
    DrawingError(
      message: "`dot` found no layout within \(patience.seconds.formatted()) seconds: the drawing is very large; let "
        + "blocks that repeat be drawn once (--fold), draw a part (thaw extract), give it more time (--max-seconds), or "
        + "draw to a .dot file and lay it out with another of Graphviz's programs, such as sfdp")
  }

  static let missing = DrawingError(
    message:
      "Graphviz's program `dot`, which lays drawings out, is not in PATH: install it (Debian and Ubuntu: apt-get "
      + "install graphviz; Fedora: dnf install graphviz; macOS: brew install graphviz), or draw to a .dot file, which "
      + "needs no program")

  public var description: String { message }
}
