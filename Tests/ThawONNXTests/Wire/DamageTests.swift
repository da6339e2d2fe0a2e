import Foundation
import Testing
import ThawONNX

/// Damaged files must give a typed error or a model; nothing may end the process.
@Suite struct DamageTests {
  @Test(arguments: Files.fixtures)
  func aFileCutOffAnywhereIsRefusedOrRead(path: String) throws {
    let bytes = try Files.bytes(path)
    for step in 0..<64 {
      let cut = Array(bytes.prefix(bytes.count * step / 64))
      guard let model = try read(cut) else { continue }
      // What was read can be written, and says the same.
      #expect(try ModelProto(decoding: model.encoded()) == model)
    }
  }

  @Test func aFileCutOffInsideTheGraphSaysSo() throws {
    let bytes = try Files.bytes(Files.fixture("mlp_mse.onnx"))
    let error = #expect(throws: FileError.self) { try ModelProto(decoding: Array(bytes.prefix(bytes.count / 2))) }
    #expect(error?.kind == .truncated)
    #expect(error?.place == "graph")
  }

  @Test(arguments: Files.fixtures)
  func flippedBitsAreRefusedOrRead(path: String) throws {
    let original = try Files.bytes(path)
    var random = SeededGenerator(seed: 1)
    var refused = 0
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        // Mostly near the beginning, where the structure is.
        let reach = Bool.random(using: &random) ? bytes.count : min(bytes.count, 400)
        bytes[Int.random(in: 0..<reach, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      guard let model = try read(bytes) else {
        refused += 1
        continue
      }
      exercise(model)
    }
    #expect(refused > 0)
  }

  @Test func randomBytesAreRefusedOrRead() throws {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<2000 {
      let count = Int.random(in: 0..<200, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
      if let model = try read(bytes) { exercise(model) }
    }
  }

  /// Nil when the bytes are refused with the typed error.
  private func read(_ bytes: [UInt8]) throws -> ModelProto? {
    do throws(FileError) {
      return try ModelProto(decoding: bytes)
    } catch {
      #expect(!error.description.isEmpty)
      return nil
    }
  }

  private func exercise(_ model: ModelProto) {
    _ = model.structureErrors().map(\.description)
    _ = try? model.roles()
    for tensor in model.graph?.initializer ?? [] {
      _ = try? tensor.contents()
    }
    _ = try? model.encoded()
  }
}
