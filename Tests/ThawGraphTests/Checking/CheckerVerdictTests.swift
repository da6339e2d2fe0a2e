import Foundation
import Testing

@testable import ThawGraph

/// Files of one fault each, against the verdicts of onnx.checker.
@Suite("Verdicts of onnx.checker") struct CheckerVerdictTests {
  static let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let shared = tests.deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared")

  struct Verdict: Decodable {
    let check: String
    let fullCheck: String
    var isRejected: Bool { check == "reject" || fullCheck == "reject" }

    enum CodingKeys: String, CodingKey {
      case check
      case fullCheck = "full_check"
    }
  }

  /// Files that the checker accepts and that nothing can compute: it leaves these sizes unchecked.
  static let uncomputable: Set<String> = ["bias_shape_mismatch", "conv_channel_mismatch", "reshape_count_mismatch"]
  /// Files that the checker accepts and that are wrong all the same, or that Thaw does not open.
  static let questionable: Set<String> = [
    "no_output", "node_name_twice", "opset_future", "raw_data_too_long", "two_opset_imports_same_domain",
    "value_info_conflicts", "sound_metadata",
  ]

  @Test("a part", arguments: [tests.appending(path: "ThawGraphTests/Fixtures/Checking")])
  func part(folder: URL) throws { try check(folder) }

  @Test("all", .enabled(if: FileManager.default.fileExists(atPath: shared.appending(path: "checker").path)))
  func all() throws { try check(Self.shared.appending(path: "checker")) }

  private func check(_ folder: URL) throws {
    let verdicts = try JSONDecoder().decode(
      [String: Verdict].self, from: Data(contentsOf: folder.appending(path: "verdicts.json")))
    #expect(!verdicts.isEmpty)
    for (name, verdict) in verdicts.sorted(by: { $0.key < $1.key }) {
      let check = ModelCheck(contentsOf: folder.appending(path: "\(name).onnx").path)
      let worst = check.findings.first.map { "\($0.place): \($0.message)" } ?? "nothing"
      let expected: Finding.Level? =
        verdict.isRejected || Self.uncomputable.contains(name)
        ? .error : Self.questionable.contains(name) ? .warning : nil
      let found = check.worst == .note ? nil : check.worst
      #expect(found == expected, "\(name): \(worst)")
    }
  }

  @Test("networks have no errors", arguments: ["goldens", "models"])
  func networks(folder: String) throws {
    let folder = Self.shared.appending(path: folder).path
    for name in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? []
    where name.hasSuffix(".onnx") {
      let check = ModelCheck(contentsOf: "\(folder)/\(name)")
      #expect(check.errors == 0, "\(name): \(check.findings.first?.message ?? "")")
    }
  }

  @Test("goldens of the checkout have no errors and no warnings", arguments: ["conv1d_norms", "mlp", "mlp_mse"])
  func goldens(name: String) {
    let check = ModelCheck(contentsOf: Self.tests.appending(path: "Goldens/\(name)/model.onnx").path)
    #expect(check.errors + check.warnings == 0, "\(check.findings)")
  }
}
