import Foundation
import Testing

/// `--threads`, `--deterministic` and `--verbose`.
@Suite("Who computes") struct ComputeTests {
  private static let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Models").path

  /// A short training of the digits, and the bytes of its model.
  private func finetune(_ options: String...) throws -> (result: Thaw.Result, model: Data?) {
    try Thaw.withFolder { folder in
      let result = try Thaw.run(
        [
          "finetune", "\(Self.models)/digits.onnx", "--data", "\(Self.models)/digits-train.npz", "--reset-head", "10",
          "--epochs", "1", "--batch", "256", "-o", "tuned.onnx",
        ] + options, in: folder)
      return (result, try? Data(contentsOf: URL(filePath: "\(folder)/tuned.onnx")))
    }
  }

  @Test("deterministic: the same file with 1, 2 and 3 threads")
  func deterministic() throws {
    let expected = try finetune("--deterministic", "--threads", "1")
    try #require(expected.result.code == 0, "\(expected.result.error)")
    for threads in ["2", "3"] {
      let found = try finetune("--deterministic", "--threads", threads)
      #expect(found.model != nil && found.model == expected.model, "\(threads) threads")
      #expect(found.result.output.split(separator: "\n").last == expected.result.output.split(separator: "\n").last)
    }
  }

  @Test(
    "a number of threads out of range",
    arguments: [
      ["finetune", "m.onnx", "--data", "d.npz", "-o", "o.onnx"], ["evaluate", "m.onnx", "--data", "d.npz"],
      ["run", "m.onnx"], ["explain", "m.onnx"],
    ], ["0", "-3", "257", "9999999999"])
  func range(command: [String], count: String) throws {
    let result = try Thaw.withFolder { try Thaw.run(command + ["--threads=\(count)"], in: $0) }
    #expect(result.code == 2)
    #expect(
      result.error.contains("--threads: the number of threads should be from 1 to") && result.error.contains(count),
      "\(result.error)")
  }

  @Test(
    "verbose names the library, the threads and the execution",
    arguments: [
      (["run", "digits.onnx", "--inputs", "digits-test.npz", "--threads", "3", "-v", "--eager"], "eager"),
      (["run", "digits.onnx", "--inputs", "digits-test.npz", "--threads", "3", "--verbose"], "compiled"),
      (
        ["explain", "digits.onnx", "--threads", "3", "--verbose", "--deterministic", "--json"],
        "compiled, deterministic"
      ),
    ])
  func verbose(arguments: [String], execution: String) throws {
    let result = try Thaw.run(arguments, in: Self.models)
    try #require(result.code == 0, "\(result.error)")
    let lines = result.error.split(separator: "\n")
    #expect(
      lines.first.map { $0.hasPrefix("thaw: library: oneDNN ") || $0 == "thaw: library: portable kernels" } == true)
    #expect(lines.contains { $0.hasPrefix("thaw: threads: 3 on ") })
    #expect(lines.contains { $0 == "thaw: execution: \(execution)" })
    #expect(lines.last?.hasPrefix("thaw: done: ") == true && lines.last?.contains(" programs, ") == true)
    #expect(!result.output.contains("thaw:"))
  }

  @Test("OMP_NUM_THREADS says how many, where the command line does not", arguments: ["1", "2", "7,2", "0", "none"])
  func environment(value: String) throws {
    let process = Thaw.process(
      ["run", "digits.onnx", "--inputs", "digits-test.npz", "--verbose"], in: Self.models)
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": value]) { $1 }
    let error = Pipe()
    process.standardError = error
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let given = value.split(separator: ",").first.flatMap { Int($0) } ?? 0
    if given > 0 {
      #expect(text.contains("thaw: threads: \(given) on "), "\(text)")
    } else {
      let cores = text.firstMatch(of: /threads: (\d+) on (\d+) core/)
      #expect(cores != nil && cores?.1 == cores?.2, "\(text)")
    }
  }
}
