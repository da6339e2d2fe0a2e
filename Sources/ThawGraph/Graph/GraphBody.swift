import Synchronization
import ThawTensor

/// A graph inside a node of a model.
///
/// Its floating constants stand in the main graph, as the model's parameters; it reads them as it reads other outer
/// values. The graph's inputs are its own, then these.
final class GraphBody: Subgraph {
  let graph: Graph
  let capturedNames: [String]
  /// What becomes of each input, own or captured.
  let uses: [Input.Use]
  private let preparedReplay = Mutex<Replay?>(nil)

  init(_ graph: Graph, capturedNames: [String]) {
    self.graph = graph
    self.capturedNames = capturedNames
    uses = RoleInference.uses(of: graph.inputs, in: graph)
  }

  var inputTypes: [ValueType?] { graph.inputs.dropLast(capturedNames.count).map { graph.values[$0].type } }
  var outputTypes: [ValueType?] { graph.outputs.map { graph.values[$0].type } }
  /// The values that stand for the captured ones.
  var capturedValues: [Graph.ValueIndex] { Array(graph.inputs.suffix(capturedNames.count)) }

  var draws: Bool { graph.nodes.contains { $0.operation.known?.draws ?? true } }

  func call(_ inputs: [Value], captured: [Value]) throws -> [Value] {
    var given: [Graph.ValueIndex: Value] = [:]
    for (index, value) in zip(graph.inputs, inputs + captured) { given[index] = value }
    return try replay().run(given).targets
  }

  private func replay() throws -> Replay {
    if let replay = preparedReplay.withLock({ $0 }) { return replay }
    let replay = try Replay(graph, targets: graph.outputs)
    preparedReplay.withLock { $0 = replay }
    return replay
  }
}

extension Graph.Node {
  /// The bodies of If, Loop and Scan.
  var bodies: [(attribute: String, body: GraphBody)] {
    ((operation.known as? any ControlFlow)?.bodies ?? []).compactMap { attribute, graph in
      (graph as? GraphBody).map { (attribute, $0) }
    }
  }

  /// What the node does with an input, or what a body does that it hands it to.
  ///
  /// An unknown operator counts as differentiable in all its inputs: an error says what is missing before anyone trains.
  func use(ofInput position: Int) -> Input.Use {
    guard let operation = operation.known else { return .data }
    if let flow = operation as? any ControlFlow, let use = use(ofInput: position, by: flow) { return use }
    return operation.schema.input(at: position)?.use ?? .data
  }

  private func use(ofInput position: Int, by flow: any ControlFlow) -> Input.Use? {
    var first = flow.ownInputCount
    guard position >= first else {
      return flow.bodyInput(ofInput: position).flatMap { bodies.first?.body.uses[$0] }
    }
    for (_, body) in bodies {
      let end = first + body.capturedNames.count
      if position < end { return body.uses[body.uses.count - (end - position)] }
      first = end
    }
    return nil
  }
}
