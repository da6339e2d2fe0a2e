import Foundation
import Testing
import ThawGraph

@Suite("thaw check") struct CheckTests {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "ThawGraphTests/Fixtures/Checking").path

  @Test(
    "the exit code is that of the worst finding of all files",
    arguments: [
      (["sound_gemm.onnx"], 0), (["sound_unused_initializer.onnx"], 0),
      (["node_name_twice.onnx", "sound_gemm.onnx"], 3),
      (["cycle.onnx", "node_name_twice.onnx"], 1), (["absent.onnx"], 1),
    ] as [([String], Int32)])
  func codes(files: [String], code: Int32) throws {
    for flags in [[], ["--json"], ["--quiet"]] {
      let result = try Thaw.run(["check"] + files + flags, in: Self.fixtures)
      #expect(result.code == code && result.error.isEmpty, "\(files): \(result.output) \(result.error)")
    }
  }

  @Test("text: the place, what is wrong and what to do")
  func text() throws {
    let result = try Thaw.run(["check", "weight_shape_mismatch.onnx"], in: Self.fixtures)
    let lines = result.output.split(separator: "\n")
    #expect(lines[0] == "weight_shape_mismatch.onnx: 1 error")
    #expect(lines[1] == "  error    shapes  graph.node[0] (Gemm 'fc')")
    #expect(lines[3].hasPrefix("           → "))
    let sound = try Thaw.run(["check", "sound_gemm.onnx"], in: Self.fixtures)
    #expect(sound.output == "sound_gemm.onnx: sound\n")
    #expect(try Thaw.run(["check", "sound_gemm.onnx", "--quiet"], in: Self.fixtures).output.isEmpty)
  }

  @Test("JSON: one object for each file")
  func json() throws {
    let result = try Thaw.run(["check", "cycle.onnx", "sound_gemm.onnx", "--json"], in: Self.fixtures)
    let checks = try JSONDecoder().decode([ModelCheck].self, from: Data(result.output.utf8))
    #expect(checks.map(\.path) == ["cycle.onnx", "sound_gemm.onnx"])
    #expect(checks[0].findings.contains { $0.rule == .names && $0.place.nodeIndex != nil } && checks[0].errors > 0)
    #expect(checks[1].findings.isEmpty)
  }
}
