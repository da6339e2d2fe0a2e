import ThawTensor

/// What a loss reads of a model: an output, or the value that goes into its final activation.
public struct TrainedOutput: Sendable {
  /// The output's name.
  public let name: String
  /// The model's other outputs, which the loss does not read.
  public let others: [String]
  /// The activation that makes the output and that the loss passes over, as in "Softmax"; nil where it passes none.
  public let skippedActivation: String?
  /// The type of what the loss reads, as far as the file declares it.
  public let type: TensorType?
  /// The value that the loss reads.
  package let target: Int
}

extension Model {
  /// The output to train.
  ///
  /// Where none is named, it is the only floating one, or the one from which all other floating ones are computed
  /// without parameters, as probabilities are from logits. Any other choice would be a guess, and is an error.
  ///
  /// - Parameters:
  ///   - name: an output's name.
  ///   - fromLogits: whether to read the value before a Softmax, LogSoftmax or Sigmoid that makes the output, because
  ///     the loss contains that function. Outputs made from the same logits are then the same to it.
  /// - Throws: `ModelError` of kind `name` for an output that is not there, `request` when none is floating, or several
  ///   are and none is named.
  public func trainedOutput(_ name: String? = nil, fromLogits: Bool) throws -> TrainedOutput {
    let output = try outputIndex(named: name, fromLogits: fromLogits)
    let (target, skipped) = fromLogits ? logits(of: output) : (output, nil)
    return TrainedOutput(
      name: graph.values[output].name,
      others: graph.outputs.filter { $0 != output }.map { graph.values[$0].name }, skippedActivation: skipped,
      type: graph.values[target].type?.tensor ?? graph.values[output].type?.tensor, target: target)
  }

  /// The type of what a loss reads, as it follows from the shapes of samples; nothing is computed.
  ///
  /// - Parameters:
  ///   - given: inputs that are the same for every sample.
  ///   - isBatchFree: whether the number of samples may be another than the one the file declares.
  /// - Returns: nil where a node's shape depends on numbers, or a node does not take its inputs.
  /// - Throws: `ModelError` of kind `name` or `type` for inputs that do not fit.
  package func inferredType(
    of output: TrainedOutput, for samples: [String: Value], given: [String: Tensor], isBatchFree: Bool
  ) throws -> TensorType? {
    let binding = InputBinding(graph, isBatchFree: isBatchFree)
    let bound = try binding.bind(samples.merging(given.mapValues(Value.tensor)) { $1 })
    let tensors = bound.compactMapValues(\.tensor)
    let trial = ShapeTrial(
      graph, replacing: tensors.filter { given[graph.values[$0.key].name] == nil }.mapValues(\.type),
      given: tensors.filter { given[graph.values[$0.key].name] != nil })
    return trial.failures.isEmpty ? trial.types[output.target] : nil
  }

  /// Functions that turn logits into probabilities or their logarithms.
  private static let activations: Set<String> = ["Softmax", "LogSoftmax", "Sigmoid"]

  /// The value before an output's final activation, and that activation; the output itself where it has none.
  private func logits(of output: Graph.ValueIndex) -> (Graph.ValueIndex, activation: String?) {
    let producers = graph.producers()
    func node(making value: Graph.ValueIndex) -> Graph.Node? { producers[value].map { graph.nodes[$0] } }
    var last = node(making: output)
    while let identity = last, identity.opType == "Identity", let input = identity.inputs.first ?? nil {
      last = node(making: input)
    }
    guard let last, Self.activations.contains(last.opType), let input = last.inputs.first ?? nil else {
      return (output, nil)
    }
    return (input, last.opType)
  }

  /// An output by its name, or the one that is meant where none is named; see `trainedOutput(_:fromLogits:)`.
  func outputIndex(named name: String?, fromLogits: Bool = true) throws -> Graph.ValueIndex {
    if let name {
      guard let index = graph.outputs.first(where: { graph.values[$0].name == name }) else {
        throw ModelError(
          .name, "the model has no output '\(name)'; it has \(outputs.map { "'\($0.name)'" }.joined(separator: ", "))")
      }
      return index
    }
    let floating = graph.outputs.filter { index in
      switch graph.values[index].type {
      case .tensor(let type): type.dtype.isFloatingPoint
      case nil: true
      default: false
      }
    }
    guard let first = floating.first else {
      throw ModelError(
        .request, "the model has no floating output that could be trained; it has \(list(graph.outputs))")
    }
    let producers = graph.producers()
    let source = floating.first { candidate in
      floating.allSatisfy { $0 == candidate || isComputed($0, from: candidate, producers) }
    }
    if let source { return source }
    if fromLogits, Set(floating.map { logits(of: $0).0 }).count == 1 { return first }
    throw ModelError(
      .request,
      "the model has several floating outputs, and which one is meant is not clear: \(list(floating)); name one "
        + "(--output NAME)")
  }

  private func list(_ outputs: [Graph.ValueIndex]) -> String {
    outputs.map { "'\(graph.values[$0].name)'" + (graph.values[$0].type.map { " (\($0))" } ?? "") }
      .joined(separator: ", ")
  }

  /// Whether a value is a function of `source` and constants: no input of the model and nothing that can train joins.
  private func isComputed(
    _ value: Graph.ValueIndex, from source: Graph.ValueIndex, _ producers: [Graph.ValueIndex: Int]
  ) -> Bool {
    var seen: Set<Graph.ValueIndex> = [value, source]
    var open = [value]
    var meetsSource = false
    while let current = open.popLast() {
      if case .parameter(let parameter)? = graph.initials[current], parameter.role != .constant { return false }
      guard let node = producers[current] else {
        guard graph.initials[current] != nil else { return false }
        continue
      }
      for case let input? in graph.nodes[node].inputs {
        if input == source { meetsSource = true }
        if seen.insert(input).inserted { open.append(input) }
      }
    }
    return meetsSource
  }
}
