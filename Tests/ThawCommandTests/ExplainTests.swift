import Foundation
import Testing
import ThawGraph
import ThawTraining

@Suite("thaw explain") struct ExplainTests {
  private func explain(_ arguments: String...) throws -> Thaw.Result {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      return try Thaw.run(["explain", "model.onnx"] + arguments, in: folder)
    }
  }

  @Test("text: what went in, each pass, each step, totals")
  func text() throws {
    let result = try explain("--batch", "5", "--without", "fuse-elementwise", "--without", "fuse-products")
    try #require(result.code == 0, "\(result.error)")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.contains("task       inference") && lines.contains("input      x: float32[5, 2]"))
    #expect(lines.contains("in file    6 nodes") && lines.contains("traced     6 operations"))
    #expect(lines.contains("islands    none"))
    for pass in CompilerOptions.Pass.allCases { #expect(lines.contains { $0.hasPrefix(pass.rawValue) }, "\(pass)") }
    #expect(lines.contains { $0.hasPrefix("fuse-elementwise") && $0.hasSuffix("left out") })
    for name in ["MatMul", "Add", "Relu", "Softmax"] {
      #expect(lines.contains { $0.contains("  \(name)  ") || $0.hasPrefix("\(name)  ") }, "\(name)")
    }
    #expect(lines.allSatisfy { $0.count <= 120 })
    #expect(!result.output.contains("µs"))
  }

  @Test("JSON of a training step, with times")
  func json() throws {
    let result = try explain("--train", "--profile", "--json")
    try #require(result.code == 0, "\(result.error)")
    let explanation = try JSONDecoder().decode(Explanation.self, from: Data(result.output.utf8))
    #expect(explanation.task == "training step")
    #expect(explanation.profile?.stepMilliseconds.count == explanation.program.steps.count)
  }

  @Test("the slowest step first")
  func sorted() throws {
    let result = try explain("--profile", "--sort")
    try #require(result.code == 0, "\(result.error)")
    let header = try #require(result.output.split(separator: "\n").first { $0.contains("step  operators") })
    let end = header.distance(from: header.startIndex, to: try #require(header.range(of: "µs")).upperBound)
    let rows = result.output.split(separator: "\n").drop { $0 != header }.dropFirst().prefix {
      !$0.contains("operators")
    }
    let times = rows.compactMap { $0.prefix(end).split(separator: " ").last.flatMap { Double($0) } }
    #expect(times.count >= 4 && times == times.sorted(by: >))
  }

  @Test(
    "what cannot be explained is said",
    arguments: [
      (["--batch", "0"], 2, "--batch should be at least 1 and is 0"), (["--sort"], 2, "--sort needs --profile"),
      (["--train", "--freeze", "*"], 1, "nothing in the model is trainable"),
    ])
  func refusals(arguments: [String], code: Int32, message: String) throws {
    let result = try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      return try Thaw.run(["explain", "model.onnx"] + arguments, in: folder)
    }
    #expect(result.code == code && result.error.contains(message), "\(result.error)")
  }
}
