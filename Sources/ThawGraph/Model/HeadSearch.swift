import ThawTensor
import ThawTypes

/// The last layer of a model: the node whose output axis counts the classes.
struct Head {
  /// A stored tensor of the layer, and its axis that counts the classes.
  struct Place {
    let value: Graph.ValueIndex
    let axis: Int
    /// The node of the layer that reads it.
    let reader: Int
    /// A node that reads it too and is not to change.
    let otherReader: Int?
  }

  let layer: HeadLayer
  let weight: Place
  /// nil where the layer has none.
  let bias: Place?
  /// The values computed from the layer or from its weight.
  let affected: Set<Graph.ValueIndex>
  /// For each output of the model computed from the layer, the axis that counts classes.
  let outputAxes: [Graph.ValueIndex: Int]
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
  private let computed: Set<Graph.ValueIndex>

  init(_ graph: Graph, output: Graph.ValueIndex) {
    self.graph = graph
    self.output = output
    consumers = graph.consumers()
    before = ShapeTrial(graph)
    needed = graph.nodesNeeded(for: [output])
    computed = graph.valuesFromInputs()
  }

  /// - Throws: `ModelError` of kind `request` that names the node in the way, or `unsupported` for missing operators.
  func head() throws -> Head {
    try graph.checkOperators(in: needed)
    for index in needed.reversed() {
      if let layer = layer(at: index), let head = try head(of: layer) { return head }
    }
    throw ModelError(
      .request,
      "no layer whose head could be reset leads to the output '\(graph.values[output].name)': there should be a Gemm, "
        + "a MatMul or a 1×1 Conv whose output axis reaches it unreduced")
  }

  private func layer(at node: Int) -> HeadLayer? {
    HeadLayer(node, in: graph, computed: computed, types: before.types)
  }

  private func head(of layer: HeadLayer) throws -> Head? {
    guard let rank = before.types[layer.result]?.shape?.count else {
      throw refusal("the shape of what \(place(layer.node)) gives cannot be told from the file")
    }
    let (last, bias) = addedBias(layer, rank) ?? (layer.result, innerBias(layer, rank))
    switch trial(layer, last) {
    case .unreached: return nil
    case .blocked(let node):
      throw refusal(
        "\(place(node)) takes no other number of classes than the \(layer.count) that \(place(layer.node)) gives, as "
          + "where the number stands in a constant")
    case .mixed(let node):
      throw refusal(
        "\(place(node)) puts the \(layer.count) classes that \(place(layer.node)) gives into one axis with something "
          + "else")
    case .reached(let affected, let axes):
      try checkStored(layer)
      return Head(
        layer: layer, weight: try weightPlace(of: layer),
        bias: bias.map { self.place(of: $0, $1, readBy: graph.producers()[last] ?? layer.node) },
        affected: affected.union([layer.result] + (layer.operand == layer.weight ? [] : [layer.operand])),
        outputAxes: axes)
    }
  }

  private func place(_ index: Int) -> String { "node '\(graph.nodes[index].name)' (\(graph.nodes[index].opType))" }

  private func refusal(_ reason: String) -> ModelError { ModelError(.request, "the head cannot be reset: \(reason)") }

  // The bias.

  private typealias Bias = (value: Graph.ValueIndex, axis: Int)

  /// The bias that an Add after the layer holds, and the sum, from which on the layer is done.
  private func addedBias(_ layer: HeadLayer, _ rank: Int) -> (last: Graph.ValueIndex, bias: Bias?)? {
    guard let uses = consumers[layer.result], uses.count == 1, let use = uses.first,
      graph.nodes[use.node].opType == "Add", !graph.outputs.contains(layer.result),
      let other = graph.nodes[use.node].inputs[1 - use.input], case .parameter(let bias)? = graph.initials[other],
      let shape = bias.type.shape, let sum = graph.nodes[use.node].outputs.first ?? nil,
      let axis = layer.biasAxis(shape, ofRank: rank), shape.reduce(1, *) == layer.count
    else { return nil }
    return (sum, (other, axis))
  }

  private func innerBias(_ layer: HeadLayer, _ rank: Int) -> Bias? {
    let node = graph.nodes[layer.node]
    guard node.opType != "MatMul", node.inputs.count > 2, let bias = node.inputs[2],
      case .parameter(let parameter)? = graph.initials[bias], let shape = parameter.type.shape
    else { return nil }
    // A Conv's bias has one axis, the classes'.
    let axis = node.opType == "Conv" ? (shape == [layer.count] ? 0 : nil) : layer.biasAxis(shape, ofRank: rank)
    return axis.map { (bias, $0) }
  }

  // What follows the layer.

  /// Where the axis of the classes goes.
  private enum Outcome {
    /// To the output: the values on the way, and the outputs' axes.
    case reached(affected: Set<Graph.ValueIndex>, axes: [Graph.ValueIndex: Int])
    /// Not to the output: it is reduced, or another layer's weight takes it.
    case unreached
    /// To a node that takes no other size.
    case blocked(node: Int)
    /// Into an axis that counts other things too.
    case mixed(node: Int)
  }

  /// A prime that no model holds, so that it is found again.
  private static let probe = 104_729

  private func trial(_ layer: HeadLayer, _ last: Graph.ValueIndex) -> Outcome {
    guard var dims = before.types[last]?.dims, let dtype = before.types[last]?.dtype else { return .unreached }
    let axis = layer.axis(ofRank: dims.count)
    guard dims.indices.contains(axis), dims[axis] == .known(layer.count) else { return .unreached }
    dims[axis] = .known(Self.probe)
    let after = ShapeTrial(graph, replacing: [last: TensorType(dtype, dims)])
    if let failure = after.failures.first(where: { needed.contains($0) }) {
      return self.layer(at: failure) == nil ? .blocked(node: failure) : .unreached
    }
    guard after.affected.contains(output), before.types[output] != after.types[output] else { return .unreached }
    var axes: [Graph.ValueIndex: Int] = [:]
    for value in graph.outputs where after.affected.contains(value) {
      guard before.types[value]?.shape != after.types[value]?.shape else { continue }
      if let axis = classAxis(of: value, after, layer.count) {
        axes[value] = axis
      } else if value == output {
        return mixture(after, layer.count).map { .mixed(node: $0) } ?? .unreached
      }
    }
    return axes[output] == nil ? .unreached : .reached(affected: after.affected, axes: axes)
  }

  /// The axis of a value that counts the classes and nothing else, and is the only one to change.
  private func classAxis(of value: Graph.ValueIndex, _ after: ShapeTrial, _ count: Int) -> Int? {
    guard let old = before.types[value]?.shape, let new = after.types[value]?.shape, old.count == new.count else {
      return nil
    }
    let changed = old.indices.filter { old[$0] != new[$0] }
    guard changed.count == 1, let axis = changed.first, old[axis] == count, new[axis] == Self.probe else { return nil }
    return axis
  }

  /// The first node on the way that gives an axis with more than the classes in it.
  private func mixture(_ after: ShapeTrial, _ count: Int) -> Int? {
    needed.first { index in
      graph.nodes[index].outputs.contains { value in
        guard let value, after.affected.contains(value), let shape = after.types[value]?.shape else { return false }
        return before.types[value]?.shape != shape && classAxis(of: value, after, count) == nil
      }
    }
  }

  // The stored tensors.

  private func checkStored(_ layer: HeadLayer) throws {
    if case .parameter? = graph.initials[layer.weight] { return }
    let maker = graph.producers()[layer.weight].map { ", by \(place($0))" } ?? ""
    throw refusal(
      "the weight of node '\(graph.nodes[layer.node].name)' (\(graph.nodes[layer.node].opType), \(layer.count) "
        + "classes) is computed\(maker); it should be an initializer or a Constant, stored as it is or transposed")
  }

  private func weightPlace(of layer: HeadLayer) throws -> Head.Place {
    if layer.operand == layer.weight { return place(of: layer.weight, layer.weightAxis, readBy: layer.node) }
    if let other = otherReader(of: layer.operand, than: layer.node) {
      throw refusal("the transposed weight of \(place(layer.node)) is read by \(place(other)) too")
    }
    return place(of: layer.weight, layer.weightAxis, readBy: graph.producers()[layer.operand] ?? layer.node)
  }

  private func place(of value: Graph.ValueIndex, _ axis: Int, readBy reader: Int) -> Head.Place {
    Head.Place(value: value, axis: axis, reader: reader, otherReader: otherReader(of: value, than: reader))
  }

  private func otherReader(of value: Graph.ValueIndex, than reader: Int) -> Int? {
    (consumers[value] ?? []).first { $0.node != reader }?.node
  }
}
