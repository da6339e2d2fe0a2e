/// One of two graphs, chosen by a condition (ONNX If-1, 11, 13, 16, 19, 21, 23, 24, 25).
///
/// The condition is one bool. The branches have no inputs of their own and as many outputs as the node. A gradient goes
/// through the branch that was taken.
public struct If: ControlFlow {
  private let thenBranch: Body
  private let elseBranch: Body

  public init(then thenBranch: any Subgraph, else elseBranch: any Subgraph) {
    self.thenBranch = Body(thenBranch)
    self.elseBranch = Body(elseBranch)
  }

  public static let schema = Schema(
    "If", versions: [1, 11, 13, 16, 19, 21, 23, 24, 25],
    inputs: [Input("cond", .index, value: true), Input("captured", optional: true, variadic: true)],
    outputs: [Output("outputs", variadic: true)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(then: try node.subgraph("then_branch"), else: try node.subgraph("else_branch"))
    for (attribute, graph) in bodies {
      guard graph.inputTypes.isEmpty else {
        throw TensorError(.operand, "If: \(attribute) has \(graph.inputTypes.count) inputs, and should have none")
      }
      guard graph.outputTypes.count == node.outputCount else {
        throw TensorError(
          .operand,
          "If: \(attribute) has \(graph.outputTypes.count) outputs, and the node has \(node.outputCount)")
      }
    }
  }

  package var bodies: [(attribute: String, graph: any Subgraph)] {
    [("then_branch", thenBranch.graph), ("else_branch", elseBranch.graph)]
  }
  package var ownInputCount: Int { 1 }
  package func bodyInput(ofInput index: Int) -> Int? { nil }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    if let condition = known[0] {
      let taken = try truth(of: .tensor(condition), "the condition") ? 0 : 1
      return try bodies[taken].graph.outputTypes.indices.map { try declaredType(ofOutput: $0, body: taken) }
    }
    return try thenBranch.graph.outputTypes.indices.map { index in
      let (left, right) = (try declaredType(ofOutput: index), try declaredType(ofOutput: index, body: 1))
      guard let type = left.joined(with: right) else {
        throw TensorError(.dtype, "If: output \(index) is \(left) in then_branch and \(right) in else_branch")
      }
      return type
    }
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let taken = try truth(of: try value(inputs, 0), "the condition") ? 0 : 1
    return try run(taken, [], try captured(inputs, body: taken))
  }
}
