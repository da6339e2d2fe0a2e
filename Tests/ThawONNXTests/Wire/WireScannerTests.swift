import Foundation
import Testing
import ThawONNX

@Suite struct WireScannerTests {
  /// Broken models: where they are broken, and how.
  static let broken: [(place: String?, kind: FileError.Kind, bytes: [UInt8])] = [
    ("ir_version", .malformed, [0x0a, 0x01, 0x00]),
    ("ir_version", .malformed, [0x08] + [UInt8](repeating: 0xff, count: 11)),
    ("producer_name", .invalidText, [0x12, 0x02, 0xc3, 0x28]),
    ("producer_name", .invalidText, [0x12, 0x03, 0x61, 0x00, 0x62]),
    ("producer_name", .truncated, [0x12, 0x05, 0x61]),
    ("producer_name", .malformed, [0x12, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 0x61]),
    ("opset_import[1].version", .malformed, message(8, []) + message(8, [0x15, 0, 0, 0, 0])),
    (
      "graph.initializer[2].raw_data", .truncated, graph(initializer([]) + initializer([]) + initializer([0x4a, 0x05]))
    ),
    ("graph.initializer[0].float_data[0]", .malformed, graph(initializer([0x22, 0x03, 0, 0, 0]))),
    ("graph.initializer[0].int64_data[0]", .truncated, graph(initializer([0x3a, 0x01, 0x80]))),
    ("graph.node[0].attribute[0].t.name", .invalidText, graph(message(1, message(5, message(5, [0x42, 0x01, 0xff]))))),
    (nil, .malformed, [0x08, 0x08, 0xfb, 0x01]),
    (nil, .malformed, [0x08, 0x08, 0x00]),
    (nil, .truncated, [0x08, 0x08, 0xfa, 0x3f, 0x05, 0x00]),
    (nil, .truncated, [0x08, 0x08, 0xfd, 0x3f, 0x05, 0x00]),
  ]

  @Test(arguments: broken)
  func aBrokenModelSaysWhere(place: String?, kind: FileError.Kind, bytes: [UInt8]) {
    let error = #expect(throws: FileError.self) { try ModelProto(decoding: bytes) }
    #expect(error?.kind == kind)
    #expect(error?.place == place)
    #expect(error?.offset != nil)
  }

  @Test(arguments: [101, 200, 10_000, 300_000])
  func deepNestingIsRefused(levels: Int) {
    let error = #expect(throws: FileError.self) { try ModelProto(decoding: nestedGraphs(levels)) }
    #expect(error?.kind == .tooDeep)
  }

  @Test func nestingUpToTheLimitIsRead() throws {
    // A level each for the model and its graph; a graph inside takes three: node, attribute, graph.
    let bytes = nestedGraphs(32)
    #expect(try ModelProto(decoding: bytes).encoded() == bytes)
    #expect(throws: FileError.self) { try ModelProto(decoding: nestedGraphs(33)) }
  }

  @Test func aModelNestedTooDeeplyIsNotWritten() {
    var graph = GraphProto()
    for _ in 0..<40 {
      graph = Models.body(
        [NodeProto("If", input: [], output: [], attribute: [Models.attribute("a", graph: graph)])], outputs: [])
    }
    var model = Models.dense()
    model.graph = graph
    let error = #expect(throws: FileError.self) { try model.encoded() }
    #expect(error?.kind == .tooDeep)
  }

  @Test func theNumberOfMessagesIsLimited() {
    var limits = ReadingLimits()
    limits.messages = 10
    let nodes = (0..<10).flatMap { _ in Self.message(1, []) }
    let error = #expect(throws: FileError.self) { try ModelProto(decoding: Self.graph(nodes), limits: limits) }
    #expect(error?.kind == .tooLarge)
    limits.messages = 12
    limits.fieldsPerMessage = 9
    #expect(throws: FileError.self) { try ModelProto(decoding: Self.graph(nodes), limits: limits) }
    limits.fieldsPerMessage = 10
    #expect(throws: Never.self) { try ModelProto(decoding: Self.graph(nodes), limits: limits) }
  }

  @Test func unknownFieldsAreKept() throws {
    // Numbers that no schema has, with every wire type, in the model and in a node.
    let unknown: [UInt8] = [
      0xf8, 0x3f, 0x96, 0x01, 0xf9, 0x3f, 1, 2, 3, 4, 5, 6, 7, 8, 0xfa, 0x3f, 2, 9, 9, 0xfd, 0x3f, 1, 2, 3, 4,
    ]
    let bytes = [0x08, 0x08] + Self.graph(Self.message(1, unknown)) + unknown
    var model = try ModelProto(decoding: bytes)
    #expect(model.unknownFields.map(\.wireType) == [0, 1, 2, 5])
    #expect(model.unknownFields.allSatisfy { $0.number == 1023 })
    #expect(model.graph?.node[0].unknownFields == model.unknownFields)
    #expect(try model.encoded() == bytes)
    model.unknownFields[2].bytes = [1, 5]
    #expect(try model.encoded() == bytes.dropLast(11) + [0xfa, 0x3f, 1, 5] + bytes.suffix(6))
  }

  @Test func packedNumbersAreReadWhereTheSchemaHasThemUnpacked() throws {
    // dims packed, as a proto3 writer has them, and int64_data unpacked.
    let tensor = try TensorProto(decoding: ByteRegion([0x0a, 0x02, 0x02, 0x01, 0x10, 0x07, 0x38, 0x05, 0x38, 0x06]))
    #expect(tensor.dims == [2, 1])
    #expect(tensor.int64Data == [5, 6])
    #expect(try tensor.contents().values(as: Int64.self) == [5, 6])
  }

  @Test func ofAFieldGivenTwiceTheLastIsTaken() throws {
    let tensor = try TensorProto(decoding: ByteRegion([0x4a, 0x01, 0x07, 0x4a, 0x02, 0x08, 0x09]))
    #expect(tensor.rawData == ByteRegion([8, 9]))
    // A message given twice is merged: the name of the first, the data of the second.
    let merged = Self.message(
      1, Self.message(5, Self.message(5, [0x42, 0x01, 0x61, 0x4a, 0x01, 0x07]) + Self.message(5, [0x4a, 0x01, 0x08])))
    let t = try ModelProto(decoding: Self.graph(merged)).graph?.node[0].attribute[0].t
    #expect(t?.name == "a")
    #expect(t?.rawData == ByteRegion([8]))
  }

  @Test func dataThatLooksLikeATokenIsData() throws {
    var tensor = TensorProto()
    tensor.rawData = ByteRegion([UInt8](repeating: 0, count: 16))
    let bytes = try tensor.encoded()
    #expect(try TensorProto(decoding: ByteRegion(bytes)) == tensor)
    #expect(bytes == [0x4a, 16] + [UInt8](repeating: 0, count: 16))
  }

  @Test func anUnknownFieldWithAKnownNumberIsNotWritten() {
    var tensor = TensorProto()
    tensor.unknownFields = [UnknownField(number: 9, wireType: 2, bytes: [1, 5])]
    let error = #expect(throws: FileError.self) { try tensor.encoded() }
    #expect(error?.kind == .notEncodable)
  }

  @Test func aTextWithAZeroByteIsNotWritten() {
    var model = Models.dense()
    model.graph?.node[1].name = "a\0b"
    let error = #expect(throws: FileError.self) { try model.encoded() }
    #expect(error?.kind == .notEncodable)
  }

  // MARK: Wire format by hand

  static func message(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
    var length: [UInt8] = []
    var rest = content.count
    while rest >= 0x80 {
      length.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return [field << 3 | 2] + length + [UInt8(rest)] + content
  }

  static func graph(_ content: [UInt8]) -> [UInt8] { message(7, content) }

  static func initializer(_ content: [UInt8]) -> [UInt8] { message(5, content) }

  /// A model of graphs inside graphs, built from the inside without recursion.
  private func nestedGraphs(_ levels: Int) -> [UInt8] {
    // Prefixes are gathered in reverse, since each holds the length of everything inside it.
    var reversed: [UInt8] = []
    for level in 0..<levels {
      for field in level == levels - 1 ? [UInt8(6), 5, 1] : [6, 5, 1] {
        let prefix = Self.message(field, []).prefix(1) + length(reversed.count)
        reversed += prefix.reversed()
      }
    }
    reversed += ([0x3a] + length(reversed.count)).reversed()
    return reversed.reversed()
  }

  private func length(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = count
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
