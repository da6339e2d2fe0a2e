import ThawONNX
import ThawTensor

/// Whether what should train can: a gradient must come from an output to the parameter.
enum TrainabilityRule: CheckRule {
  static func findings(in file: CheckedFile) -> [Finding] {
    guard let model = file.model, !model.parameters.isEmpty else { return [] }
    let graph = model.graph
    let reached = BackwardPart(graph).values
    let barriers = Barriers(graph)
    var findings: [Finding] = []
    var behind: [Int: [String]] = [:]
    for (parameter, place) in zip(model.parameters, model.places) where !reached.contains(place.value) {
      let barrier = barriers.first(behind: place.value)
      if parameter.role == .trainable {
        findings.append(unreached(parameter, barrier.map { graph.nodes[$0] }, in: file))
      } else if parameter.role != .buffer, let barrier, parameter.count > 1,
        barriers.isData(place.value)
      {
        behind[barrier, default: []].append(parameter.name)
      }
    }
    findings += behind.sorted { $0.key < $1.key }.map { barrier, names in
      let node = graph.nodes[barrier]
      return Finding(
        level: .note, rule: .trainability, place: file.walk.placeOfNode(named: node.name),
        message: "no gradient passes this \(node.opType), so that what is before it does not train: \(names.shortened)",
        advice: "nothing, if it should stay as it is; else replace the operator by one that has a gradient")
    }
    if !model.parameters.contains(where: { $0.role == .trainable }) { findings.append(nothingTrains(model)) }
    return findings
  }

  private static func unreached(_ parameter: Parameter, _ barrier: Graph.Node?, in file: CheckedFile) -> Finding {
    let index = file.proto.graph?.initializer.firstIndex { $0.name == parameter.name }
    var place = index.map { file.walk.place("graph.initializer[\($0)]") } ?? Finding.Place(path: "graph")
    place.tensor = parameter.name
    let reason = barrier.map { "\($0.opType) '\($0.name)' has no gradient" } ?? "no output depends on it"
    return Finding(
      level: .warning, rule: .trainability, place: place,
      message: "it is trainable and no gradient reaches it: \(reason)",
      advice: barrier == nil
        ? "remove it with `thaw convert --prune`, or freeze it with `thaw freeze`"
        : "freeze it with `thaw freeze`, or replace the operator by one that has a gradient")
  }

  private static func nothingTrains(_ model: Model) -> Finding {
    let frozen = model.parameters.count { $0.role == .frozen }
    return Finding(
      level: .note, rule: .trainability, place: Finding.Place(path: "graph", graph: "graph"),
      message: frozen > 0
        ? "nothing trains: all \(frozen) parameters are frozen" : "nothing trains: no gradient reaches a weight",
      advice: "name what should train with `thaw unfreeze MODEL PATTERN`")
  }
}

/// The nodes that stop gradients on the ways from values to the outputs.
private struct Barriers {
  private let graph: Graph
  private let consumers: [Graph.ValueIndex: [(node: Int, input: Int)]]
  private var firstBehind: [Graph.ValueIndex: Int] = [:]

  init(_ graph: Graph) {
    self.graph = graph
    consumers = graph.consumers()
    for (index, node) in graph.nodes.enumerated().reversed() {
      let stops = node.operation.known.map { !$0.isDifferentiable } ?? false
      let barrier = stops ? index : node.outputs.compactMap { $0.flatMap { firstBehind[$0] } }.min()
      guard let barrier else { continue }
      for case let input? in node.inputs { firstBehind[input] = min(firstBehind[input] ?? barrier, barrier) }
    }
  }

  /// The first node without a gradient on the way from a value to an output; nil where no node stands there.
  func first(behind value: Graph.ValueIndex) -> Int? { firstBehind[value] }

  /// Whether a node computes with the value, and does not merely take it as a setting.
  func isData(_ value: Graph.ValueIndex) -> Bool {
    (consumers[value] ?? []).contains { node, input in
      switch graph.nodes[node].use(ofInput: input) {
      case .data, .weight: true
      case .buffer, .setting, .index: false
      }
    }
  }
}
