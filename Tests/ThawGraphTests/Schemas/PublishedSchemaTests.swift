import Testing
import ThawONNX
import ThawTensor

@testable import ThawGraph

/// The table of published operators, and Thaw's own schemas against it.
@Suite("Published schemas") struct PublishedSchemaTests {
  private static let all: [PublishedSchema] = PublishedSchemas.tables.flatMap { table in
    PublishedSchemas.names(in: table.domain).flatMap { name in
      PublishedSchemas.versions(of: name, in: table.domain).compactMap {
        PublishedSchemas.named(name, in: table.domain, opset: $0)
      }
    }
  }

  /// Whether ONNX publishes an operator; ONNX Runtime has one in ONNX's domain that ONNX does not know.
  private static func isPublished(_ schema: Schema) -> Bool {
    PublishedSchemas.newestVersion(of: schema.domain) != nil && schema.name != SimplifiedLayerNormalization.schema.name
  }

  @Test("every row is read, and there are as many as ONNX has published") func rows() {
    #expect(Self.all.count == 659)
    #expect(
      Dictionary(grouping: Self.all, by: \.domain).mapValues(\.count) == [
        .onnx: 629, .onnxML: 25, .onnxTraining: 4, "ai.onnx.preview": 1,
      ])
    #expect(
      Self.all.filter(\.isDeprecated).map { "\($0.name)-\($0.version)" } == [
        "GroupNormalization-18", "Scatter-11", "Upsample-10", "TreeEnsembleClassifier-5", "TreeEnsembleRegressor-5",
      ])
    for table in PublishedSchemas.tables {
      #expect(Self.all.filter { $0.domain == table.domain }.allSatisfy { $0.version <= table.newestVersion })
    }
  }

  @Test("versions of an operator ascend, and an opset means the newest that is not above it") func meaning() {
    for schema in Self.all {
      let versions = PublishedSchemas.versions(of: schema.name, in: schema.domain)
      #expect(versions == Set(versions).sorted(), "\(schema.name)")
    }
    #expect(PublishedSchemas.named("Clip", in: .onnx, opset: 12)?.version == 12)
    #expect(PublishedSchemas.named("Clip", in: .onnx, opset: 7)?.version == 6)
    #expect(PublishedSchemas.named("Clip", in: .onnx, opset: 28)?.version == 13)
    #expect(PublishedSchemas.named("Gelu", in: .onnx, opset: 19) == nil)
    #expect(PublishedSchemas.versions(of: "Gemmm", in: .onnx).isEmpty)
  }

  @Test("what rows say is understood") func fields() throws {
    let loop = try #require(PublishedSchemas.named("Loop", in: .onnx, opset: 16))
    #expect(loop.inputs.map(\.count) == [.optional, .optional, .variadic(atLeast: 0, ofOneType: false)])
    #expect(loop.inputCount == 2...Int.max && loop.outputCount == 1...Int.max)
    #expect(loop.types["V"]?.contains("optional(seq(tensor(float)))") == true)
    #expect(loop.types(of: loop.inputs[0]) == ["tensor(int64)"])
    let normalization = try #require(PublishedSchemas.named("BatchNormalization", in: .onnx, opset: 15))
    #expect(normalization.outputCounts == [1, 3] && normalization.outputCount == 1...3)
    let epsilon = try #require(normalization.attributes.first)
    #expect(epsilon == .init(name: "epsilon", type: .float, isRequired: false, defaultValue: ["1e-05"]))
    let cast = try #require(PublishedSchemas.named("Cast", in: .onnx, opset: 13))
    #expect(cast.attributes == [.init(name: "to", type: .int, isRequired: true, defaultValue: nil)])
    let map = try #require(PublishedSchemas.named("DictVectorizer", in: .onnxML, opset: 1))
    #expect(map.types(of: map.inputs[0]).contains("map(string, int64)"))
    let zip = try #require(PublishedSchemas.named("ZipMap", in: .onnxML, opset: 1))
    #expect(zip.types(of: zip.outputs[0]) == ["seq(map(string, float))", "seq(map(int64, float))"])
  }

  @Test(
    "a row of another form is none",
    arguments: [
      "", "Add", "Add first | A T | C T | T float", "Add 1 | A | C T | T float", "Add 1 | A T, B*x T | C T | T float",
      "Add 1 | A T | C T | T @nothing", "Add 1 | A T | C T | T seq(float", "Add 1 | A T | C T | T map(float)",
      "Add 1 | A T | C T | T", "Add 1 | A T | C T | T float | axis", "Add 1 | A T | C T | T float | axis number",
      "Add 1 | A T | C T | T float | axis int | more",
    ])
  func malformed(row: String) {
    #expect(PublishedSchema(row: row, domain: .onnx) == nil)
    #expect(PublishedSchema(row: "Add 1 | A T | C T | T float | axis int", domain: .onnx) != nil)
  }

  // MARK: Thaw's own

  @Test(
    "listed versions are published ones, without a gap up to the newest", arguments: Operators.all.map { $0.schema })
  func versions(schema: Schema) throws {
    guard Self.isPublished(schema) else { return #expect(schema.versions == [1]) }
    let published = PublishedSchemas.versions(of: schema.name, in: schema.domain)
    try #require(!published.isEmpty, "\(schema.name) is not an operator of ONNX")
    let first = try #require(schema.versions.first)
    #expect(schema.versions == published.filter { $0 >= first })
    if schema.domain == .onnx, let oldest = published.last(where: { $0 <= 7 }) {
      #expect(first <= oldest, "version \(oldest), which opset 7 means, is missing")
    } else if schema.domain == .onnx {
      #expect(first == published.first)
    }
  }

  @Test(
    "inputs and outputs are those of the newest version that is not withdrawn",
    arguments: Operators.all.map { $0.schema }.filter { isPublished($0) })
  func parameters(schema: Schema) throws {
    let published = try #require(
      schema.versions.reversed().lazy.compactMap {
        PublishedSchemas.named(schema.name, in: schema.domain, opset: $0)
      }.first { !$0.isDeprecated })
    func text(_ isOptional: Bool, _ isVariadic: Bool) -> String { isVariadic ? "…" : isOptional ? "?" : "1" }
    func text(_ parameter: PublishedSchema.FormalParameter) -> String {
      switch parameter.count {
      case .one: "1"
      case .optional: "?"
      case .variadic: "…"
      }
    }
    // What Thaw lists beyond is captured by a body, or an input or output of an older version.
    let inputs = schema.inputs.prefix(published.inputs.count)
    let outputs = schema.outputs.prefix(published.outputs.count)
    #expect(schema.inputs.dropFirst(inputs.count).allSatisfy { $0.isVariadic || $0.isOptional })
    #expect(schema.outputs.dropFirst(outputs.count).allSatisfy { $0.isOptional })
    #expect(inputs.map { text($0.isOptional, $0.isVariadic) } == published.inputs.map(text))
    #expect(outputs.map { text($0.isOptional, $0.isVariadic) } == published.outputs.map(text))
    #expect(inputs.map(\.name) == published.inputs.map(\.name))
    #expect(outputs.map(\.name) == published.outputs.map(\.name))
  }

  /// An attribute as a file may have it; nil for a kind or a text whose possible values are not known here.
  private static func attribute(_ formal: PublishedSchema.FormalAttribute) -> Attribute? {
    switch formal.type {
    case .int: .int(1)
    case .float: .float(1)
    case .string: formal.defaultValue?.first.map { .text($0) }
    case .ints: formal.name == "pads" ? .ints([0, 0]) : .ints([1])
    case .floats: .floats([1])
    default: nil
    }
  }

  @Test(
    "an attribute that a version has is never an unknown one",
    arguments: Operators.all.map { $0.schema }.filter { isPublished($0) })
  func attributesAreKnown(schema: Schema) throws {
    let type = try #require(Operators.named(schema.name, domain: schema.domain.rawValue))
    for version in schema.versions {
      let published = try #require(PublishedSchemas.named(schema.name, in: schema.domain, opset: version))
      let given = published.attributes.reduce(into: [String: Attribute]()) { $0[$1.name] = Self.attribute($1) }
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
