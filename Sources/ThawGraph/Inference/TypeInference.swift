import ThawTensor

/// The types of all values of a model, and where its parts contradict each other.
///
/// Dimensions are known, named or unknown: a name stands for the same number wherever it stands.
public struct TypeInference: Sendable {
  /// A value of the model.
  public struct Value: Sendable {
    /// Where a value comes from.
    public enum Origin: String, Hashable, Sendable { case input, stored, computed }

    /// With the way to it, for one inside of If, Loop or Scan: `node/then_branch/name`.
    public let name: String
    /// nil where not even the element type is known.
    public let type: ValueType?
    public let origin: Origin
    /// The node that gives it, and what that does; nil for inputs and stored tensors.
    public let node: String?
    public let operation: String?
  }

  /// A contradiction.
  public struct Problem: Sendable, Hashable {
    /// What contradicts what.
    public enum Kind: String, Sendable, Hashable {
      /// Shapes that an operator cannot take together.
      case shape
      /// Element types that an operator cannot take.
      case type
      /// An attribute or a number that an operator cannot take.
      case operand
      /// What the file declares of a value, and what it is.
      case declaration
      /// Something that Thaw does not do; the model may be sound.
      case unsupported
    }

    public let kind: Kind
    /// The node where it shows; nil for an input or a stored tensor.
    public let node: String?
    /// The value, where it is about one.
    public let value: String?
    /// What was expected and what was found.
    public let message: String
  }

  /// In the order of the file: inputs, stored tensors, and what each node gives; a body's values before its node's.
  public let values: [Value]
  public let problems: [Problem]

  init(_ inference: Inference) {
    values = inference.values
    problems = inference.problems
  }
}

extension Inference {
  /// All values of the graph and of its bodies.
  var values: [TypeInference.Value] {
    func value(_ index: Graph.ValueIndex, _ origin: TypeInference.Value.Origin, _ node: Graph.Node? = nil)
      -> TypeInference.Value
    {
      TypeInference.Value(
        name: path + graph.values[index].name, type: world.types[index], origin: origin,
        node: node.map { path + $0.name }, operation: node?.opType)
    }
    let isBody = !path.isEmpty
    let stored = graph.initials.keys.sorted().filter { !isBody || !graph.inputs.contains($0) }
    return (graph.inputs).map { value($0, .input) } + stored.map { value($0, .stored) }
      + graph.nodes.enumerated().flatMap { index, node in
        (inner[index] ?? []) + node.outputs.compactMap { $0.map { value($0, .computed, node) } }
      }
  }
}

extension Model {
  /// The types of all values, as far as they can be told before anything runs.
  public func inferredTypes() -> TypeInference { TypeInference(Inference(graph)) }
}

extension Graph {
  /// The graph with inferred types of the outputs of which the file does not say everything.
  func completingOutputTypes() -> Graph {
    let open = outputs.filter { output in
      switch values[output].type {
      case nil: true
      case .tensor(let type)?: type.dims == nil
      default: false
      }
    }
    guard !open.isEmpty else { return self }
    let inference = Inference(self)
    var graph = self
    for output in open {
      if let type = inference.state(of: output).type { graph.values[output].type = type }
    }
    return graph
  }
}
