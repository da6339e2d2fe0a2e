import Testing
import ThawTypes

@testable import ThawTensor

/// The list of operators, and which version a node means.
@Suite("Schemas") struct SchemaTests {
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
