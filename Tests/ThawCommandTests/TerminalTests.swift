import Foundation
import Testing
import ThawGraph
import ThawTensor

@Suite("On a terminal: colours, progress, Ctrl-C") struct TerminalTests {
  private static let escape = "\u{1B}["

  @Test(
    "colours on a terminal only, and never with NO_COLOR or on one that knows letters alone",
    arguments: [([:], true), (["NO_COLOR": "1"], false), (["TERM": "dumb"], false), (["NO_COLOR": ""], true)]
      as [([String: String], Bool)])
  func colours(environment: [String: String], areShown: Bool) throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let result = Thaw.Result(try Terminal(["inspect", "model.onnx"], in: folder, environment: environment))
      #expect(result.code == 0)
      #expect(result.output.contains("\(Self.escape)32mtrainable") == areShown, "\(result.output)")
      #expect(result.output.contains(Self.escape) == areShown)
      let checked = Thaw.Result(try Terminal(["check", "model.onnx"], in: folder, environment: environment))
      #expect(checked.output.contains("\(Self.escape)32msound") == areShown, "\(checked.output)")
      let failed = Thaw.Result(try Terminal(["inspect", "none.onnx"], in: folder, environment: environment))
      #expect(failed.code == 1)
      #expect(failed.output.contains("\(Self.escape)31mthaw:\(Self.escape)0m") == areShown, "\(failed.output)")
    }
  }

  @Test("what goes to a file has no colours, though errors are seen on a terminal")
  func redirected() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let plain = try Thaw.run(["inspect", "model.onnx"], in: folder)
      #expect(!plain.output.contains("\u{1B}"))
      let terminal = try Terminal(["inspect", "model.onnx"], in: folder, outputTo: "text")
      #expect(terminal.end() == 0 && terminal.output.isEmpty)
      #expect(try String(contentsOfFile: "\(folder)/text", encoding: .utf8) == plain.output)
    }
  }

  @Test("a training's progress is shown on a terminal and erased; in a pipe there is none")
  func progress() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let arguments = ["finetune", "model.onnx", "--data", "data.npz", "--epochs", "2", "-o", "tuned.onnx"]
      let terminal = try Terminal(arguments, in: folder)
      #expect(terminal.end() == 0)
      #expect(terminal.output.contains("\repoch 1/2 [###############...............] step 1/2, loss "))
      #expect(terminal.output.contains("\rchecking the data: "))
      let piped = try Thaw.run(arguments, in: folder)
      #expect(piped.code == 0 && piped.error.isEmpty && !piped.output.contains("\r"))
      // What stays on the screen is what goes into a pipe, but for the times.
      func lines(_ text: some Sequence<String>) -> [String] {
        text.map { $0.replacing(/[0-9.]+ (n|µ|m)?s\b/, with: "TIME") }.filter { !$0.isEmpty }
      }
      #expect(lines(terminal.screen) == lines(piped.output.components(separatedBy: "\n")))
    }
  }

  @Test("the cases of a conformance run are counted on the screen, and their lines are whole")
  func cases() throws {
    try Thaw.withFolder { folder in
      for name in ["a", "b"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/cases/\(name)/test_data_set_0", withIntermediateDirectories: true)
        try SmallModels.classifier().save(to: "\(folder)/cases/\(name)/model.onnx")
      }
      let terminal = try Terminal(["conformance", "cases"], in: folder)
      _ = terminal.end()
      #expect(terminal.output.contains("\rcase 2 of 2: cases/b"), "\(terminal.output)")
      #expect(!terminal.screen.contains { $0.contains("case 1 of 2") })
    }
  }

  @Test("what takes long says what it is and how long it has taken")
  func activity() throws {
    try Thaw.withFolder { folder in
      try SmallModels.classifier(hidden: 512).save(to: "\(folder)/model.onnx")
      let terminal = try Terminal(["explain", "model.onnx", "--batch", "32768", "--profile"], in: folder, columns: 40)
      #expect(terminal.end() == 0)
      let shown = try #require(terminal.output.firstMatch(of: /\rcompiling and timing: [0-9.]+ s\u{1B}\[K/))
      #expect(shown.0.count < 45)
      #expect(!terminal.screen.contains { $0.contains("compiling and timing") })
    }
  }

  private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  @Test("Ctrl-C leaves a checkpoint and says how to go on; so continued, the weights are the same")
  func interrupted() throws {
    try Thaw.withFolder { folder in
      try SmallModels.classifier().save(to: "\(folder)/model.onnx")
      try TensorFile.write(SmallModels.points(2000), to: "\(folder)/data.npz")
      func arguments(_ out: String) -> [String] {
        let line = "finetune model.onnx --data data.npz --epochs 60 --batch 2 --optimizer adam --validation-split 0.1"
        return line.split(separator: " ").map(String.init) + ["-o", out]
      }
      let whole = try Thaw.run(arguments("whole.onnx"), in: folder)
      try #require(whole.code == 0, "\(whole.error)")

      let terminal = try Terminal(arguments("tuned model.onnx"), in: folder)
      // Long before its end, however late the key comes on a machine that has much to do.
      try terminal.wait(for: "epoch 2/60")
      terminal.press("\u{3}")
      #expect(terminal.end() == 130)
      let end = terminal.screen.filter { !$0.isEmpty }.suffix(3)
      #expect(
        end.first?.hasSuffix("thaw: ending as soon as nothing is lost; once more to end at once") == true)
      #expect(end.dropFirst().first?.hasPrefix("thaw: training was interrupted ") == true, "\(end)")
      let advice = try #require(end.last)
      #expect(advice.hasPrefix("thaw: note: to go on: ") && advice.hasSuffix("checkpoint.npz'"), "\(advice)")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/tuned model.onnx"))

      // The advice is followed as it stands.
      let command = String(advice.dropFirst("thaw: note: to go on: ".count))
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      shell.arguments = ["-c", command]
      shell.currentDirectoryURL = URL(filePath: folder)
      (shell.standardOutput, shell.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
      try shell.run()
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0)
      #expect(try bytes("\(folder)/tuned model.onnx") == bytes("\(folder)/whole.onnx"))
    }
  }

  @Test("Ctrl-C ends what has nothing to lose at once, and the status line goes with it")
  func ended() throws {
    try Thaw.withFolder { folder in
      try SmallModels.classifier(hidden: 512).save(to: "\(folder)/model.onnx")
      let terminal = try Terminal(["explain", "model.onnx", "--batch", "32768", "--profile"], in: folder)
      try terminal.wait(for: "compiling and timing: ")
      terminal.press("\u{3}")
      #expect(terminal.end() == -SIGINT)
      #expect(!terminal.screen.contains { $0.contains("compiling and timing") }, "\(terminal.output)")
    }
  }

  @Test("a second Ctrl-C ends at once, and nothing half-written is left")
  func interruptedTwice() throws {
    try Thaw.withFolder { folder in
      try SmallModels.classifier().save(to: "\(folder)/model.onnx")
      try TensorFile.write(SmallModels.points(100_000), to: "\(folder)/data.npz")
      // One step of many batches, which takes a while.
      let terminal = try Terminal(
        ["finetune", "model.onnx", "--data", "data.npz", "--batch", "1", "--accumulate", "100000", "-o", "tuned.onnx"],
        in: folder)
      try terminal.wait(for: "before: loss")
      terminal.press("\u{3}")
      try terminal.wait(for: "ending as soon as nothing is lost")
      terminal.press("\u{3}")
      #expect(terminal.end() == -SIGINT)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["data.npz", "model.onnx"])
    }
  }

  @Test("a reader that stops reading ends the command without a word", arguments: ["", "trap '' PIPE; "])
  func brokenPipe(before: String) throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      for command in [
        "operators --markdown", "inspect model.onnx --shapes", "inspect model.onnx --json", "finetune -h",
      ] {
        let shell = Process()
        let (output, error) = (Pipe(), Pipe())
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", "\(before)'\(Thaw.path)' \(command) | head -1"]
        shell.currentDirectoryURL = URL(filePath: folder)
        (shell.standardOutput, shell.standardError) = (output, error)
        try shell.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let words = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        shell.waitUntilExit()
        #expect(text.split(separator: "\n").count == 1 && words.isEmpty, "\(command): \(words)")
      }
    }
  }
}

extension Thaw.Result {
  /// What a command has written on its terminal, to its end.
  fileprivate init(_ terminal: Terminal) {
    let code = terminal.end()
    self.init(code: code, output: terminal.output, error: "")
  }
}
