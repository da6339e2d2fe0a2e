import ThawTensor
import ThawTypes

/// What a node costs.
public struct NodeWork: Codable, Hashable, Sendable {
  /// With the way to it, for one inside of If, Loop or Scan.
  public let name: String
  public let operation: String
  /// The types of what it gives.
  public let outputs: [String]
  /// The products of two numbers that it adds up; 0 for an operator that is not made of such; nil where sizes are not
  /// known.
  public let multiplyAdds: Int?
}

/// What the nodes of a model cost for inputs of given sizes.
///
/// Counted are convolutions, matrix products, Einsum, recurrent layers and attention, as their definitions have them.
/// Bodies of If, Loop and Scan count once each.
public struct ModelWork: Codable, Hashable, Sendable {
  /// The inputs that it is counted for.
  public let inputs: [ModelDescription.Port]
  /// The sum over all nodes whose number is known.
  public let multiplyAdds: Int
  /// How many nodes have a number that is not known.
  public let unknownCount: Int
  /// Each node, in the order of the file, the nodes of bodies before the one that holds them; where it was asked for.
  public var nodes: [NodeWork]?
}

extension Model {
  /// What the nodes cost.
  ///
  /// - Parameters:
  ///   - batch: the size of the first axis; what the file declares when nil, and 1 where that is any.
  ///   - sizes: of axes that the file leaves open, by their names in the file.
  /// - Throws: `ModelError` of kind `type` for an axis without a size.
  public func work(batch: Int? = nil, sizes: [String: Int] = [:]) throws -> ModelWork {
    let types = try inputTypes(batch: batch, sizes: sizes)
    let nodes = Inference(graph.with(inputTypes: types.map(\.type))).work
    return ModelWork(
      inputs: types.map { ModelDescription.Port(name: $0.name, type: "\($0.type)") },
      multiplyAdds: nodes.map { $0.multiplyAdds ?? 0 }.clampedSum,
      unknownCount: nodes.count { $0.multiplyAdds == nil }, nodes: nodes)
  }
}

extension Graph {
  /// The graph for inputs of these types, in its order.
  func with(inputTypes types: [TensorType]) -> Graph {
    var graph = self
    for (index, type) in zip(inputs, types) { graph.values[index].type = .tensor(type) }
    return graph
  }
}

extension Inference {
  /// What the nodes of the graph and of its bodies cost.
  var work: [NodeWork] {
    graph.nodes.enumerated().flatMap { index, node -> [NodeWork] in
      let types = node.outputs.map { $0.flatMap { world.types[$0] } }
      let count: Int? =
        switch node.operation {
        case .known(let operation as any MultiplyAdding):
          operation.multiplyAdds(
            node.inputs.map { $0.flatMap { world.types[$0]?.tensor } }, types.map { $0?.tensor })
        case .known: 0
        case .missing: nil
        }
      return (innerWork[index] ?? []) + [
        NodeWork(
          name: path + node.name, operation: node.opType, outputs: types.compactMap { $0?.description },
          multiplyAdds: count)
      ]
    }
  }
}
