import Foundation
import Testing
import ThawTypes

@testable import ThawTensor

/// Schemas against what ONNX has published.
@Suite("Schemas") struct SchemaTests {
  private static let published: [String: [String: [Int]]] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/operator-versions.json")
    guard let data = try? Data(contentsOf: file) else { return [:] }
    return (try? JSONDecoder().decode([String: [String: [Int]]].self, from: data)) ?? [:]
  }()

  @Test(
    "listed versions are published ones, without a gap up to the newest", arguments: Operators.all.map { $0.schema })
  func versions(schema: Schema) throws {
    try #require(!Self.published.isEmpty)
    guard schema.domain != .thaw else { return #expect(schema.versions == [1]) }
    let domain = schema.domain == .onnx ? "ai.onnx" : schema.domain.rawValue
    let published = try #require(Self.published[domain]?[schema.name], "\(schema.name) is not an operator of ONNX")
    let first = try #require(schema.versions.first)
    #expect(schema.versions == published.filter { $0 >= first })
    if schema.domain == .onnx, let oldest = published.last(where: { $0 <= 7 }) {
      #expect(first <= oldest, "version \(oldest), which opset 7 means, is missing")
    } else if schema.domain == .onnx {
      #expect(first == published.first)
    }
  }

  @Test("operators are sorted by domain and name, each once") func order() {
    let names = Operators.all.map { "\($0.schema.domain.rawValue) \($0.schema.name)" }
    #expect(names == names.sorted { $0.lowercased() < $1.lowercased() })
    #expect(Set(names).count == names.count)
  }

  @Test("only the last input or output is variadic", arguments: Operators.all.map { $0.schema })
  func variadic(schema: Schema) {
    #expect(!schema.inputs.dropLast().contains { $0.isVariadic })
    #expect(!schema.outputs.dropLast().contains { $0.isVariadic })
  }

  @Test("the newest version not above the opset is meant") func meaning() throws {
    #expect(try Operators.version(of: Clip.self, opset: 7) == 6)
    #expect(try Operators.version(of: Clip.self, opset: 12) == 12)
    #expect(try Operators.version(of: Clip.self, opset: 28) == 13)
    let error = #expect(throws: TensorError.self) { try Operators.version(of: ScatterElements.self, opset: 10) }
    #expect(
      error?.message == "ScatterElements as opset 10 has it is not supported; the oldest version that is, is 11")
  }

  @Test("an attribute that a version does not have is an error") func attributes() {
    let reader = NodeReader(
      name: "Clip", version: 13, attributes: ["min": .float(0)], presentInputs: [true], outputCount: 1)
    let error = #expect(throws: TensorError.self) { try Operators.decode(Clip.self, reader) }
    #expect(error?.kind == .unsupported)
    #expect(error?.message.hasPrefix("Clip: the attribute 'min' is not one that version 13") == true)
  }
}
