import ThawONNX
import ThawTensor

@testable import ThawGraph

/// A Loop that holds an If.
///
/// y = x, then n times y ← y · w where `flag`, else y ← (y + k) · scale; z stacks the y. w is an initializer of the
/// branch, k a Constant, scale an initializer of the main graph. The If has a name on request.
struct NestedModel {
  var ifName: String? = "choose"
  var thenOperator = "Mul"
  var w: [Float] = [2, 3]

  func proto() throws -> ModelProto {
    var thenBranch = GraphProto()
    thenBranch.name = "then"
    thenBranch.initializer = [TensorProto(name: "w", try Tensor(w).data())]
    thenBranch.node = [NodeProto(thenOperator, input: ["v", "w"], output: ["t"], name: "mul")]
    thenBranch.output = [ValueInfoProto(name: "t", type: TensorType.float32([2]).proto)]

    var elseBranch = GraphProto()
    elseBranch.name = "else"
    var value = AttributeProto()
    (value.name, value.type, value.t) = (
      "value", .tensor, TensorProto(name: "", try Tensor([1, -1] as [Float]).data())
    )
    elseBranch.node = [
      NodeProto("Constant", input: [], output: ["k"], attribute: [value]),
      NodeProto("Add", input: ["v", "k"], output: ["moved"]),
      NodeProto("Mul", input: ["moved", "scale"], output: ["e"]),
    ]
    elseBranch.output = [ValueInfoProto(name: "e", type: TensorType.float32([2]).proto)]

    var body = GraphProto()
    body.name = "body"
    body.input = [
      ValueInfoProto(name: "i", type: TensorType.int64([]).proto),
      ValueInfoProto(name: "on", type: TensorType(.bool, []).proto),
      ValueInfoProto(name: "v", type: TensorType.float32([2]).proto),
    ]
    body.node = [
      NodeProto("Identity", input: ["on"], output: ["still"]),
      NodeProto(
        "If", input: ["flag"], output: ["next"], name: ifName,
        attribute: [Self.attribute("then_branch", thenBranch), Self.attribute("else_branch", elseBranch)]),
      NodeProto("Identity", input: ["next"], output: ["copy"]),
    ]
    body.output = [
      ValueInfoProto(name: "still", type: TensorType(.bool, []).proto),
      ValueInfoProto(name: "next", type: TensorType.float32([2]).proto),
      ValueInfoProto(name: "copy", type: TensorType.float32([2]).proto),
    ]

    var graph = GraphProto()
    graph.name = "main"
    graph.input = [
      ValueInfoProto(name: "x", type: TensorType.float32([2]).proto),
      ValueInfoProto(name: "flag", type: TensorType(.bool, []).proto),
      ValueInfoProto(name: "n", type: TensorType.int64([]).proto),
    ]
    graph.initializer = [TensorProto(name: "scale", try Tensor([10, 100] as [Float]).data())]
    graph.node = [
      NodeProto(
        "Loop", input: ["n", "", "x"], output: ["y", "z"], name: "repeat", attribute: [Self.attribute("body", body)])
    ]
    graph.output = [
      ValueInfoProto(name: "y", type: TensorType.float32([2]).proto),
      ValueInfoProto(name: "z", type: TensorType.float32("steps", 2).proto),
    ]
    var model = ModelProto()
    model.irVersion = 8
    model.opsetImport = [OperatorSetIdProto(domain: "", version: 16)]
    model.graph = graph
    return model
  }

  private static func attribute(_ name: String, _ graph: GraphProto) -> AttributeProto {
    var attribute = AttributeProto()
    (attribute.name, attribute.type, attribute.g) = (name, .graph, graph)
    return attribute
  }

  static func inputs(flag: Bool, n: Int) -> [String: Tensor] {
    ["x": Tensor([1, 2] as [Float]), "flag": Tensor([flag], shape: []), "n": Tensor(n)]
  }
}
