import Foundation
import Testing
import ThawTypes

@testable import ThawONNX

@Suite("Models as text and JSON") struct ModelFormTests {
  @Test(
    "what ONNX's own printer and serializer write, letter by letter",
    arguments: [
      ("mlp_mse", ModelForm.text), ("sound_function", .text), ("sound_if", .text), ("sound_metadata", .text),
      ("sound_typed_field", .text), ("sound_function", .json), ("sound_if", .json), ("sound_metadata", .json),
      ("sound_typed_field", .json),
    ])
  func matchesONNX(name: String, form: ModelForm) throws {
    let model = try ModelProto(contentsOf: Files.fixture("\(name).onnx"))
    let path = Files.fixture("text/\(name).\(form == .text ? "onnxtxt" : "onnxjson")")
    let expected = String(decoding: try Files.bytes(path), as: UTF8.self)
    #expect(try model.text(as: form) == expected + (form == .json ? "\n" : ""))
  }

  @Test("a file is what the text is, and a broken tensor an error")
  func files() throws {
    var model = Models.dense()
    try Files.withTemporaryFolder { folder in
      try model.write(as: .json, to: "\(folder)/m.json")
      #expect(String(decoding: try Files.bytes("\(folder)/m.json"), as: UTF8.self) == (try model.text(as: .json)))
      model.graph?.initializer[0].dims = [7]
      #expect(throws: FileError.self) { try model.write(as: .text, to: "\(folder)/m.onnxtxt") }
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/m.onnxtxt"))
    }
  }

  @Test(
    "the shortest decimal, as C++ writes it",
    arguments: [
      (0.1, "0.1"), (1e-5, "1e-05"), (0.001, "0.001"), (0.0001, "1e-04"), (10000, "10000"), (100000, "1e+05"),
      (1_234_567_936, "1234567936"), (-2.5, "-2.5"), (3.4e38, "3.4e+38"), (0, "0"), (123456, "123456"),
    ] as [(Float, String)])
  func decimals(number: Float, text: String) { #expect(DecimalText.shortest(number) == text) }
}
