import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// Models that ask for more than a call may use.
@Suite("Limits") struct LimitsTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let nodes: [NodeProto]
    /// The integers of the initializers, by name.
    let integers: [(name: String, values: [Int64], isScalar: Bool)]

    init(_ name: String, _ nodes: [NodeProto], _ integers: (name: String, values: [Int64], isScalar: Bool)...) {
      (testDescription, self.nodes, self.integers) = (name, nodes, integers)
    }
  }

  /// Each asks for 4 TiB, one after the other node that would have to hold it.
  static let hostile: [Case] = [
    Case(
      "ConstantOfShape", [NodeProto("ConstantOfShape", input: ["s"], output: ["y"])], ("s", [1 << 20, 1 << 20], false)),
    Case("Expand", [NodeProto("Expand", input: ["x", "s"], output: ["y"])], ("s", [1 << 20, 1 << 20], false)),
    Case(
      "Expand, read by Neg",
      [NodeProto("Expand", input: ["x", "s"], output: ["h"]), NodeProto("Neg", input: ["h"], output: ["y"])],
      ("s", [1 << 20, 1 << 20], false)),
    Case(
      "Tile of Tile",
      [NodeProto("Tile", input: ["x", "s"], output: ["h"]), NodeProto("Tile", input: ["h", "s"], output: ["y"])],
      ("s", [1 << 40], false)),
    Case(
      "Range", [NodeProto("Range", input: ["a", "b", "c"], output: ["y"])], ("a", [0], true), ("b", [1 << 40], true),
      ("c", [1], true)),
    Case("Pad", [NodeProto("Pad", input: ["x", "s"], output: ["y"])], ("s", [0, 1 << 40], false)),
    Case(
      "OneHot", [NodeProto("OneHot", input: ["a", "b", "c"], output: ["y"])], ("a", [0, 1, 2], false),
      ("b", [1 << 40], true), ("c", [0, 1], false)),
    Case(
      "a sum over what was broadcast",
      [
        NodeProto("Expand", input: ["x", "s"], output: ["h"]),
        NodeProto("Expand", input: ["x", "t"], output: ["k"]),
        NodeProto("Add", input: ["h", "k"], output: ["y"]),
      ], ("s", [1 << 20, 1], false), ("t", [1, 1 << 20], false)),
  ]

  /// A model of these nodes with x float32[n] and the integers as initializers.
  static func model(_ row: Case) throws -> Model {
    var model = ModelProto()
    model.irVersion = 8
    model.opsetImport = [OperatorSetIdProto(domain: "", version: 17)]
    var graph = GraphProto()
    graph.name = "g"
    graph.node = row.nodes
    graph.input = [ValueInfoProto(name: "x", type: TensorType(.float32, [.symbol("n")]).proto)]
    graph.output = [ValueInfoProto(name: "y", type: TensorType(.float32, [.symbol("m")]).proto)]
    graph.initializer = row.integers.map { name, values, isScalar in
      var tensor = TensorProto()
      tensor.name = name
      tensor.dtype = .int64
      tensor.dims = isScalar ? [] : [Int64(values.count)]
      tensor.int64Data = values
      return tensor
    }
    model.graph = graph
    return try Model(model)
  }

  @Test("a call that wants 4 TiB ends with a typed error", arguments: hostile)
  func tooMuchMemory(row: Case) throws {
    let model = try Self.model(row)
    model.limits.bytesAlive = 1 << 30
    let error = #expect(throws: TensorError.self) { try model(["x": Tensor([1 as Float])]) }
    #expect(error?.kind == .limit || error?.kind == .memory, "\(String(describing: error))")
    #expect(error?.message.contains("#") == true, "the node is named: \(String(describing: error))")
  }

  @Test("memory counts while it is alive, and is given back")
  func alive() throws {
    // A hundred tensors of 4 kB, one after the other.
    let chain = (0..<100).map { NodeProto("Neg", input: [$0 == 0 ? "x" : "h\($0)"], output: ["h\($0 + 1)"]) }
    let model = try Self.model(Case("chain", chain + [NodeProto("Neg", input: ["h100"], output: ["y"])]))
    let x = Tensor.ones([1000])
    model.limits.bytesAlive = 2 * 4000
    #expect(try model(["x": x])["y"].elements(as: Float.self).allSatisfy { $0 == -1 })
    model.limits.bytesAlive = 4000
    let error = #expect(throws: TensorError.self) { try model(["x": x], execution: .eager) }
    #expect(
      error?.message
        == "node '#1 Neg': 4000 bytes are needed and 4000 are in use, and the limit is 4000 bytes; raise "
        + "`limits.bytesAlive` if the machine has them")
  }

  @Test("what a call leaves behind is given back when it goes")
  func outputs() throws {
    let budget = Budget(bytes: 1 << 20, iterations: 1, seconds: 10)
    var kept: Tensor? = Context.with({ $0.budget = budget }) { (Tensor.ones([64]) + Tensor.ones([64])).relu() }
    #expect(budget.bytesAlive == 256)
    #expect(kept?.count == 64)
    kept = nil
    #expect(budget.bytesAlive == 0)
  }

  @Test("time and iterations end a call")
  func timeAndIterations() throws {
    let model = try Self.model(Case("one", [NodeProto("Neg", input: ["x"], output: ["y"])]))
    model.limits.seconds = 0
    let error = #expect(throws: TensorError.self) { try model(["x": Tensor([1 as Float])]) }
    #expect(error?.kind == .limit)
    let budget = Budget(bytes: 0, iterations: 3, seconds: .infinity)
    try Context.with({ $0.budget = budget }) {
      for _ in 0..<3 { try countIteration() }
      #expect(throws: TensorError.self) { try countIteration() }
    }
    try countIteration()
  }
}
