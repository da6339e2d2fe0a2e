import Foundation
import Testing

@testable import ThawTensor

/// What ONNX has published of attributes, version by version, against what decoders take.
@Suite("Published attributes") struct PublishedAttributeTests {
  struct Published: Decodable {
    var kind: String
    var text: String?
  }

  private static let published: [String: [String: [String: Published]]] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Fixtures/operator-attributes.json")
    guard let data = try? Data(contentsOf: file) else { return [:] }
    return (try? JSONDecoder().decode([String: [String: [String: Published]]].self, from: data)) ?? [:]
  }()

  /// An attribute as a file may have it; nil for a text whose possible values are not known here.
  private static func attribute(_ name: String, _ published: Published) -> Attribute? {
    switch published.kind {
    case "int": .int(1)
    case "float": .float(1)
    case "string": published.text.map { .text($0) }
    case "ints": name == "pads" ? .ints([0, 0]) : .ints([1])
    case "floats": .floats([1])
    default: nil
    }
  }

  @Test(
    "an attribute that a version has is never an unknown one",
    arguments: Operators.all.filter { $0.schema.domain == .onnx }.map { $0.schema })
  func areKnown(schema: Schema) throws {
    try #require(!Self.published.isEmpty)
    let type = try #require(Operators.named(schema.name))
    for version in schema.versions {
      guard let attributes = Self.published[schema.name]?[String(version)] else { continue }
      let given = attributes.reduce(into: [String: Attribute]()) { $0[$1.key] = Self.attribute($1.key, $1.value) }
      // Together, and one by one beside what must be there.
      for names in [Array(given.keys)] + given.keys.map({ [$0, "to", "axis", "kernel_shape"] }) {
        let node = NodeReader(
          name: schema.name, version: version, attributes: given.filter { names.contains($0.key) },
          presentInputs: schema.inputs.map { !$0.isOptional }, outputCount: 1)
        do {
          _ = try Operators.decode(type, node)
        } catch let error as TensorError {
          #expect(
            !error.message.contains("is not one that version"), "version \(version), \(names): \(error.message)")
        }
      }
    }
  }
}
