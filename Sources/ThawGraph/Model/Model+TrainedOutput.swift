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
  /// - Parameters:
  ///   - name: an output's name; the first floating one when left out.
  ///   - fromLogits: whether to read the value before a Softmax, LogSoftmax or Sigmoid that makes the output, because
  ///     the loss contains that function.
  /// - Throws: `ModelError` of kind `name` for an output that is not there, `request` when none is floating.
  public func trainedOutput(_ name: String? = nil, fromLogits: Bool) throws -> TrainedOutput {
    let output = try outputIndex(named: name)
    var target = output
    var skipped: String?
    if fromLogits {
      let producers = graph.producers()
      func node(making value: Graph.ValueIndex) -> Graph.Node? { producers[value].map { graph.nodes[$0] } }
      var last = node(making: output)
      while let identity = last, identity.opType == "Identity", let input = identity.inputs.first ?? nil {
        last = node(making: input)
      }
      if let last, Self.activations.contains(last.opType), let input = last.inputs.first ?? nil {
        target = input
        skipped = last.opType
      }
    }
    return TrainedOutput(
      name: graph.values[output].name,
      others: graph.outputs.filter { $0 != output }.map { graph.values[$0].name }, skippedActivation: skipped,
      type: graph.values[target].type?.tensor ?? graph.values[output].type?.tensor, target: target)
  }

  /// Functions that turn logits into probabilities or their logarithms.
  private static let activations: Set<String> = ["Softmax", "LogSoftmax", "Sigmoid"]

  func outputIndex(named name: String?) throws -> Graph.ValueIndex {
    if let name {
      guard let index = graph.outputs.first(where: { graph.values[$0].name == name }) else {
        throw ModelError(
          .name, "the model has no output '\(name)'; it has \(outputs.map { "'\($0.name)'" }.joined(separator: ", "))")
      }
      return index
    }
    let floating = graph.outputs.first { index in
      switch graph.values[index].type {
      case .tensor(let type): type.dtype.isFloatingPoint
      case nil: true
      default: false
      }
    }
    guard let floating else {
      let list = outputs.map { "'\($0.name)'" + ($0.type.map { " (\($0))" } ?? "") }.joined(separator: ", ")
      throw ModelError(.request, "the model has no floating output that could be trained; it has \(list)")
    }
    return floating
  }
}
