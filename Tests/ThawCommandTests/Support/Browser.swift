import Foundation

/// A browser without a window, where one is installed.
enum Browser {
  static let program: URL? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return ["chromium", "chromium-browser", "google-chrome"].flatMap { name in
      folders.map { URL(filePath: String($0)).appending(path: name) }
    }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  /// What a page has become when its scripts have run.
  ///
  /// - Parameter size: of the window, in pixels.
  static func document(of page: String, in folder: String, size: (Int, Int) = (1200, 900)) throws -> String {
    let process = Process()
    process.executableURL = program
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder)/browser-\(UUID().uuidString)",
      "--window-size=\(size.0),\(size.1)", "--dump-dom", "file://\(folder)/\(page)",
    ]
    let output = "\(folder)/\(UUID().uuidString).txt"
    for name in [output, output + ".log"] { try Data().write(to: URL(filePath: name)) }
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: output))
    process.standardError = try FileHandle(forWritingTo: URL(filePath: output + ".log"))
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    try process.run()
    if ended.wait(timeout: .now() + 90) != .success { process.terminate() }
    return String(decoding: try Data(contentsOf: URL(filePath: output)), as: UTF8.self)
  }

  /// A script that ended with an error.
  struct ScriptFailure: Error, Decodable { let error: String }

  /// What a script finds when it runs in a page that is there: the object it gives, as JSON.
  ///
  /// - Parameter script: the body of a function. The page's rule against scripts of others is taken out of a copy.
  static func run<Result: Decodable>(
    _ script: String, in page: String, of folder: String, size: (Int, Int) = (1200, 900), as type: Result.Type
  ) throws -> Result {
    var text = try String(contentsOfFile: "\(folder)/\(page)", encoding: .utf8)
    text = text.replacing(/<meta http-equiv="Content-Security-Policy"[^>]*>/, with: "")
    let end = text.range(of: "</body>", options: .backwards)?.lowerBound ?? text.endIndex
    text.insert(
      contentsOf: """
        <script>
        {
        let result;
        try { result = (() => {\(script)})(); } catch (error) { result = { error: `${error}` }; }
        const place = document.createElement("pre");
        place.id = "result";
        place.textContent = "found:" + encodeURIComponent(JSON.stringify(result)) + ":end";
        document.body.append(place);
        }
        </script>
        """, at: end)
    let copy = "copy-\(UUID().uuidString).html"
    try text.write(toFile: "\(folder)/\(copy)", atomically: true, encoding: .utf8)
    let document = try document(of: copy, in: folder, size: size)
    // The script itself holds the words too; what it wrote comes last.
    guard let start = document.range(of: ">found:", options: .backwards),
      let end = document.range(of: ":end", options: .backwards), start.upperBound <= end.lowerBound,
      let json = document[start.upperBound..<end.lowerBound].removingPercentEncoding
    else { throw CocoaError(.fileReadCorruptFile, userInfo: ["document": document.suffix(2000)]) }
    if let failure = try? JSONDecoder().decode(ScriptFailure.self, from: Data(json.utf8)) { throw failure }
    return try JSONDecoder().decode(type, from: Data(json.utf8))
  }
}
