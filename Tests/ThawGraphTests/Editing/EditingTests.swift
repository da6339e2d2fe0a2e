import Foundation
import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// Models changed in structure or form: they compute what they did, and roles go with the tensors.
@Suite("Editing models") struct EditingTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  static let paths = [
    "Models/digits.onnx", "Tests/Goldens/mlp/model.onnx", "Tests/Goldens/lenet5_dynamo/model.onnx",
    "Tests/Goldens/conv1d_norms/model.onnx", "Tests/ThawONNXTests/Fixtures/sound_if.onnx",
    "Tests/ThawONNXTests/Fixtures/sound_function.onnx", "Tests/ThawONNXTests/Fixtures/sound_typed_field.onnx",
  ]

  static func open(_ path: String) throws -> Model { try Model(contentsOf: root.appending(path: path).path) }

  /// Checks that a changed model gives what the first gives, when it is saved and opened too.
  static func expectSame(
    _ model: Model, _ changed: Model, tolerance: Double = 1e-6, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let inputs = Dictionary(
      uniqueKeysWithValues: try model.randomInputs().map { ($0.name, $0.tensor) })
    let saved = try Model(ModelProto(decoding: try changed.changedProto().encoded()))
    for other in [changed, saved] {
      let expected = try noGrad { try model(inputs, execution: .eager) }
      let renamed = Dictionary(
        uniqueKeysWithValues: zip(model.inputs, other.inputs).compactMap { a, b in inputs[a.name].map { (b.name, $0) } }
      )
      let found = try noGrad { try other(renamed, execution: .eager) }
      for (a, b) in zip(expected.values, found.values) {
        guard let a = a.tensor, let b = b.tensor, a.dtype.isFloatingPoint else { continue }
        let (x, y) = (try a.elements(as: Float.self), try b.elements(as: Float.self))
        let scale = Double(x.map(abs).max() ?? 1) + 1e-3
        #expect(x.count == y.count, sourceLocation: sourceLocation)
        #expect(zip(x, y).allSatisfy { abs(Double($0 - $1)) <= tolerance * scale }, sourceLocation: sourceLocation)
      }
    }
  }

  @Test("upgraded to each opset, also from one that writes axes and bounds as attributes", arguments: paths)
  func upgrade(path: String) throws {
    let model = try Self.open(path)
    if let first = model.parameters.with(.trainable).first { first.role = .frozen }
    for opset in [18, 21, 28] where opset > model.opsetOfONNX {
      let upgraded = try model.upgraded(toOpset: opset)
      #expect(upgraded.opsetOfONNX == opset)
      #expect(upgraded.rolesByName.merging(model.rolesByName) { $1 } == upgraded.rolesByName)
      try Self.expectSame(model, upgraded)
    }
    #expect(throws: ModelError.self) { try model.upgraded(toOpset: model.opsetOfONNX - 1) }
  }

  /// Softmax over rows, Clip, Squeeze, Upsample and Dropout as opset 9 has them.
  static func old() throws -> Model {
    func attribute(_ name: String, _ set: (inout AttributeProto) -> Void) -> AttributeProto {
      var attribute = AttributeProto()
      attribute.name = name
      set(&attribute)
      return attribute
    }
    var proto = ModelProto()
    proto.irVersion = 4
    proto.opsetImport = [OperatorSetIdProto(domain: "", version: 9)]
    var graph = GraphProto()
    graph.name = "old"
    graph.input = [ValueInfoProto(name: "x", type: TensorType.float32("N", 2, 3).proto)]
    graph.output = [ValueInfoProto(name: "y", type: TensorType.float32("N", 1, 4, 6).proto)]
    graph.initializer = [TensorProto(name: "scales", try TensorData([4], [1, 1, 2, 2] as [Float]))]
    graph.node = [
      NodeProto(
        "Softmax", input: ["x"], output: ["s"], name: "soft",
        attribute: [attribute("axis") { ($0.i, $0.type) = (1, .int) }]),
      NodeProto(
        "Clip", input: ["s"], output: ["c"], name: "clip",
        attribute: [
          attribute("min") { ($0.f, $0.type) = (0.1, .float) }, attribute("max") { ($0.f, $0.type) = (0.9, .float) },
        ]),
      NodeProto(
        "Unsqueeze", input: ["c"], output: ["u"], attribute: [attribute("axes") { ($0.ints, $0.type) = ([1], .ints) }]),
      NodeProto("Upsample", input: ["u", "scales"], output: ["r"], name: "up"),
      NodeProto("Dropout", input: ["r"], output: ["y"]),
    ]
    proto.graph = graph
    return try Model(proto)
  }

  @Test("old forms: attributes become inputs, operators that are gone what they stood for")
  func oldForms() throws {
    let model = try Self.old()
    for opset in [14, 18, 28] {
      let upgraded = try model.upgraded(toOpset: opset)
      try Self.expectSame(model, upgraded)
      let types = Set((upgraded.proto.graph?.node ?? []).compactMap(\.opType))
      #expect(
        types.isSuperset(of: ["Softmax", "Clip", "Unsqueeze", "Resize", "Dropout"]) && !types.contains("Upsample"))
    }
    let error = #expect(throws: ModelError.self) { try model.upgraded(toOpset: 13) }
    #expect(error?.message.hasPrefix("node 'soft' (Softmax) cannot be written in opset 13: ") == true)
  }

  @Test("an attribute that the new opset asks for is written: Split's num_outputs")
  func newAttribute() throws {
    var proto = ModelProto()
    proto.irVersion = 7
    proto.opsetImport = [OperatorSetIdProto(domain: "", version: 13)]
    var graph = GraphProto()
    graph.name = "split"
    graph.input = [ValueInfoProto(name: "x", type: TensorType.float32(6).proto)]
    graph.output = ["a", "b"].map { ValueInfoProto(name: $0, type: TensorType.float32(3).proto) }
    let relu = NodeProto("Relu", input: ["a"], output: ["r"])
    graph.node = [NodeProto("Split", input: ["x"], output: ["a", "b"]), relu]
    proto.graph = graph
    let nodes = try #require(try Model(proto).upgraded(toOpset: 21).proto.graph?.node)
    #expect(nodes[0].attribute.first { $0.name == "num_outputs" }?.i == 2)
    #expect(nodes[1] == relu)
  }

  @Test("weights kept in half the room, and back", arguments: paths, [DType.float16, .bfloat16, .float64])
  func storage(path: String, dtype: DType) throws {
    let opened = try Self.open(path)
    let model = try opened.upgraded(toOpset: max(18, opened.opsetOfONNX))
    let stored = try model.storingParameters(as: dtype)
    let weights = model.parameters.filter { $0.role != .constant }
    #expect(stored.converted.count + stored.kept.count == weights.count)
    #expect(stored.model.rolesByName == model.rolesByName)
    for name in stored.converted { #expect(stored.model.parameters[name]?.type.dtype == dtype) }
    // The same numbers in the old type: what is computed is then the same.
    let back = try stored.model.storingParameters(as: .float32).model
    #expect(back.proto.graph?.node.count == model.proto.graph?.node.count)
    try Self.expectSame(back, stored.model)
    try Self.expectSame(model, back, tolerance: dtype == .float64 ? 1e-6 : 0.2)
  }

  @Test("a number too large for float16 keeps its tensor as it is")
  func tooLarge() throws {
    let model = try Self.open("Models/digits.onnx")
    let parameter = try #require(model.parameters.with(.trainable).first)
    try parameter.set(Tensor.full(parameter.type.shape ?? [], 1e6))
    let stored = try model.storingParameters(as: .float16)
    #expect(stored.kept.map(\.name) == [parameter.name])
  }

  @Test(
    "renamed and back: the same file; roles go along",
    arguments: ["Models/digits.onnx", "Tests/Goldens/mlp/model.onnx"])
  func rename(path: String) throws {
    let model = try Self.open(path)
    try #require(model.parameters.with(.trainable).first).role = .frozen
    let there = try [Renaming(.initializers, "*", to: "w/*"), Renaming(.nodes, "*", to: "n/*")]
    let renamed = try model.renamed(there)
    #expect(renamed.parameters.map(\.role) == model.parameters.map(\.role))
    #expect(renamed.parameters.allSatisfy { $0.name.hasPrefix("w/") })
    guard case .file = renamed.parameters.source else {
      Issue.record("the roles were \(renamed.parameters.source)")
      return
    }
    try Self.expectSame(model, renamed)
    let back = try renamed.renamed([Renaming(.initializers, "w/*", to: "*"), Renaming(.nodes, "n/*", to: "*")])
    #expect(try back.changedProto().graph == model.changedProto().graph)
    #expect(throws: ModelError.self) { try model.renamed([Renaming(.values, "*", to: "same")]) }
    #expect(throws: ModelError.self) { try model.renamed([Renaming(.nodes, "nothing", to: "x")]) }
    #expect(throws: ModelError.self) { try Renaming(.nodes, "a*", to: "*b*") }
  }

  @Test("cut in two and merged again: the whole", arguments: ["Models/digits.onnx", "Tests/Goldens/mlp/model.onnx"])
  func extractAndMerge(path: String) throws {
    let model = try Self.open(path)
    let nodes = try #require(model.proto.graph?.node)
    let middle = try #require(nodes[nodes.count / 2].output.first)
    let front = try model.extracted(outputs: [middle])
    let back = try model.extracted(inputs: [middle])
    #expect(front.parameters.count + back.parameters.count == model.parameters.count)
    let merged = try front.merged(with: back)
    try Self.expectSame(model, merged)
    #expect(try ModelDifference(model, merged).nodes.isEmpty)
    let error = #expect(throws: ModelError.self) { try model.extracted(inputs: [], outputs: [middle]) }
    #expect(error?.message.contains("needs the model's input") == true)
    #expect(throws: ModelError.self) { try model.extracted(outputs: ["nowhere"]) }
  }

  @Test("merged with itself: clashing names get the prefix")
  func mergeClash() throws {
    let model = try EditingTests.old().extracted(outputs: ["c"])
    let twice = try model.merged(with: model, connecting: [("c", "x")])
    #expect(twice.outputs.map(\.name) == ["second/c"])
    #expect(twice.inputs.map(\.name) == ["x"])
    #expect(throws: ModelError.self) { try model.merged(with: model, connecting: [("none", "x")]) }
  }

  @Test("constants folded, the unused removed, parameters untouched")
  func fold() throws {
    var proto = try Self.old().proto
    proto.graph?.node.insert(NodeProto("Identity", input: ["scales"], output: ["unused"]), at: 0)
    proto.graph?.node.insert(NodeProto("Add", input: ["zeros", "scales"], output: ["sum"]), at: 1)
    proto.graph?.initializer.append(TensorProto(name: "zeros", try TensorData([1], [0] as [Float])))
    let up = try #require(proto.graph?.node.firstIndex { $0.name == "up" })
    proto.graph?.node[up].input[1] = "sum"
    let model = try Model(proto)
    for parameter in model.parameters { parameter.role = .constant }
    let folded = try model.foldingConstants()
    #expect(folded.proto.graph?.initializer.compactMap(\.name) == ["sum"])
    #expect(folded.proto.graph?.node.count == 5)
    try Self.expectSame(model, folded)
    for parameter in model.parameters { parameter.role = .frozen }
    #expect(try model.foldingConstants().proto.graph?.initializer.count == 2)
  }

  @Test("the mean of models; what is the same stays, byte by byte")
  func average() throws {
    let (a, b) = (try Self.open("Models/digits.onnx"), try Self.open("Models/digits.onnx"))
    let changed = try #require(b.parameters.with(.trainable).first)
    let old = try changed.value().elements(as: Float.self)
    try changed.set(Tensor(old.map { $0 + 3 }, shape: changed.type.shape ?? []))
    let mean = try Model.average([a, try b.renamed([Renaming(.initializers, "*", to: "w/*")])], weights: [2, 1])
    for (before, after) in zip(a.parameters, mean.parameters) {
      if before.name == changed.name {
        let found = try after.value().elements(as: Float.self)
        #expect(zip(found, old).allSatisfy { abs($0 - $1 - 1) < 1e-5 })
      } else {
        #expect(try after.data() == before.data())
      }
    }
    #expect(throws: ModelError.self) { try Model.average([a, b], weights: [1]) }
    #expect(throws: ModelError.self) { try Model.average([a, b], weights: [1, -1]) }
    let other = try Self.open("Tests/Goldens/mlp/model.onnx")
    let error = #expect(throws: ModelError.self) { try Model.average([a, other]) }
    #expect(error?.message.hasPrefix("model 2 differs from the first in more than its weights: ") == true)
  }

  @Test("weights out and in, and what does not match", arguments: ["safetensors", "npz"])
  func weights(format: String) throws {
    let model = try Self.open("Models/digits.onnx")
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).\(format)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.exportWeights(to: path)
    let changed = try Self.open("Models/digits.onnx")
    let weight = try #require(changed.parameters.with(.trainable).first)
    try weight.set(Tensor.zeros(weight.type.shape ?? []))
    let result = try changed.importingWeights(from: path)
    #expect(!(try ModelDifference(model, result.model)).isDifferent)
    #expect(result.missing.isEmpty && result.unexpected.isEmpty)
    let renamed = try model.renamed([Renaming(.initializers, weight.name, to: "other")])
    let error = #expect(throws: ModelError.self) { try renamed.importingWeights(from: path) }
    #expect(error?.message.contains("the file has no 'other'; the model has no '\(weight.name)'") == true)
    let partial = try renamed.importingWeights(from: path, isPartial: true)
    #expect(partial.missing == ["other"] && partial.unexpected == [weight.name])
    let half = try model.storingParameters(as: .float16).model
    #expect(throws: ModelError.self) { try half.importingWeights(from: path) }
    #expect(try half.importingWeights(from: path, casts: true).matched.contains(weight.name))
  }
}
