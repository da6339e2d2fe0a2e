import Foundation

/// The built command, run as a process of its own.
enum Thaw {
  struct Result: Sendable {
    let code: Int32
    let output: String
    let error: String
  }

  /// The tests and the command are built into one folder.
  static let path: String = {
    let test = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return test.deletingLastPathComponent().appending(path: "thaw").path
  }()

  static func process(_ arguments: [String], in folder: String) -> Process {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    return process
  }

  /// Runs the command to its end.
  ///
  /// - Parameter path: where it looks for other programs; where the tests do when left out.
  static func run(_ arguments: [String], in folder: String, path: String? = nil) throws -> Result {
    let process = process(arguments, in: folder)
    if let path {
      process.environment = ProcessInfo.processInfo.environment.merging(["PATH": path]) { $1 }
    }
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    try process.run()
    // What the command says fits into a pipe, so that one can be read after the other.
    let outputData = output.fileHandleForReading.readDataToEndOfFile()
    let errorData = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    // A signal is told from an exit code.
    let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Result(
      code: code, output: String(decoding: outputData, as: UTF8.self), error: String(decoding: errorData, as: UTF8.self)
    )
  }

  /// Runs `body` with a new folder that is removed afterwards.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }
}
