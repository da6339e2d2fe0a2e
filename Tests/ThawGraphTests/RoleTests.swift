import Testing
import ThawONNX
import ThawTensor

@testable import ThawGraph

@Suite("Roles") struct RoleTests {
  private func initializer(_ name: String, _ dims: [Int64]) -> TensorProto {
    var tensor = TensorProto()
    tensor.name = name
    tensor.dims = dims
    tensor.dataType = 1
    tensor.rawData = ByteRegion([UInt8](repeating: 0, count: Int(dims.reduce(1, *)) * 4))
    return tensor
  }

  /// x → BatchNormalization → ·w → ^2 → y, an Identity-merged bias, and a Constant.
  private func model() -> ModelProto {
    var model = ModelProto()
    model.irVersion = 8
    model.opsetImport = [OperatorSetIdProto(domain: "", version: 17)]
    var graph = GraphProto()
    graph.name = "g"
    var ones = AttributeProto()
    ones.name = "value"
    ones.type = .tensor
    ones.t = initializer("", [3])
    graph.node = [
      NodeProto("Identity", input: ["scale"], output: ["scale2"]),
      NodeProto("Constant", input: [], output: ["ones"], attribute: [ones]),
      NodeProto("BatchNormalization", input: ["x", "scale", "shift", "mean", "var"], output: ["n"]),
      NodeProto("MatMul", input: ["n", "w"], output: ["h"]),
      NodeProto("Pow", input: ["h", "exponent"], output: ["p"]),
      NodeProto("Mul", input: ["p", "scale2"], output: ["m"]),
      NodeProto("Add", input: ["m", "ones"], output: ["y"]),
    ]
    graph.input = [ValueInfoProto(name: "x", type: TensorType(.float32, [.symbol("N"), 3]).proto)]
    graph.output = [ValueInfoProto(name: "y", type: TensorType(.float32, [.symbol("N"), 3]).proto)]
    graph.initializer = [
      initializer("scale", [3]), initializer("shift", [3]), initializer("mean", [3]), initializer("var", [3]),
      initializer("w", [3, 3]), initializer("exponent", [1]), initializer("half", []),
    ]
    model.graph = graph
    return model
  }

  @Test("what a gradient reaches trains; statistics are buffers; exponents, scalars and written numbers are constants")
  func inference() throws {
    let model = try Model(model())
    #expect(model.parameters.source == .reachability)
    #expect(Set(model.parameters.with(.trainable).map(\.name)) == ["scale", "scale2", "shift", "w"])
    #expect(Set(model.parameters.with(.buffer).map(\.name)) == ["mean", "var"])
    #expect(Set(model.parameters.with(.constant).map(\.name)) == ["exponent", "half", "ones"])
  }

  @Test("without weights in initializers, Constants of rank 1 or more train")
  func constantsTrain() throws {
    var proto = model()
    proto.graph?.initializer.removeAll { ["scale", "shift", "w"].contains($0.name) }
    let constants = ["scale": [3], "shift": [3], "w": [3, 3]] as [String: [Int64]]
    for (name, dims) in constants.sorted(by: { $0.key < $1.key }) {
      var value = AttributeProto()
      value.name = "value"
      value.type = .tensor
      value.t = initializer("", dims)
      proto.graph?.node.insert(NodeProto("Constant", input: [], output: [name], attribute: [value]), at: 0)
    }
    let model = try Model(proto)
    #expect(Set(model.parameters.with(.trainable).map(\.name)) == ["ones", "scale", "scale2", "shift", "w"])
  }

  @Test("PyTorch's marks decide; what is unmarked trains in a weight's place only")
  func marks() throws {
    var proto = model()
    func mark(_ name: String, _ kind: String) -> ValueInfoProto {
      var info = ValueInfoProto(name: name, type: nil)
      info.metadataProps = [
        StringStringEntryProto(key: "pkg.torch.export.graph_signature.InputSpec.kind", value: kind)
      ]
      return info
    }
    proto.graph?.valueInfo = [mark("shift", "PARAMETER"), mark("mean", "BUFFER"), mark("var", "BUFFER")]
    let model = try Model(proto)
    #expect(model.parameters.source == .exportMarks)
    // scale2 is read by a Mul, which is no layer.
    #expect(Set(model.parameters.with(.trainable).map(\.name)) == ["scale", "shift", "w"])
  }

  @Test("roles survive saving; changes to the file are told from intact roles")
  func saved() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("m.onnx")
    let model = try Model(model())
    try model.freeze("w")
    try model.save(to: path)
    let again = try Model(contentsOf: path)
    #expect(again.parameters.source == .file)
    #expect(again.parameters["w"]?.role == .frozen)

    var renamed = again.proto
    renamed.graph?.initializer[4].name = "weight"
    renamed.graph?.node[3].input[1] = "weight"
    #expect(
      try Model(renamed).parameters.source == .changedFile(missing: ["w"], new: ["weight"], reshaped: false))
  }

  @Test("an untouched file is written as it was; frozen weights keep their bytes")
  func fidelity() throws {
    let proto = model()
    let model = try Model(proto)
    #expect(try model.changedProto().encoded() == proto.encoded())
    let w = try #require(model.parameters["w"])
    try w.set(Tensor.ones([3, 3]))
    let changed = try model.changedProto()
    #expect(changed.graph?.node == proto.graph?.node)
    for (before, after) in zip(proto.graph?.initializer ?? [], changed.graph?.initializer ?? []) {
      #expect((before == after) == (before.name != "w"))
    }
  }

  @Test("an Identity-merged tensor gets one of its own at its first change")
  func identity() throws {
    let model = try Model(model())
    try #require(model.parameters["scale2"]).set(Tensor([1, 2, 3] as [Float]))
    let changed = try model.changedProto()
    #expect(changed.graph?.node.contains { $0.opType == "Identity" } == false)
    #expect(changed.graph?.initializer.last?.name == "scale2")
    let again = try Model(changed)
    #expect(try again.parameters["scale2"]?.value().elements(as: Float.self) == [1, 2, 3])
    #expect(try again.parameters["scale"]?.value().elements(as: Float.self) == [0, 0, 0])
  }

  @Test("a Constant stays a Constant when its value changes")
  func constant() throws {
    let model = try Model(model())
    try #require(model.parameters["ones"]).set(Tensor([1, 2, 3] as [Float]))
    let changed = try model.changedProto()
    #expect(changed.graph?.node[1].opType == "Constant")
    #expect(try Model(changed).parameters["ones"]?.value().elements(as: Float.self) == [1, 2, 3])
  }

  @Test(
    "patterns",
    arguments: [
      ("scale*", ["scale", "scale2"]), ("?", ["w"]), ("*a*", ["half", "mean", "scale", "scale2", "var"]), ("w", ["w"]),
    ])
  func patterns(pattern: String, names: [String]) throws {
    #expect(try Model(model()).parameters(matching: pattern).map(\.name).sorted() == names)
  }

  @Test("a pattern that matches nothing is an error")
  func noMatch() throws {
    let error = #expect(throws: ModelError.self) { try Model(model()).freeze("features.*") }
    #expect(
      error?.message
        == "no parameter and no node is named like 'features.*'; `thaw inspect` lists the names")
  }

  @Test("what the training information updates trains; it is kept when the model is saved")
  func trainingInformation() throws {
    var proto = model()
    var information = TrainingInfoProto()
    var algorithm = GraphProto()
    algorithm.name = "step"
    algorithm.output = [ValueInfoProto(name: "new w", type: nil)]
    information.algorithm = algorithm
    information.updateBinding = [StringStringEntryProto(key: "w", value: "new w")]
    information.unknownFields = [UnknownField(number: 777, wireType: 2, bytes: [1, 7])]
    proto.trainingInfo = [information]
    let model = try Model(proto)
    #expect(model.parameters.source == .trainingInfo)
    #expect(model.parameters.with(.trainable).map(\.name) == ["w"])
    #expect(model.parameters.with(.buffer).map(\.name) == ["mean", "var"])
    try model.parameters["w"]?.set(Tensor.ones([3, 3]))
    let saved = try ModelProto(decoding: model.changedProto().encoded())
    #expect(saved.trainingInfo == [information])
  }
}
