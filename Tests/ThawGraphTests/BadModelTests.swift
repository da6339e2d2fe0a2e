import Foundation
import Testing
import ThawONNX
import ThawTensor

@testable import ThawGraph

/// Models that do not hold together, each with the sentence it must be refused with.
@Suite("Bad models") struct BadModelTests {
  /// A sound model to break: y = Relu(x · w).
  static func sound() -> ModelProto {
    var model = ModelProto()
    model.irVersion = 8
    model.opsetImport = [OperatorSetIdProto(domain: "", version: 17)]
    var graph = GraphProto()
    graph.name = "g"
    graph.node = [
      NodeProto("MatMul", input: ["x", "w"], output: ["h"], name: "product"),
      NodeProto("Relu", input: ["h"], output: ["y"], name: "kink"),
    ]
    graph.input = [ValueInfoProto(name: "x", type: TensorType(.float32, [.symbol("N"), 2]).proto)]
    graph.output = [ValueInfoProto(name: "y", type: TensorType(.float32, [.symbol("N"), 3]).proto)]
    var weight = TensorProto()
    weight.name = "w"
    weight.dims = [2, 3]
    weight.dataType = 1
    weight.rawData = ByteRegion([UInt8](repeating: 0, count: 24))
    graph.initializer = [weight]
    model.graph = graph
    return model
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    /// Part of the sentence.
    let message: String
    let breaking: @Sendable (inout ModelProto) -> Void
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "unknown opset", message: "opset 99 of ai.onnx, and Thaw knows 1 to 28") {
      $0.opsetImport[0].version = 99
    },
    Case(name: "no graph", message: "graph") { $0.graph = nil },
    Case(name: "cycle", message: "product") { $0.graph?.node[0].input[0] = "y" },
    Case(name: "a name twice", message: "h") { $0.graph?.node[1].output = ["h"] },
    Case(name: "an initializer twice", message: "w") { model in
      if let weight = model.graph?.initializer[0] { model.graph?.initializer.append(weight) }
    },
    Case(name: "an input that nothing makes", message: "nowhere") { $0.graph?.node[0].input[1] = "nowhere" },
    Case(name: "data too short", message: "w") {
      $0.graph?.initializer[0].rawData = ByteRegion([UInt8](repeating: 0, count: 20))
    },
    Case(name: "data too long", message: "w") {
      $0.graph?.initializer[0].rawData = ByteRegion([UInt8](repeating: 0, count: 28))
    },
    Case(name: "overflowing dimensions", message: "w") {
      $0.graph?.initializer[0].dims = [Int64.max, Int64.max]
    },
    Case(name: "a negative dimension", message: "w") { $0.graph?.initializer[0].dims = [-2, -3] },
    Case(name: "an unknown element type", message: "w") { $0.graph?.initializer[0].dataType = 99 },
    Case(name: "a domain that is not imported", message: "elsewhere") { $0.graph?.node[0].domain = "elsewhere" },
  ]

  @Test("opening or the first call refuses, and says where", arguments: cases)
  func refused(row: Case) throws {
    var model = Self.sound()
    row.breaking(&model)
    let error = #expect(throws: (any Error).self) {
      let opened = try Model(decoding: model.encoded())
      _ = try opened(["x": Tensor.ones([4, 2])])
    }
    #expect("\(try #require(error))".contains(row.message), "\(String(describing: error))")
  }

  @Test("what is sound runs")
  func soundRuns() throws {
    let model = try Model(Self.sound())
    #expect(try model(["x": Tensor.ones([4, 2])])["y"].shape == [4, 3])
  }

  @Test("operators that are missing are listed at once, with domain, opset and node")
  func missingOperators() throws {
    var proto = Self.sound()
    proto.opsetImport.append(OperatorSetIdProto(domain: "com.example", version: 3))
    proto.graph?.node = [
      NodeProto("Frobnicate", input: ["x"], output: ["a"], name: "first", domain: "com.example"),
      NodeProto("MatMul", input: ["a", "w"], output: ["h"], name: "product"),
      NodeProto("Quux", input: ["h"], output: ["y"], name: "second"),
    ]
    let model = try Model(proto)
    #expect(model.missingOperators.map(\.node) == ["first", "second"])
    let error = #expect(throws: ModelError.self) { try model(["x": Tensor.ones([4, 2])]) }
    #expect(
      error?.message
        == "no kernel for 2 nodes of the model:\n  Frobnicate (com.example opset 3, node 'first')"
        + "\n  Quux (ai.onnx opset 17, node 'second')")
  }

  @Test(
    "inputs that do not fit",
    arguments: [
      (["x": Tensor.ones([4, 3])], "axis 1 should be 2"),
      (["x": Tensor.ones([4])], "of rank 2"),
      (["x": Tensor([1, 2, 3, 4], shape: [2, 2])], "convert it to float32"),
      ([:], "the input 'x' is missing"),
      (["x": Tensor.ones([4, 2]), "z": Tensor.ones([1])], "the model has no input 'z'; it has 'x'"),
    ] as [([String: Tensor], String)])
  func badInputs(inputs: [String: Tensor], message: String) throws {
    let model = try Model(Self.sound())
    let error = #expect(throws: ModelError.self) { try model(inputs) }
    #expect(error?.message.contains(message) == true, "\(String(describing: error))")
  }

  @Test("a failing node is named")
  func failingNode() throws {
    var proto = Self.sound()
    proto.graph?.initializer[0].dims = [3, 2]
    let model = try Model(proto)
    let error = #expect(throws: TensorError.self) { try model(["x": Tensor.ones([4, 2])]) }
    #expect(error?.message.hasPrefix("node 'product': MatMul") == true, "\(String(describing: error))")
  }
}

extension Model {
  /// A model from the bytes of a file.
  fileprivate convenience init(decoding bytes: [UInt8]) throws { try self.init(ModelProto(decoding: bytes)) }
}
