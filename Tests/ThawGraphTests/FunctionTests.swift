import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// Functions that are made here, for what a file of ONNX Runtime's could not hold or would hide.
@Suite("Functions") struct FunctionTests {
  private static func function(
    _ name: String, _ inputs: [String], _ outputs: [String], domain: String = "my", opset: Int64 = 17,
    _ nodes: [NodeProto]
  ) -> FunctionProto {
    var function = FunctionProto()
    function.name = name
    function.domain = domain
    function.input = inputs
    function.output = outputs
    function.node = nodes
    function.opsetImport = [
      OperatorSetIdProto(domain: "", version: opset), OperatorSetIdProto(domain: "my", version: 1),
    ]
    return function
  }

  /// x float32[2, 3] → y, by nodes that may call functions.
  private static func model(_ nodes: [NodeProto], _ functions: [FunctionProto]) -> ModelProto {
    var model = ModelProto()
    model.irVersion = 10
    model.opsetImport = [
      OperatorSetIdProto(domain: "", version: 17), OperatorSetIdProto(domain: "my", version: 1),
    ]
    var graph = GraphProto()
    graph.name = "g"
    graph.node = nodes
    graph.input = [ValueInfoProto(name: "x", type: TensorType(.float32, shape: [2, 3]).proto)]
    graph.output = [ValueInfoProto(name: "y", type: TensorType(.float32, shape: [2, 3]).proto)]
    model.graph = graph
    model.functions = functions
    return model
  }

  private static func call(_ function: String, _ inputs: [String] = ["x"], _ outputs: [String] = ["y"]) -> NodeProto {
    NodeProto(function, input: inputs, output: outputs, name: "call", domain: "my")
  }

  private static let x = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])

  private static func run(_ proto: ModelProto) throws -> [Float] {
    try Model(proto)(["x": x])["y"].elements(as: Float.self)
  }

  @Test("an operator that Thaw lacks works when the model brings it")
  func missingOperator() throws {
    let body = [NodeProto("Add", input: ["a", "a"], output: ["b"])]
    let node = NodeProto("Frobnicate", input: ["x"], output: ["y"])
    #expect(throws: ModelError.self) { try Self.run(Self.model([node], [])) }
    let function = Self.function("Frobnicate", ["a"], ["b"], domain: "", body)
    #expect(try Self.run(Self.model([node], [function])) == [2, 4, 6, 8, 10, 12])
    var domain = function
    domain.domain = "ai.onnx"
    #expect(try Self.run(Self.model([node], [domain])) == [2, 4, 6, 8, 10, 12])
  }

  @Test("a body is read in its own opset")
  func ownOpset() throws {
    // Until version 12, Softmax without an axis counted from axis 1 on and took all that follows together.
    func softmax(_ opset: Int64) throws -> Float {
      let nodes = [
        NodeProto("Unsqueeze", input: ["a"], output: ["u"], attribute: [Self.ints("axes", [0])]),
        NodeProto("Softmax", input: ["u"], output: ["s"]),
        NodeProto("Squeeze", input: ["s"], output: ["b"], attribute: [Self.ints("axes", [0])]),
      ]
      return try Self.run(Self.model([Self.call("F")], [Self.function("F", ["a"], ["b"], opset: opset, nodes)])).reduce(
        0, +)
    }
    #expect(abs(try softmax(11) - 1) < 1e-6)
    #expect(throws: (any Error).self) { try softmax(13) }
  }

  private static func ints(_ name: String, _ values: [Int64]) -> AttributeProto {
    var attribute = AttributeProto()
    attribute.name = name
    attribute.type = .ints
    attribute.ints = values
    return attribute
  }

  @Test("overloads are told apart, inputs are handed through, and an output may be taken twice")
  func overloads() throws {
    var negative = Self.function("F", ["a"], ["b"], [NodeProto("Neg", input: ["a"], output: ["b"])])
    negative.overload = "negative"
    let plain = Self.function("F", ["a"], ["a", "b", "b"], [NodeProto("Abs", input: ["a"], output: ["b"])])
    var call = Self.call("F", ["x"], ["n"])
    call.overload = "negative"
    let nodes = [
      call, Self.call("F", ["n"], ["same", "p", "q"]), NodeProto("Sum", input: ["same", "p", "q"], output: ["y"]),
    ]
    #expect(try Self.run(Self.model(nodes, [negative, plain])) == [1, 2, 3, 4, 5, 6])
  }

  @Test("an error names the call, the function and the node")
  func errorPlace() throws {
    let node = NodeProto("MatMul", input: ["a", "a"], output: ["b"], name: "square")
    let error = #expect(throws: TensorError.self) {
      try Self.run(Self.model([Self.call("F")], [Self.function("F", ["a"], ["b"], [node])]))
    }
    let message = error?.message ?? ""
    #expect(message.hasPrefix("node 'call / function F / node square': MatMul"), "\(message)")
  }

  /// Each calls the one before `times` times.
  private static func tower(_ height: Int, times: Int) -> [FunctionProto] {
    let ground = function("F0", ["a"], ["b"], [NodeProto("Neg", input: ["a"], output: ["b"])])
    return [ground]
      + (1..<height).map { level in
        let nodes = (0..<times).map { index in
          call("F\(level - 1)", [index == 0 ? "a" : "v\(index)"], [index == times - 1 ? "b" : "v\(index + 1)"])
        }
        return function("F\(level)", ["a"], ["b"], nodes)
      }
  }

  @Test("what a tower of calls may become is bounded")
  func towers() throws {
    #expect(try Self.run(Self.model([Self.call("F49")], Self.tower(50, times: 1))) == [-1, -2, -3, -4, -5, -6])
    for (functions, message) in [
      (Self.tower(10_000, times: 1), "levels deep"), (Self.tower(20, times: 10), "more than 250000 nodes"),
    ] {
      let top = "F\(functions.count - 1)"
      let error = #expect(throws: ModelError.self) { try Model(Self.model([Self.call(top)], functions)) }
      #expect(error?.message.contains(message) == true, "\(String(describing: error))")
    }
  }

  @Test("calls in a circle, of any length, and calls that do not fit are refused")
  func circles() throws {
    var circle = Self.tower(10_000, times: 1)
    circle[0].node = [Self.call("F9999", ["a"], ["b"])]
    #expect(throws: StructureError.self) { try Model(Self.model([Self.call("F1")], circle)) }
    let function = Self.tower(1, times: 1)
    #expect(throws: ModelError.self) { try Model(Self.model([Self.call("F0", ["x", "x"])], function)) }
    #expect(throws: ModelError.self) { try Model(Self.model([Self.call("F0", ["x"], ["y", "z"])], function)) }
  }
}
