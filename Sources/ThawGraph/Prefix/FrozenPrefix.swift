import ThawTensor
import ThawTypes

/// The part of a model before the first parameter that trains, as far as it is a function of each sample alone.
///
/// What it gives to the rest, the features, can be computed once for each sample and kept.
package struct FrozenPrefix: Hashable, Sendable {
  /// A value at the border.
  package struct Feature: Hashable, Sendable {
    /// The value's number.
    package let value: Int
    package let name: String
    /// Samples lie along the first axis, whose size is left open.
    package let type: TensorType
  }

  package let features: [Feature]
  /// What the features of a sample take.
  package let byteCount: Int
  /// The largest value between, for a sample.
  package let largestByteCount: Int
  /// How many nodes are computed once.
  package let nodeCount: Int
  /// The last of them, as in "node 'relu_3' (Relu)".
  package let lastNode: String
}

/// What was found before the first parameter that trains.
package enum PrefixSearch: Sendable {
  case found(FrozenPrefix)
  /// Why nothing is there that could be computed once, as the end of a sentence.
  case none(because: String)
}

extension Model {
  /// The part of the model whose results can be kept from one epoch to the next: as late an end as pays, of those whose
  /// features fit.
  ///
  /// - Parameters:
  ///   - target: the value that is trained.
  ///   - modes: what BatchNormalization and Dropout do in training.
  ///   - sampled: the types of the inputs that samples give; the size of the first axis does not matter.
  ///   - given: the inputs that are the same for every sample.
  ///   - byteLimit: what the features of a sample may take.
  package func frozenPrefix(
    of target: Int, modes: NodeModes, sampled: [String: TensorType], given: [String: Tensor], batchSize: BatchSize,
    byteLimit: Int
  ) throws -> PrefixSearch {
    var graph = graph
    let order = graph.nodesNeeded(for: [target])
    try graph.checkOperators(in: order)
    let nodes = AdaptedNodes(&graph, order: order, modes: modes)
    let named = Dictionary(
      (graph.inputs + graph.optionalInputs).map { (graph.values[$0].name, $0) }, uniquingKeysWith: { first, _ in first }
    )
    func byValue<T>(_ inputs: [String: T]) -> [Graph.ValueIndex: T] {
      Dictionary(inputs.compactMap { name, value in named[name].map { ($0, value) } }, uniquingKeysWith: { $1 })
    }
    // Prime numbers hide in no other size.
    let counts = if case .fixed(let size, _) = batchSize { [size] } else { [53, 59] }
    let flow = BatchFlow(
      graph, order: order, nodes, targets: [target], sampled: byValue(sampled), given: byValue(given), counts: counts)
    return PrefixCuts(flow, order: order, target: target, inputs: byValue(sampled).keys.sorted()).best(byteLimit)
  }

  /// The parameters that the features depend on.
  package func parameters(of prefix: FrozenPrefix, modes: NodeModes) throws -> [Parameter] {
    try replay(for: prefix.features.map(\.value), modes).parameters.map(\.parameter)
  }

  /// The rest of the model, which takes the features as inputs; it has the same parameters.
  package func suffix(after prefix: FrozenPrefix, of target: Int) -> Model {
    var graph = graph
    let cut = Set(prefix.features.map(\.value))
    // Nodes keep their places, on which depends what they draw.
    for index in graph.nodes.indices {
      graph.nodes[index].outputs = graph.nodes[index].outputs.map { $0.flatMap { cut.contains($0) ? nil : $0 } }
    }
    for feature in prefix.features { graph.values[feature.value].type = .tensor(feature.type) }
    let read = Set(graph.nodesNeeded(for: [target]).flatMap { graph.nodes[$0].inputs.compactMap { $0 } } + [target])
    graph.inputs = graph.inputs.filter { read.contains($0) && !cut.contains($0) } + prefix.features.map(\.value)
    graph.optionalInputs = graph.optionalInputs.filter(read.contains)
    return Model(self, graph: graph)
  }
}
