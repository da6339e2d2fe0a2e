import ThawTensor
import ThawTypes

/// The last layer of a model: the node whose output axis counts the classes.
struct Head {
  let node: Int
  let weight: Graph.ValueIndex
  /// The axis of the weight that counts the classes.
  let weightAxis: Int
  /// nil where the layer has none.
  let bias: (value: Graph.ValueIndex, axis: Int)?
  let classCount: Int
  /// The values computed from the layer.
  let affected: Set<Graph.ValueIndex>
  /// For each output of the model computed from the layer, its axes that count classes and what they become.
  let outputDims: [Graph.ValueIndex: [Int: Int]]
}

/// Finds the last Gemm, MatMul (and Add) or 1×1 Conv whose output axis reaches an output unreduced.
///
/// Whether an axis does is tried out: the layer's output gets another size there, and the shapes of all that follows
/// are inferred.
struct HeadSearch {
  private let graph: Graph
  private let output: Graph.ValueIndex
  private let consumers: [Graph.ValueIndex: [(node: Int, input: Int)]]
  private let before: ShapeTrial
  private let needed: [Int]

  init(_ graph: Graph, output: Graph.ValueIndex) {
    self.graph = graph
    self.output = output
    consumers = graph.consumers()
    before = ShapeTrial(graph)
    needed = graph.nodesNeeded(for: [output])
  }

  /// - Parameter classes: the number of classes that the outputs' types shall have.
  /// - Throws: `ModelError` of kind `request` that names the node in the way, or `unsupported` for missing operators.
  func head(classes: Int) throws -> Head {
    try graph.checkOperators(in: needed)
    for index in needed.reversed() {
      guard let layer = Layer(graph.nodes[index], index, in: graph), let head = try head(of: layer, classes) else {
        continue
      }
      return head
    }
    throw ModelError(
      .request,
      "no layer whose head could be reset leads to the output '\(graph.values[output].name)': there should be a Gemm, "
        + "a MatMul or a 1×1 Conv whose output axis reaches it unreduced")
  }

  /// A layer that might be the last one.
  private struct Layer {
    let node: Int
    let weight: Graph.ValueIndex
    let weightAxis: Int
    /// The axis of the output that counts the classes, from the end.
    let axisFromEnd: Int?
    let result: Graph.ValueIndex

    init?(_ node: Graph.Node, _ index: Int, in graph: Graph) {
      guard node.inputs.count > 1, let weight = node.inputs[1], let data = node.inputs[0],
        graph.initials[data] == nil, let result = node.outputs.first ?? nil,
        let attributes = try? node.operation.known?.attributes(opset: Operators.newestOpset)
      else { return nil }
      self.node = index
      self.weight = weight
      self.result = result
      switch node.opType {
      case "Gemm":
        weightAxis = if case .int(1)? = attributes["transB"] { 0 } else { 1 }
        axisFromEnd = 1
      case "MatMul":
        weightAxis = 1
        axisFromEnd = 1
      case "Conv":
        weightAxis = 0
        axisFromEnd = nil
        if case .int(let group)? = attributes["group"], group != 1 { return nil }
      default: return nil
      }
    }
  }

  private func head(of layer: Layer, _ classes: Int) throws -> Head? {
    let node = graph.nodes[layer.node]
    guard let shape = before.types[layer.weight]?.shape else { return nil }
    let isFlat = node.opType == "Conv" ? shape.dropFirst(2).allSatisfy { $0 == 1 } : shape.count == 2
    guard isFlat, shape.count >= 2 else { return nil }
    guard before.types[layer.result]?.shape != nil else {
      throw ModelError(
        .request,
        "the head cannot be reset: the shape of what node '\(node.name)' (\(node.opType)) gives cannot be told from "
          + "the file")
    }
    let count = shape[layer.weightAxis]
    let (last, bias) = biasAdded(to: layer, count)
    let anyBias = bias ?? innerBias(of: node, count)
    switch trial(layer, last, count, classes) {
    case .unreached: return nil
    case .blocked(let obstacle):
      try check(layer, count, bias: anyBias?.value)
      throw blocked(by: obstacle, layer, count)
    case .reached(let affected, let dims):
      try check(layer, count, bias: anyBias?.value)
      return Head(
        node: layer.node, weight: layer.weight, weightAxis: layer.weightAxis, bias: anyBias, classCount: count,
        affected: affected.union([layer.result]), outputDims: dims)
    }
  }

  // The bias.

  /// The bias that an Add after the layer holds, and the value from which on the layer is done.
  private func biasAdded(
    to layer: Layer, _ count: Int
  ) -> (last: Graph.ValueIndex, bias: (value: Graph.ValueIndex, axis: Int)?) {
    guard let rank = before.types[layer.result]?.dims?.count, let uses = consumers[layer.result], uses.count == 1,
      let use = uses.first, graph.nodes[use.node].opType == "Add", !graph.outputs.contains(layer.result),
      let other = graph.nodes[use.node].inputs[1 - use.input], case .parameter(let bias)? = graph.initials[other],
      let shape = bias.type.shape, let sum = graph.nodes[use.node].outputs.first ?? nil
    else { return (layer.result, nil) }
    // The class axis of a Conv is the second one, that of a product the last one.
    let axis = shape.count - (layer.axisFromEnd ?? rank - 1)
    guard shape.indices.contains(axis), shape[axis] == count, shape.reduce(1, *) == count else {
      return (layer.result, nil)
    }
    return (sum, (other, axis))
  }

  private func innerBias(of node: Graph.Node, _ count: Int) -> (value: Graph.ValueIndex, axis: Int)? {
    guard node.opType != "MatMul", node.inputs.count > 2, let bias = node.inputs[2],
      let shape = before.types[bias]?.shape, shape.last == count
    else { return nil }
    return (bias, shape.count - 1)
  }

  // What follows the layer.

  /// Where the axis of the classes goes.
  private enum Outcome {
    /// To the output: the values on the way, and the outputs' axes with their new sizes.
    case reached(affected: Set<Graph.ValueIndex>, dims: [Graph.ValueIndex: [Int: Int]])
    /// Not to the output: it is reduced, or another layer's weight takes it.
    case unreached
    /// To a node that takes no other size.
    case blocked(node: Int)
  }

  private func trial(_ layer: Layer, _ last: Graph.ValueIndex, _ count: Int, _ classes: Int) -> Outcome {
    guard var dims = before.types[last]?.dims, let dtype = before.types[last]?.dtype else { return .unreached }
    let axis = layer.axisFromEnd.map { dims.count - $0 } ?? 1
    guard dims.indices.contains(axis) else { return .unreached }
    dims[axis] = .known(Self.probe)
    let after = ShapeTrial(graph, replacing: [last: TensorType(dtype, dims)])
    if let failure = after.failures.first(where: { needed.contains($0) }) {
      return Layer(graph.nodes[failure], failure, in: graph) == nil ? .blocked(node: failure) : .unreached
    }
    let changed = graph.outputs.filter(after.affected.contains).map { ($0, changes(of: $0, after, count, classes)) }
    let found = Dictionary(changed) { first, _ in first }
    return (found[output] ?? [:]).isEmpty ? .unreached : .reached(affected: after.affected, dims: found)
  }

  private func blocked(by index: Int, _ layer: Layer, _ count: Int) -> ModelError {
    let node = graph.nodes[index]
    return ModelError(
      .request,
      "the head cannot be reset: node '\(node.name)' (\(node.opType)) takes no other number of classes than the "
        + "\(count) that node '\(graph.nodes[layer.node].name)' gives, as where the number stands in a constant")
  }

  /// A prime that no model holds, so that it is found again.
  private static let probe = 104_729

  private func changes(
    of output: Graph.ValueIndex, _ after: ShapeTrial, _ count: Int, _ classes: Int
  ) -> [Int: Int] {
    guard let old = before.types[output]?.shape, let new = after.types[output]?.shape, old.count == new.count else {
      return [:]
    }
    return Dictionary(
      uniqueKeysWithValues: old.indices.filter { old[$0] == count && new[$0] == Self.probe }.map { ($0, classes) })
  }

  // The weight.

  private func check(_ layer: Layer, _ count: Int, bias: Graph.ValueIndex?) throws {
    let node = graph.nodes[layer.node]
    let place = "node '\(node.name)' (\(node.opType), \(count) classes)"
    guard case .parameter? = graph.initials[layer.weight] else {
      let maker = graph.producers()[layer.weight].map { ", by node '\(graph.nodes[$0].name)'" } ?? ""
      throw ModelError(
        .request,
        "the head cannot be reset: the weight of \(place) is computed\(maker); it should be an initializer or a Constant"
      )
    }
    for (kind, value) in [("weight", layer.weight)] + (bias.map { [("bias", $0)] } ?? []) {
      guard let uses = consumers[value], uses.count > 1, let other = uses.last(where: { $0.node != layer.node })
      else { continue }
      throw ModelError(
        .request,
        "the head cannot be reset: the \(kind) '\(graph.values[value].name)' of \(place) is shared with node "
          + "'\(graph.nodes[other.node].name)'")
    }
  }
}
