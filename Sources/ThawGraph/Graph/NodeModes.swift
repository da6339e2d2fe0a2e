import ThawTensor

/// How those nodes run that do one thing in training and another in inference.
package struct NodeModes: Hashable, Sendable {
  /// Whose statistics BatchNormalization takes.
  package enum BatchNormalization: Hashable, Sendable {
    /// As each node says.
    case asInFile
    /// Those of the file, whatever the node says.
    case frozen
    /// The batch's; the running ones are updated.
    case training
  }

  /// Whether Dropout draws.
  package enum Dropout: Hashable, Sendable {
    /// As each node says.
    case asInFile
    /// It does not, whatever the node says.
    case off
    /// It does, whatever the node says: the numbers are a function of the run's seed and of the node.
    case drawing
  }

  package var batchNormalization: BatchNormalization
  package var dropout: Dropout

  package init(batchNormalization: BatchNormalization, dropout: Dropout) {
    self.batchNormalization = batchNormalization
    self.dropout = dropout
  }

  /// As the file says.
  package static let asInFile = NodeModes(batchNormalization: .asInFile, dropout: .asInFile)
  /// As when a finished model is used: the same result at every call.
  package static let inference = NodeModes(batchNormalization: .frozen, dropout: .off)
}

/// The operations of a graph's nodes in certain modes.
struct AdaptedNodes {
  /// By node.
  private(set) var operations: [Int: any Operator] = [:]
  /// The buffers that a training BatchNormalization updates, by the output that holds their new value.
  private(set) var updates: [(buffer: Graph.ValueIndex, output: Graph.ValueIndex)] = []
  /// The nodes that draw, and get a seed at each run, in order.
  private(set) var drawing: [Int] = []
  /// The place of each among `drawing`.
  private var drawingPlaces: [Int: Int] = [:]

  /// Changes the nodes `order` of a graph.
  init(_ graph: inout Graph, order: [Int], modes: NodeModes) {
    for index in order {
      guard let operation = graph.nodes[index].operation.known else { continue }
      switch operation {
      case let normalization as BatchNormalization where modes.batchNormalization != .asInFile:
        adapt(normalization, &graph, index, isTraining: modes.batchNormalization == .training)
      case let dropout as Dropout where modes.dropout != .asInFile:
        adapt(dropout, &graph, index, draws: modes.dropout == .drawing)
      default: operations[index] = operation
      }
    }
  }

  /// The operation of a node in a run, and the input that it gets beside the node's.
  func operation(_ node: Int, _ draws: Replay.Draws) -> (operation: any Operator, extra: Tensor?)? {
    guard let operation = operations[node] else { return nil }
    guard let place = drawingPlaces[node], var dropout = operation as? Dropout else { return (operation, nil) }
    switch draws {
    case .seed(let seed):
      dropout.seed = Self.seed(seed, of: node)
      return (dropout, nil)
    case .seeds(let seeds, let first): return (SeededDropout(place: first + place), seeds)
    }
  }

  /// The seeds of the nodes that draw, in order.
  ///
  /// - Parameter seed: that of the run.
  func seeds(_ seed: UInt64) -> [Int] { drawing.map { Self.seed(seed, of: $0) } }

  private static func seed(_ seed: UInt64, of node: Int) -> Int {
    Int(truncatingIfNeeded: RandomGenerator.seed(seed, for: node))
  }

  private mutating func adapt(
    _ operation: BatchNormalization, _ graph: inout Graph, _ index: Int, isTraining: Bool
  ) {
    var normalization = operation
    normalization.trainingMode = isTraining
    operations[index] = normalization
    var outputs = Array(graph.nodes[index].outputs.prefix(1))
    if isTraining {
      for (position, output) in [(3, 1), (4, 2)] where position < graph.nodes[index].inputs.count {
        guard let buffer = graph.nodes[index].inputs[position] else { continue }
        let updated = graph.values.count
        graph.values.append(Graph.Value(name: "\(graph.values[buffer].name) after the step"))
        while outputs.count <= output { outputs.append(nil) }
        outputs[output] = updated
        updates.append((buffer, updated))
      }
    }
    graph.nodes[index].outputs = outputs
  }

  private mutating func adapt(_ dropout: Dropout, _ graph: inout Graph, _ index: Int, draws: Bool) {
    operations[index] = dropout
    var inputs = Array(graph.nodes[index].inputs.prefix(2))
    if draws {
      while inputs.count < 2 { inputs.append(nil) }
      let name = "\(graph.nodes[index].name) trains"
      let trains = Tensor([true], shape: [])
      inputs.append(graph.values.count)
      graph.initials[graph.values.count] = .constant(StoredTensor(trains, name: name))
      graph.values.append(Graph.Value(name: name, type: .tensor(trains.type)))
      drawingPlaces[index] = drawing.count
      drawing.append(index)
    }
    graph.nodes[index].inputs = inputs
  }
}
