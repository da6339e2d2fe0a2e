import Foundation
import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

@Suite("Saving") struct SavingTests {
  private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The committed models that are sound, and those in the folder `shared` beside the package, when it is there.
  static let models: [String] = [
    "Models", "Tests/ThawGraphTests", "Tests/ThawTrainingTests", "../shared/goldens", "../shared/models",
  ].flatMap { folder in
    let root = package.appending(path: folder).resolvingSymlinksInPath()
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL }
    return (files ?? []).filter { $0.pathExtension == "onnx" }.map(\.path)
      .filter { !$0.contains("/Fixtures/Checking/") }.sorted()
  }

  private static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test("a model that nobody changed is saved byte for byte", arguments: models)
  func untouched(path: String) throws {
    try Self.inFolder { folder in
      try Model(contentsOf: path).save(to: "\(folder)/copy.onnx")
      #expect(try Data(contentsOf: URL(filePath: "\(folder)/copy.onnx")) == Data(contentsOf: URL(filePath: path)))
    }
  }

  /// y = x · w + b; w outside, b inside.
  private static func write(to folder: String) throws -> String {
    var proto = BadModelTests.sound()
    proto.unknownFields = [UnknownField(number: 900, wireType: 2, bytes: [2, 104, 105])]
    proto.graph?.unknownFields = [UnknownField(number: 901, wireType: 0, bytes: [5])]
    let numbers = (0..<6).map(Float.init)
    try numbers.withUnsafeBytes { try Data($0).write(to: URL(filePath: "\(folder)/w.bin")) }
    proto.graph?.initializer[0].rawData = nil
    proto.graph?.initializer[0].dataLocation = .external
    proto.graph?.initializer[0].externalData = [StringStringEntryProto(key: "location", value: "w.bin")]
    try proto.write(to: "\(folder)/m.onnx")
    return "\(folder)/m.onnx"
  }

  @Test("a role changes the file and not the side-car; a value changes both; unknown fields stay")
  func externalData() throws {
    try Self.inFolder { folder in
      let path = try Self.write(to: folder)
      let model = try Model(contentsOf: path)
      try model.freeze("w")
      try model.save(to: path)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["m.onnx", "w.bin"])
      let frozen = try Model(contentsOf: path)
      #expect(frozen.parameters["w"]?.role == .frozen)
      #expect(try frozen.parameters["w"]?.value().elements(as: Float.self) == [0, 1, 2, 3, 4, 5])
      try frozen.parameters["w"]?.set(Tensor.ones([2, 3]))
      for _ in 0..<3 { try frozen.save(to: path) }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(names.count == 2 && !names.contains("w.bin"), "\(names)")
      let saved = try Model(contentsOf: path)
      #expect(try saved.parameters["w"]?.value().elements(as: Float.self) == [1, 1, 1, 1, 1, 1])
      #expect(saved.proto.unknownFields == frozen.proto.unknownFields && saved.proto.unknownFields.count == 1)
      #expect(saved.proto.graph?.unknownFields.count == 1)
      try saved.save(to: "\(folder)/m.onnx.gz", externalData: .never)
      #expect(try Model(contentsOf: "\(folder)/m.onnx.gz")(["x": Tensor.ones([1, 2])])["y"].sum().item() == 6)
    }
  }

  @Test("links out of the folder are opened when that is allowed, and only then")
  func links() throws {
    try Self.inFolder { folder in
      try FileManager.default.createDirectory(atPath: "\(folder)/inside", withIntermediateDirectories: true)
      let path = try Self.write(to: "\(folder)/inside")
      try FileManager.default.moveItem(atPath: "\(folder)/inside/w.bin", toPath: "\(folder)/w.bin")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/inside/w.bin", withDestinationPath: "\(folder)/w.bin")
      let error = #expect(throws: FileError.self) { try Model(contentsOf: path) }
      #expect(error?.kind == .linkOut)
      #expect(try Model(contentsOf: path, allowLinks: true).parameters["w"]?.value().count == 6)
    }
  }
}
