import Foundation
import Testing
import ThawONNX
import ThawTensor

@testable import ThawGraph

/// Files that are cut off or changed in a bit, and external data that is not what the model says: reports, never a trap.
@Suite("Checking damaged files") struct DamagedFileTests {
  static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test("cut off at every length, and each of some bits turned")
  func damaged() throws {
    let fixtures = CheckerVerdictTests.tests.appending(path: "ThawGraphTests/Fixtures/Checking")
    for name in ["sound_if", "sound_function", "sound_gemm"] {
      let bytes = [UInt8](try Data(contentsOf: fixtures.appending(path: "\(name).onnx")))
      func report(_ bytes: [UInt8]) throws -> ModelCheck? { (try? ModelProto(decoding: bytes)).map { ModelCheck($0) } }
      var reported = 0
      for count in bytes.indices { reported += try report(Array(bytes[..<count]))?.findings.count ?? 1 }
      for bit in 0..<bytes.count * 8 {
        var changed = bytes
        changed[bit / 8] ^= 1 << (bit % 8)
        reported += try report(changed)?.findings.count ?? 1
      }
      #expect(reported > bytes.count)
    }
  }

  @Test("a file that is none")
  func unreadable() throws {
    try Self.withFolder { folder in
      let path = folder + "/model.onnx"
      #expect(ModelCheck(contentsOf: path).findings.map(\.rule) == [.file])
      try Data("version https://git-lfs.github.com/spec/v1\n".utf8).write(to: URL(filePath: path))
      let check = ModelCheck(contentsOf: path)
      #expect(check.errors == 1 && check.findings[0].advice.contains("git lfs pull"))
    }
  }

  /// y = x · a + b, with both in the side-car.
  static func model(_ places: [String: (location: String, offset: Int)]) -> ModelProto {
    func external(_ name: String, _ dims: [Int64]) -> TensorProto {
      var tensor = TensorProto()
      (tensor.name, tensor.dims, tensor.dataType, tensor.dataLocation) = (name, dims, 1, .external)
      let place = places[name] ?? ("model.data", 0)
      tensor.externalData = [
        StringStringEntryProto(key: "location", value: place.location),
        StringStringEntryProto(key: "offset", value: "\(place.offset)"),
      ]
      return tensor
    }
    var model = BadModelTests.sound()
    model.graph?.initializer = [external("w", [2, 3]), external("b", [3])]
    model.graph?.node[1] = NodeProto("Add", input: ["h", "b"], output: ["y"], name: "shift")
    return model
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let w: (location: String, offset: Int)
    let b: (location: String, offset: Int)
    /// In bytes.
    let size: Int
    let expected: [(Finding.Level, Finding.Rule, String)]
  }

  static let cases = [
    Case(testDescription: "sound", w: ("model.data", 0), b: ("model.data", 24), size: 36, expected: []),
    Case(testDescription: "padded", w: ("model.data", 0), b: ("model.data", 4096), size: 4108, expected: []),
    Case(
      testDescription: "missing and escaping", w: ("absent.data", 0), b: ("../model.data", 0), size: 36,
      expected: [
        (.error, .externalData, "absent.data"), (.error, .externalData, "must be inside the model's folder"),
      ]),
    Case(
      testDescription: "too short for both", w: ("model.data", 20), b: ("model.data", 40), size: 36,
      expected: [
        (.error, .externalData, "24 bytes from byte 20 on"), (.error, .externalData, "12 bytes from byte 40 on"),
      ]
    ),
    Case(
      testDescription: "overlapping", w: ("model.data", 0), b: ("model.data", 12), size: 24,
      expected: [(.warning, .externalData, "overlap those of 'w', 0 to 23")]),
    Case(
      testDescription: "orphan bytes", w: ("model.data", 0), b: ("model.data", 24), size: 100_036,
      expected: [(.warning, .orphanBytes, "100000 of 100036 bytes")]),
  ]

  @Test("external data", arguments: cases)
  func external(_ item: Case) throws {
    try Self.withFolder { folder in
      let path = folder + "/model.onnx"
      try Data(Self.model(["w": item.w, "b": item.b]).encoded()).write(to: URL(filePath: path))
      try Data(count: item.size).write(to: URL(filePath: folder + "/model.data"))
      let findings = ModelCheck(contentsOf: path).findings
      #expect(findings.count == item.expected.count, "\(findings.map(\.message))")
      for (level, rule, text) in item.expected {
        #expect(
          findings.contains { $0.level == level && $0.rule == rule && $0.message.contains(text) },
          "\(findings.map(\.message))")
      }
    }
  }

  @Test("a side-car that no model names")
  func orphan() throws {
    try Self.withFolder { folder in
      let path = folder + "/model.onnx"
      try Data(BadModelTests.sound().encoded()).write(to: URL(filePath: path))
      try Data(count: 8).write(to: URL(filePath: path + ".2.data"))
      let check = ModelCheck(contentsOf: path)
      #expect(check.findings.map(\.place.path) == ["model.onnx.2.data"] && check.worst == .note)
    }
  }
}
