import Foundation
import Testing
import Thaw

/// The README's main command and the files under Models/.
@Suite("Digits") struct DigitsTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The README's command without what runs it, and without where it saves.
  private func readmeArguments() throws -> [String] {
    let readme = try String(contentsOfFile: "\(Self.root)/README.md", encoding: .utf8)
    let line = try #require(
      readme.components(separatedBy: "\n").first { $0.contains("thaw finetune Models/digits.onnx") })
    let words = line.split(separator: " ").map { $0.trimmingCharacters(in: ["'"]) }
    let start = try #require(words.firstIndex(of: "finetune"))
    let end = try #require(words.firstIndex(of: "-o"))
    return Array(words[start..<end])
  }

  @Test("ten digits from five, body frozen: at least 95 % of held-out images", arguments: 0..<5)
  func accuracy(seed: Int) throws {
    try Thaw.withFolder { folder in
      let tuned = "\(folder)/tuned.onnx"
      let result = try Thaw.run(readmeArguments() + ["--seed", "\(seed)", "-o", tuned], in: Self.root)
      try #require(result.code == 0, "\(result.error)")
      let after = try #require(result.output.split(separator: "\n").first { $0.hasPrefix("after:") })
      let percent = try #require(after.firstMatch(of: /accuracy ([0-9.]+) %/)?.1)
      #expect(try #require(Double(percent)) >= 95, "\(after)")

      // The frozen body is the file's, to the bit.
      let before = try Model(contentsOf: "\(Self.root)/Models/digits.onnx")
      let model = try Model(contentsOf: tuned)
      #expect(model.parameters.with(.frozen).count == 4)
      for parameter in model.parameters.with(.frozen) {
        let original = try #require(before.parameters[parameter.name])
        #expect(try parameter.value().elements(as: Float.self) == original.value().detach().elements())
      }
    }
  }

  @Test("the files under Models/ are made again with the same bytes, whoever makes them twice")
  func repeatable() throws {
    try Thaw.withFolder { folder in
      var made: [[String: Data]] = []
      for attempt in ["first", "second"] {
        let target = "\(folder)/\(attempt)"
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
          atPath: "\(Self.root)/Models/digits.csv", toPath: "\(target)/digits.csv")
        let process = Process()
        process.executableURL = URL(filePath: Thaw.path).deletingLastPathComponent().appending(path: "MakeModels")
        process.arguments = [target]
        process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: target) {
          files[name] = try Data(contentsOf: URL(filePath: "\(target)/\(name)"))
        }
        made.append(files)
      }
      #expect(made[0].count == 5)
      #expect(made[0] == made[1])
      // What hangs on no kernel is the same everywhere.
      for name in ["tutorial.onnx", "digits-train.npz", "digits-test.npz"] {
        #expect(made[0][name] == (try Data(contentsOf: URL(filePath: "\(Self.root)/Models/\(name)"))), "\(name)")
      }
    }
  }
}
