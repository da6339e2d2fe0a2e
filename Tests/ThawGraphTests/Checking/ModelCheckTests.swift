import Foundation
import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// A sound model, changed in one way each, and what must be found then: level, rule, place, part of the message.
@Suite("Checking models") struct ModelCheckTests {
  typealias Level = Finding.Level
  typealias Rule = Finding.Rule

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let level: Level
    let rule: Rule
    let place: String
    let message: String
    let change: @Sendable (inout ModelProto) -> Void
    var testDescription: String { name }
  }

  static func floats(_ name: String, _ dims: [Int64], _ value: Float = 1) -> TensorProto {
    var tensor = TensorProto()
    tensor.name = name
    tensor.dims = dims
    tensor.dataType = 1
    tensor.floatData = Array(repeating: value, count: Int(dims.reduce(1, *)))
    return tensor
  }

  static let cases: [Case] = [
    Case(
      name: "a shape", level: .error, rule: .shapes, place: "graph.node[0] (MatMul 'product')", message: "MatMul"
    ) { $0.graph?.initializer[0] = floats("w", [3, 3]) },
    Case(
      name: "a declared output", level: .error, rule: .shapes, place: "graph.node[1] (Relu 'kink', value 'y')",
      message: "declared as float32[N, 4]"
    ) { $0.graph?.output[0] = ValueInfoProto(name: "y", type: TensorType(.float32, [.symbol("N"), 4]).proto) },
    Case(
      name: "a declaration in between", level: .warning, rule: .shapes,
      place: "graph.node[0] (MatMul 'product', value 'h')", message: "declared as float32[9]"
    ) { $0.graph?.valueInfo = [ValueInfoProto(name: "h", type: TensorType(.float32, [9]).proto)] },
    Case(
      name: "a value declared twice", level: .warning, rule: .types, place: "graph.value_info[0] (value 'y')",
      message: "in output as float32[N, 3]"
    ) { $0.graph?.valueInfo = [ValueInfoProto(name: "y", type: TensorType(.int64, [9]).proto)] },
    Case(
      name: "a name nobody gives", level: .error, rule: .names, place: "graph.node[1].input[0] (Relu 'kink')",
      message: "nowhere"
    ) { $0.graph?.node[1].input = ["nowhere"] },
    Case(
      name: "a payload too long", level: .warning, rule: .orphanBytes, place: "graph.initializer[0] (tensor 'w')",
      message: "4 too many"
    ) { $0.graph?.initializer[0].rawData = ByteRegion([UInt8](repeating: 0, count: 28)) },
    Case(
      name: "entries too many", level: .warning, rule: .orphanBytes, place: "graph.initializer[0] (tensor 'w')",
      message: "2 too many"
    ) {
      var tensor = floats("w", [8])
      tensor.dims = [2, 3]
      $0.graph?.initializer[0] = tensor
    },
    Case(
      name: "a payload too short", level: .error, rule: .tensors, place: "graph.initializer[0] (tensor 'w')",
      message: "expected 24 bytes"
    ) { $0.graph?.initializer[0].rawData = ByteRegion([UInt8](repeating: 0, count: 20)) },
    Case(
      name: "an opset of the future", level: .warning, rule: .opsets, place: "opset_import[0]", message: "opset 99"
    ) { $0.opsetImport[0].version = 99 },
    Case(
      name: "an operator that Thaw does not have", level: .warning, rule: .operators,
      place: "graph.node[1] (Mystery 'kink')", message: "Thaw cannot run Mystery"
    ) {
      $0.opsetImport.append(OperatorSetIdProto(domain: "example", version: 1))
      $0.graph?.node[1].opType = "Mystery"
      $0.graph?.node[1].domain = "example"
    },
    Case(
      name: "NaN in a weight", level: .warning, rule: .numbers, place: "graph.initializer[0] (tensor 'w')",
      message: "of 6 numbers 6 NaN, the first at place 0"
    ) { $0.graph?.initializer[0] = floats("w", [2, 3], .nan) },
    Case(
      name: "an infinite half in a weight", level: .warning, rule: .numbers,
      place: "graph.initializer[0] (tensor 'w')", message: "of 6 numbers 1 infinite, the first at place 4"
    ) { model in
      var bytes = [UInt8](repeating: 0, count: 12)
      bytes[9] = 0x7c
      model.graph?.input[0].type = TensorType(.float16, [.symbol("N"), 2]).proto
      model.graph?.output[0].type = TensorType(.float16, [.symbol("N"), 3]).proto
      model.graph?.initializer[0].dataType = DType.float16.rawValue
      model.graph?.initializer[0].rawData = ByteRegion(bytes)
    },
    Case(
      name: "an infinite constant", level: .note, rule: .numbers,
      place: "graph.node[0].attribute[0].t (Constant, tensor 'mask')", message: "of 1 numbers 1 infinite"
    ) { model in
      var attribute = AttributeProto()
      attribute.name = "value"
      attribute.type = .tensor
      attribute.t = floats("mask", [], -.infinity)
      model.graph?.node.insert(
        NodeProto("Constant", input: [], output: ["m"], attribute: [attribute]), at: 0)
      model.graph?.node[2] = NodeProto("Max", input: ["h", "m"], output: ["y"], name: "kink")
    },
    Case(
      name: "an infinite bound among the weights", level: .note, rule: .numbers,
      place: "graph.initializer[1] (tensor 'bound')", message: "of 1 numbers 1 infinite"
    ) { model in
      model.graph?.initializer.append(floats("bound", [1], -.infinity))
      model.graph?.node[1] = NodeProto("Max", input: ["h", "bound"], output: ["y"], name: "kink")
    },
    Case(
      name: "an initializer nobody reads", level: .note, rule: .unusedInitializers,
      place: "graph.initializer[1] (tensor 'spare')", message: "nothing reads it"
    ) { $0.graph?.initializer.append(floats("spare", [2])) },
    Case(
      name: "a node nobody needs", level: .note, rule: .deadNodes, place: "graph.node[2] (Abs 'side')", message: "'s'"
    ) { $0.graph?.node.append(NodeProto("Abs", input: ["h"], output: ["s"], name: "side")) },
    Case(
      name: "a part of constants", level: .note, rule: .constantNodes, place: "graph.node[1] (Mul 'square')",
      message: "2 nodes, from 'neg' to this one"
    ) { model in
      var number = TensorProto()
      (number.name, number.dims, number.dataType, number.int64Data) = ("k", [1], 7, [1])
      model.graph?.initializer.append(number)
      model.graph?.node.insert(NodeProto("Neg", input: ["k"], output: ["n"], name: "neg"), at: 0)
      model.graph?.node.insert(NodeProto("Mul", input: ["n", "n"], output: ["a"], name: "square"), at: 1)
      model.graph?.node[3] = NodeProto("Squeeze", input: ["h", "a"], output: ["y"], name: "kink")
      model.graph?.output[0].type = TensorType(.float32, [.symbol("N")]).proto
      model.graph?.initializer[0] = floats("w", [2, 1])
    },
    Case(
      name: "a tied weight", level: .note, rule: .tiedWeights, place: "graph.initializer[0] (tensor 'w')",
      message: "2 nodes use it: 'product', 'kink'"
    ) { model in
      model.graph?.initializer[0] = floats("w", [2, 2])
      model.graph?.node[1] = NodeProto("MatMul", input: ["h", "w"], output: ["y"], name: "kink")
      model.graph?.output[0].type = TensorType(.float32, [.symbol("N"), 2]).proto
    },
    Case(
      name: "a weight before an operator without gradient", level: .note, rule: .trainability,
      place: "graph.node[1] (ArgMax 'kink')", message: "no gradient passes this ArgMax"
    ) { model in
      model.graph?.node[1].opType = "ArgMax"
      model.graph?.output[0].type = TensorType(.int64, [1, 3]).proto
    },
    Case(
      name: "a trainable weight before such an operator", level: .warning, rule: .trainability,
      place: "graph.initializer[0] (tensor 'w')", message: "no gradient reaches it: ArgMax 'kink' has no gradient"
    ) { model in
      model.setRoles(RoleTable(entries: ["w": .init(.trainable, .init(.float32, [2, 3]))]))
      model.graph?.node[1].opType = "ArgMax"
      model.graph?.output[0].type = TensorType(.int64, [1, 3]).proto
    },
    Case(
      name: "everything frozen", level: .note, rule: .trainability, place: "graph",
      message: "all 1 parameters are frozen"
    ) { $0.setRoles(RoleTable(entries: ["w": .init(.frozen, .init(.float32, [2, 3]))])) },
    Case(
      name: "roles of other tensors", level: .warning, rule: .roles, place: "metadata_props",
      message: "renamed or removed: 'gone'"
    ) { $0.setRoles(RoleTable(entries: ["gone": .init(.trainable, .init(.float32, [2, 3]))])) },
    Case(
      name: "roles of another shape", level: .warning, rule: .roles, place: "metadata_props",
      message: "the digest does not fit"
    ) { $0.setRoles(RoleTable(entries: ["w": .init(.trainable, .init(.float32, [3, 2]))])) },
    Case(
      name: "roles that cannot be read", level: .warning, rule: .roles, place: "metadata_props",
      message: "the roles cannot be read"
    ) { $0.metadataProps = [StringStringEntryProto(key: "thaw.trainable", value: "[")] },
  ]

  @Test("what is wrong is found", arguments: cases)
  func found(_ item: Case) throws {
    var model = BadModelTests.sound()
    item.change(&model)
    // As a reader sees it.
    let check = ModelCheck(try ModelProto(decoding: try model.encoded()))
    #expect(
      check.findings.contains {
        $0.level == item.level && $0.rule == item.rule && $0.place.description == item.place
          && $0.message.contains(item.message) && !$0.advice.isEmpty
      }, "\(check.findings.map { "\($0.level) \($0.rule) \($0.place): \($0.message)" })")
    if item.level != .error { #expect(check.errors == 0, "\(check.findings)") }
    if item.level == .note { #expect(check.warnings == 0, "\(check.findings)") }
  }

  @Test("a sound model: nothing")
  func sound() { #expect(ModelCheck(BadModelTests.sound()).findings == []) }

  @Test("all problems in one run, the worst first, also of a model that does not load")
  func several() {
    var model = BadModelTests.sound()
    model.metadataProps = ["a", "a"].map { StringStringEntryProto(key: $0, value: "") }
    model.graph?.initializer[0] = Self.floats("w", [3, 3], .nan)
    model.graph?.initializer.append(Self.floats("spare", [2]))
    model.graph?.output[0].type = nil
    let check = ModelCheck(model)
    #expect(Set(check.findings.map(\.rule)) == [.structure, .types, .shapes, .numbers, .unusedInitializers])
    #expect(check.findings.map(\.level) == check.findings.map(\.level).sorted { $0.order < $1.order })
    #expect(check.errors == 3 && check.worst == .error)
  }

  @Test("NaN and infinite numbers of each type that has them")
  func nonFinite() throws {
    let cases: [(DType, [UInt8], nan: Int, infinite: Int)] = [
      (.float16, [0, 0x7c, 1, 0x7c, 0, 0x3c], 1, 1), (.bfloat16, [0x80, 0x7f, 0xc0, 0xff, 0x80, 0x3f], 1, 1),
      (.float32, [0, 0, 0x80, 0x7f, 0, 0, 0xc0, 0x7f, 0, 0, 0x80, 0x3f], 1, 1),
      (.float64, [0, 0, 0, 0, 0, 0, 0xf0, 0xff, 1, 0, 0, 0, 0, 0, 0xf0, 0x7f], 1, 1),
      (.complex64, [0, 0, 0, 0, 0, 0, 0x80, 0x7f], 0, 1), (.float8e4m3fn, [0x7f, 0xff, 0x7e], 2, 0),
      (.float8e4m3fnuz, [0x80, 0x7f], 1, 0), (.float8e5m2, [0x7c, 0xfd, 0x7b], 1, 1),
      (.float8e5m2fnuz, [0x80, 0x7f], 1, 0), (.float8e8m0, [0xff, 0xfe], 1, 0),
    ]
    for (dtype, bytes, nan, infinite) in cases {
      let count = bytes.count * 8 / dtype.bitWidth
      let data = try TensorData(dtype, [count], bytes: ByteRegion(bytes))
      let found = try #require(NonFiniteCount.count([data])[0], "\(dtype)")
      #expect(found.nan == nan && found.infinite == infinite && found.total == count, "\(dtype): \(found)")
    }
    // Over the border of a part.
    var large = [Float](repeating: 1, count: 600_000)
    (large[300_000], large[599_999]) = (.nan, .infinity)
    let bytes = large.withUnsafeBytes { ByteRegion([UInt8]($0)) }
    let found = try #require(NonFiniteCount.count([try TensorData(.float32, [600_000], bytes: bytes)])[0])
    #expect(found.nan == 1 && found.infinite == 1 && found.first == 300_000)
  }
}

extension Finding.Level {
  fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
