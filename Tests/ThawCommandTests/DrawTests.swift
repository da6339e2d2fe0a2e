import Foundation
import Testing
import ThawGraph
import ThawTensor

@Suite("thaw draw, and thaw tutorial --draw") struct DrawTests {
  private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }

  @Test("DOT needs no other program, and its roles are those that the options make")
  func dot() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let plain = try Thaw.run(["draw", "model.onnx", "-o", "plain.dot"], in: folder, path: "")
      #expect(plain.code == 0 && plain.error == "", "\(plain.error)")
      #expect(plain.output == "drawn: 6 nodes in 8 boxes\nsaved: plain.dot\n")
      let text = try #require(Self.text("\(folder)/plain.dot"))
      #expect(text.contains("B  2×8  trains") && text.contains("N×8") && !text.contains("frozen"))
      #expect(try Thaw.run(["draw", "model.onnx", "--last", "1", "-o", "last.dot"], in: folder).code == 0)
      let last = try #require(Self.text("\(folder)/last.dot"))
      #expect(last.contains("B  2×8  frozen") && last.contains("B  8×2  trains"))
      #expect(last.contains("class=\"operation still\"") && last.contains("class=\"operation backward\""))
      let tutorial = try Thaw.run(["tutorial", "--draw", "dag.dot"], in: folder, path: "")
      #expect(tutorial.code == 0 && tutorial.output.hasSuffix("saved: tutorial.onnx\ndrawn: dag.dot\n"))
      let dag = try #require(Self.text("\(folder)/dag.dot"))
      let leaves = ["a\\nfloat32[2]", "b\\nfloat32[2]", "z\\nfloat32[5, 5]"]
      let operations = ["SubBackward0", "MulBackward0", "AddBackward0", "PowBackward0"]
      for label in leaves + operations + ["frozen\\nfloat32[5, 5]", "Q = 3a³ − b²\\nfloat32[2]"] {
        #expect(dag.contains("[label=\"\(label)\""), "\(label)")
      }
    }
  }

  @Test("without Graphviz a sentence says how to get it, and the old file stays", arguments: ["svg", "png", "html"])
  func missing(ending: String) throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let name = "x.\(ending)"
      for path in ["", "\(folder)/none"] {
        let result = try Thaw.run(["draw", "model.onnx", "-o", name], in: folder, path: path)
        #expect(result.code == 1 && result.error.contains("apt-get install graphviz"), "\(result.error)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["data.npz", "model.onnx"])
      }
      try "old".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      #expect(try Thaw.run(["draw", "model.onnx", "-o", name], in: folder, path: "").code == 1)
      #expect(Self.text("\(folder)/\(name)") == "old")
    }
  }

  /// Programs that stand for `dot`: one that fails, one that says nothing, one that never ends.
  @Test(
    "a layout that fails leaves what was there",
    arguments: [
      ("echo 'Error: no' >&2; exit 3", "failed: Error: no", ["-o", "x.svg"]), ("exit 0", "failed", ["-o", "x.png"]),
      ("exec sleep 60", "within 0.2 seconds", ["--max-seconds", "0.2", "-o", "x.html"]),
      ("echo nothing", "is no SVG", ["-o", "x.html"]),
      ("exit 4", "ended with 4", ["--max-seconds", "1e300", "-o", "x.svg"]),
      ("trap '' TERM; sleep 60", "within 0.1 seconds", ["--max-seconds", "0.1", "-o", "x.svg"]),
      ("echo PNG; echo 'too large. Scaling by 0.09 to fit' >&2", "9 % of its size", ["-o", "x.png"]),
    ])
  func failing(script: String, message: String, arguments: [String]) throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: false)
      try "#!/bin/sh\n\(script)\n".write(toFile: "\(folder)/bin/dot", atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/bin/dot")
      let result = try Thaw.run(["draw", "model.onnx"] + arguments, in: folder, path: "\(folder)/bin:/usr/bin:/bin")
      #expect(result.code == 1 && result.error.contains(message), "\(result.error)")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["bin", "data.npz", "model.onnx"])
    }
  }

  @Test("Ctrl-C ends the layout too")
  func interrupted() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: false)
      // Says that it has begun, and dies of a signal alone.
      try "#!/bin/sh\necho $$ > '\(folder)/begun'\nexec sleep 60\n".write(
        toFile: "\(folder)/bin/dot", atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/bin/dot")
      let process = Thaw.process(["draw", "model.onnx", "-o", "x.svg"], in: folder)
      process.environment = ProcessInfo.processInfo.environment.merging(["PATH": "\(folder)/bin:/usr/bin:/bin"]) { $1 }
      process.standardError = FileHandle.nullDevice
      try process.run()
      var layout: pid_t?
      while layout == nil, process.isRunning {
        layout = Self.text("\(folder)/begun").flatMap { pid_t($0.trimmingCharacters(in: .newlines)) }
        usleep(10_000)
      }
      kill(process.processIdentifier, SIGINT)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      let ended = try #require(layout)
      #expect(kill(ended, 0) != 0)
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/x.svg"))
    }
  }

  @Test(
    "command lines that cannot be",
    arguments: [
      (["draw", "model.onnx", "-o", "x.pdf"], 2, "x.pdf: a drawing's name should end in .svg, .png, .dot or .html"),
      (["draw", "model.onnx"], 2, "out"), (["draw", "none.onnx", "-o", "x.dot"], 1, "none.onnx"),
      (["draw", "model.onnx", "--freeze", "nothing*", "-o", "x.dot"], 1, "nothing*"),
      (["draw", "model.onnx", "-o", "none/x.dot"], 1, "none"),
      (["tutorial", "--draw", "x.html"], 2, "x.html: the drawing's name should end in .svg, .png or .dot"),
    ])
  func usage(arguments: [String], code: Int32, message: String) throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let result = try Thaw.run(arguments, in: folder)
      #expect(result.code == code && result.error.contains(message), "\(result.error)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["data.npz", "model.onnx"])
    }
  }

  @Test(
    "pictures are what their names say",
    .enabled(if: Graphviz.isInstalled, "Graphviz is not installed: apt-get install graphviz"),
    arguments: [
      ("svg", "<?xml"), ("png", "\u{89}PNG"), ("html", "<!DOCTYPE html>"),
    ])
  func pictures(ending: String, start: String) throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      for arguments in [["draw", "model.onnx", "-o", "x.\(ending)"], ["tutorial", "--draw", "x.\(ending)"]]
      where ending != "html" || arguments[0] == "draw" {
        let result = try Thaw.run(arguments, in: folder)
        #expect(result.code == 0 && result.error == "", "\(result.error)")
        let bytes = try Data(contentsOf: URL(filePath: "\(folder)/x.\(ending)"))
        #expect(bytes.starts(with: start.unicodeScalars.map { UInt8($0.value) }))
      }
    }
  }
}
