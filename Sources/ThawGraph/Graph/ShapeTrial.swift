import ThawTensor
import ThawTypes

/// The shapes of a graph's values at one choice of sizes.
///
/// Dimensions that vary get a number each. Small numbers that follow from shapes and constants are computed, so that
/// the Shape, Gather, Concat and Reshape chains of exporters resolve. A value whose shape was replaced is taken as it
/// was told, and what is computed from it counts as affected: nothing that the file declares of it is believed.
struct ShapeTrial {
  private let graph: Graph
  private var world: World
  /// The values that depend on a replaced one.
  private(set) var affected: Set<Graph.ValueIndex>
  /// The nodes after a replaced value that do not take their inputs' shapes, in order.
  private(set) var failures: [Int] = []

  /// - Parameter given: values that are the same whatever the sizes.
  init(
    _ graph: Graph, replacing replaced: [Graph.ValueIndex: TensorType] = [:],
    given: [Graph.ValueIndex: Tensor] = [:]
  ) {
    self.graph = graph
    affected = Set(replaced.keys)
    world = World(initialsOf: graph)
    let sizes = TrialSizes()
    let none = [ValueType?](repeating: nil, count: TrialSizes.count)
    for input in graph.inputs {
      guard let type = graph.values[input].type?.tensor else { continue }
      world.types[input] = ValueType.tensor(type).trials(keeping: none, sizes).first
    }
    for (index, tensor) in given {
      world.types[index] = .tensor(tensor.type)
      world.numbers[index] = World.isSmall(.tensor(tensor.type)) ? tensor : nil
    }
    for (index, type) in replaced {
      world.types[index] = .tensor(type)
      world.numbers[index] = nil
    }
    for index in graph.nodes.indices { infer(index, replaced) }
  }

  /// The types of values, every dimension a number.
  var types: Types { Types(world: world) }
  /// The numbers that are few and follow from shapes and constants.
  var numbers: [Graph.ValueIndex: Tensor] { world.numbers }

  struct Types {
    fileprivate let world: World

    subscript(index: Graph.ValueIndex) -> TensorType? { world.types[index]?.tensor }
  }

  private mutating func infer(_ index: Int, _ replaced: [Graph.ValueIndex: TensorType]) {
    let node = graph.nodes[index]
    let isAffected = node.inputs.contains { $0.map(affected.contains) ?? false }
    if isAffected { affected.formUnion(node.outputs.compactMap { $0 }) }
    do {
      let types = try world.outputTypes(of: node)
      guard types.allSatisfy({ $0.tensor?.shape != nil }) else {
        throw ModelError(.type, "the shape of what it gives depends on numbers that are not known")
      }
      for (output, type) in zip(node.outputs, types) {
        guard let output, replaced[output] == nil else { continue }
        world.types[output] = type
      }
      world.compute(node)
    } catch {
      for case let output? in node.outputs where replaced[output] == nil && !isAffected {
        world.types[output] = graph.values[output].type?.tensor.flatMap { $0.shape == nil ? nil : .tensor($0) }
      }
      if isAffected { failures.append(index) }
    }
  }
}
