import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

@Suite("What differs between models") struct ModelDifferenceTests {
  private static func open() throws -> Model { try EditingTests.open("Models/digits.onnx") }

  @Test("the same, whatever names, order and opset's forms", arguments: EditingTests.paths)
  func same(path: String) throws {
    let model = try EditingTests.open(path)
    #expect(!(try ModelDifference(model, model)).isDifferent)
    if !model.parameters.isEmpty, model.proto.graph?.initializer.isEmpty == false {
      let renamed = try model.renamed([Renaming(.initializers, "*", to: "w/*")])
      let difference = try ModelDifference(model, renamed)
      #expect(!difference.isDifferent)
    }
    guard model.opsetOfONNX < 28 else { return }
    let upgraded = try ModelDifference(model, try model.upgraded(toOpset: 28))
    #expect(upgraded.opsets.map(\.to) == ["28"])
    #expect(upgraded.nodes.isEmpty && upgraded.changedNodes.isEmpty && upgraded.changedTensors.isEmpty)
  }

  @Test("numbers, roles, metadata, nodes")
  func differences() throws {
    let (a, b) = (try Self.open(), try Self.open())
    let weight = try #require(b.parameters.with(.trainable).first)
    var values = try weight.value().elements(as: Float.self)
    let norm = values.map { Double($0) * Double($0) }.reduce(0, +).squareRoot()
    values[0] += 2
    values[values.count - 1] -= 1
    try weight.set(Tensor(values, shape: weight.type.shape ?? []))
    weight.role = .frozen
    var proto = try b.changedProto()
    proto.metadataProps.append(StringStringEntryProto(key: "k", value: "v"))
    let last = try #require(proto.graph?.output.first?.name)
    proto.graph?.node.append(NodeProto("Identity", input: [last], output: ["copy"]))
    proto.graph?.output[0].name = "copy"
    let difference = try ModelDifference(a, try Model(proto))
    let tensor = try #require(difference.changedTensors.first)
    #expect(difference.changedTensors.count == 1)
    #expect(tensor.name == weight.name && tensor.changed == 2)
    #expect(abs((tensor.maximum ?? 0) - 2) < 1e-6)
    #expect(abs((tensor.l2 ?? 0) - 5.0.squareRoot()) < 1e-6)
    #expect(abs((tensor.relative ?? 0) - 5.0.squareRoot() / norm) < 1e-6)
    #expect(difference.roles.map(\.to) == ["frozen"])
    #expect(difference.metadata.map(\.name) == ["k"])
    #expect(difference.nodes.count == 1 && difference.nodes[0].to == "Identity")
    #expect(difference.matchedNodes == a.graph.nodes.count)
  }

  @Test(
    "every type is compared by its numbers",
    arguments: [DType.float32, .float64, .float16, .bfloat16, .int64, .int32, .int16, .int8, .uint8])
  func types(dtype: DType) throws {
    let values: [Double] = (0..<70_000).map { Double($0 % 50) }
    var others = values
    others[69_999] += 4
    let a = try Tensor(copying: values, shape: nil).cast(to: dtype).data()
    let b = try Tensor(copying: others, shape: nil).cast(to: dtype).data()
    let found = TensorDifference.compare([(a, a), (a, b)])
    #expect(found[0] == nil)
    #expect(found[1]?.maximum == 4 && found[1]?.l2 == 4 && found[1]?.changed == 1)
    let norm: Double = values.map { $0 * $0 }.reduce(0, +).squareRoot()
    let relative: Double = found[1]?.relative ?? 0
    #expect(abs(relative - 4 / norm) < 1e-12)
  }

  @Test("NaN and infinities")
  func nonFinite() throws {
    func compare(_ x: [Float], _ y: [Float]) throws -> TensorDifference? {
      TensorDifference.compare([(try Tensor(x).data(), try Tensor(y).data())])[0]
    }
    #expect(try compare([.nan, 1], [.nan, 1]) == nil)
    #expect(try compare([.nan, 1], [2, 1])?.maximum.isNaN == true)
    #expect(try compare([.infinity, 1], [.infinity, 3])?.maximum == 2)
    #expect(try compare([.infinity, 1], [0, 1])?.maximum == .infinity)
    #expect(try compare([0, 0], [1, 0])?.relative == .infinity)
  }
}
