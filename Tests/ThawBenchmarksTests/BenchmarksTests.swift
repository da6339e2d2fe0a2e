import Foundation
import Testing
import Thaw
import ThawTypes

@testable import ThawBenchmarks

/// What the benchmarks print; never how long anything takes.
@Suite("thaw-bench") struct BenchmarksTests {
  private struct Result {
    let code: Int32
    let lines: [[String: Any]]
    let error: String
  }

  /// Runs the built command, which prints JSON into a pipe.
  private func bench(_ arguments: String...) throws -> Result { try run(arguments) }

  private func run(_ arguments: [String]) throws -> Result {
    let folder = (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])).deletingLastPathComponent()
    let process = Process()
    process.executableURL = folder.appending(path: "thaw-bench")
    process.arguments = arguments
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    try process.run()
    let outputData = output.fileHandleForReading.readDataToEndOfFile()
    let errorData = error.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = try outputData.split(separator: UInt8(ascii: "\n")).map { line in
      try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
    }
    return Result(code: process.terminationStatus, lines: lines, error: String(decoding: errorData, as: UTF8.self))
  }

  private static let digits = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Models/digits.onnx").path

  @Test("network: the fields that the comparison reads", arguments: Network.Scenario.allCases, [[], ["--eager"]])
  func network(scenario: Network.Scenario, flags: [String]) throws {
    let arguments = ["network", Self.digits, "--name", "digits", "--scenario", scenario.rawValue]
    let command = try #require(
      try Benchmarks.parseAsRoot(arguments + ["--batch", "4", "--seconds", "0"] + flags) as? Network)
    #expect(command.scenario == scenario && command.eager == !flags.isEmpty)
    let result = try run(arguments + ["--batch", "4", "--seconds", "0"] + flags)
    let line = try #require(result.lines.first, "\(result.error)")
    #expect(result.lines.count == 1)
    #expect(Set(line.keys) == ["peer", "model", "scenario", "batch", "ms", "spread_ms", "peak_rss_mb"])
    #expect(line["peer"] as? String == "thaw-\(Release.version)")
    #expect(line["model"] as? String == "digits" && line["scenario"] as? String == scenario.rawValue)
    #expect(line["batch"] as? Int == 4 && line["peak_rss_mb"] as? Int ?? 0 > 0)
    #expect(line["ms"] is NSNumber)
  }

  @Test("operators: a row of the sample table is timed, and each large one can be computed and compiled")
  func operators() throws {
    let result = try bench("operators", "--rows", "samples", "--filter", "softmax", "--seconds", "0")
    let expected = Operators.all.filter { $0.schema.name.lowercased().contains("softmax") }.map { $0.schema.name }
    #expect(Set(result.lines.compactMap { $0["operation"] as? String }) == Set(expected), "\(result.error)")
    for line in result.lines {
      #expect(line["eager_ns"] is NSNumber && line["row"] is String && line["peer"] is String, "\(line)")
    }
    let softmax = try #require(result.lines.first { $0["operation"] as? String == "Softmax" })
    #expect(softmax["compiled_ns"] is NSNumber && softmax["gb_per_s"] is NSNumber && softmax["share"] is NSNumber)
    #expect(softmax["gflop_per_s"] == nil && softmax["kernel"] is String)
  }

  @Test("large rows: their inputs fit their operations", arguments: LargeSamples.all.indices)
  func large(index: Int) throws {
    let sample = LargeSamples.all[index]
    let types = sample.inputs.map { input -> ValueType? in
      switch input {
      case .uniform(let shape, _): .tensor(.float32(shape))
      case .exact(let tensor): .tensor(tensor.type)
      default: nil
      }
    }
    let known = KnownValues(
      sample.inputs.map { input in if case .exact(let tensor)? = input { tensor } else { nil as Tensor? } })
    let outputs = try sample.operation.outputTypes(types, known: known)
    #expect(outputs.first?.tensor?.shape?.isEmpty == false, "\(sample.operation.schema.name) \(sample.name)")
  }

  @Test("load and save: sizes, times, speeds", arguments: ["load", "save"])
  func files(command: String) throws {
    let result = try bench(command, "--megabytes", "8", "--rounds", "1")
    let line = try #require(result.lines.first, "\(result.error)")
    let speeds = command == "save" ? ["mb_per_s", "disk_mb_per_s"] : []
    #expect(Set(line.keys) == Set(["peer", "figure", "mb", "ms", "spread_ms"] + speeds))
    #expect(line["figure"] as? String == command && line["mb"] as? Int == 4)
  }

  @Test("start: a process that trains and saves")
  func start() throws {
    let result = try bench("start", "--steps", "3", "--batch", "5", "--rounds", "1")
    let line = try #require(result.lines.first, "\(result.error)")
    #expect(Set(line.keys) == ["peer", "figure", "steps", "batch", "ms", "spread_ms"])
    #expect(line["steps"] as? Int == 3 && line["batch"] as? Int == 5)
  }

  @Test(
    "what makes no sense is refused",
    arguments: [
      (["network", "x.onnx", "--name", "x", "--batch", "0"], "--batch should be at least 1 and is 0"),
      (["operators", "--filter", "nothing"], "no operator's name contains 'nothing'"),
      (["load", "--megabytes", "5000"], "--megabytes should be from 1 to 1900"),
      (["save", "--rounds", "0"], "--rounds should be at least 1 and is 0"),
      (["start", "--model", "x.onnx"], "give both --model and --data, or neither"),
    ])
  func refusals(arguments: [String], message: String) throws {
    let error = #expect(throws: (any Error).self) { try Benchmarks.parseAsRoot(arguments) }
    #expect(Benchmarks.message(for: try #require(error)).contains(message))
  }

  @Test("a timing is the median, and the spread of the middle half")
  func timing() {
    let timing = Timing([5, 1, 2, 100, 3])
    #expect(timing.milliseconds == 3 && timing.spread == 3 && timing.count == 5)
    var runs = 0
    #expect(Timing.measure(seconds: 0, warmUp: 3, minimum: 4) { runs += 1 }.count == 4)
    #expect(runs == 7)
  }
}
