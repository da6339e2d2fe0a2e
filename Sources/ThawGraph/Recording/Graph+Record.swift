import ThawONNX
import ThawTensor
import ThawTypes

extension Graph {
  /// Records Swift code as a graph of ONNX operators.
  ///
  /// The code runs on tensors without numbers. Where inputs have named dimensions (`.float32("N", 64)`) it runs twice,
  /// at different sizes, and a constant that differs is refused: it would be wrong for other sizes. Tensors from
  /// outside become initializers: those of `parameters` under their names and with their roles, others that require a
  /// gradient as trainable, the rest as constants.
  ///
  /// - Parameters:
  ///   - inputs: the names and types of the inputs, in order.
  ///   - outputs: the names of the results, in order.
  ///   - parameters: whose current values the code uses.
  /// - Throws: `ModelError` of kind `recording`, or the error of the operation that failed.
  public static func record(
    inputs: KeyValuePairs<String, TensorType>, outputs: [String], parameters: [Parameter] = [],
    _ body: ([Tensor]) throws -> [Tensor]
  ) throws -> Graph {
    try record(
      inputList: inputs.map { (name: $0.key, type: $0.value) }, outputs: outputs, parameters: parameters, body)
  }

  /// See `record(inputs:outputs:parameters:_:)`.
  package static func record(
    inputList inputs: [(name: String, type: TensorType)], outputs: [String], parameters: [Parameter] = [],
    _ body: ([Tensor]) throws -> [Tensor]
  ) throws -> Graph {
    let symbols = inputs.flatMap { $0.type.dims ?? [] }.compactMap { dim -> String? in
      if case .symbol(let name) = dim { name } else { nil }
    }
    var recordings: [Recording] = []
    for base in symbols.isEmpty ? [48] : [48, 72] {
      var sizes: [String: Int] = [:]
      for symbol in symbols where sizes[symbol] == nil { sizes[symbol] = base + 4 * sizes.count }
      recordings.append(try Recording(inputs: inputs, outputs: outputs, sizes: sizes, body))
    }
    if recordings.count == 2 { try recordings[0].checkSame(as: recordings[1]) }
    return try recordings[0].graph(parameters: parameters)
  }

  /// Records a function of one tensor; see `record(inputs:outputs:parameters:_:)`.
  public static func record(
    inputs: KeyValuePairs<String, TensorType>, output: String = "output", parameters: [Parameter] = [],
    _ body: (Tensor) throws -> Tensor
  ) throws -> Graph {
    try checkCount(inputs, 1)
    return try record(inputs: inputs, outputs: [output], parameters: parameters) { [try body($0[0])] }
  }

  /// Records a function of two tensors; see `record(inputs:outputs:parameters:_:)`.
  public static func record(
    inputs: KeyValuePairs<String, TensorType>, output: String = "output", parameters: [Parameter] = [],
    _ body: (Tensor, Tensor) throws -> Tensor
  ) throws -> Graph {
    try checkCount(inputs, 2)
    return try record(inputs: inputs, outputs: [output], parameters: parameters) { [try body($0[0], $0[1])] }
  }

  private static func checkCount(_ inputs: KeyValuePairs<String, TensorType>, _ count: Int) throws {
    guard inputs.count == count else {
      throw ModelError(.recording, "\(inputs.count) inputs are named, and the function takes \(count)")
    }
  }
}

/// One run of the code under a tracer.
struct Recording {
  private let state: Tracer.State
  private let inputCount: Int
  private let outputs: [(name: String, index: Int)]

  init(
    inputs: [(name: String, type: TensorType)], outputs names: [String], sizes: [String: Int],
    _ body: ([Tensor]) throws -> [Tensor]
  ) throws {
    let tracer = Tracer(sizes: sizes)
    let traced = try inputs.map { try tracer.input($0.name, $0.type) }
    let results = try Context.with({
      $0.recorder = tracer
      $0.gradMode = false
    }) { try withErrors { try body(traced) } }
    guard results.count == names.count else {
      throw ModelError(.recording, "the code gave \(results.count) results, and \(names.count) outputs are named")
    }
    outputs = zip(names, results).map { name, result in
      if case .traced(let value) = result.contents {
        (name, value.index)
      } else {
        (name, tracer.constantIndex(of: result))
      }
    }
    state = tracer.recorded
    inputCount = inputs.count
  }

  /// Refuses code whose operations or constants depend on the sizes of the trial.
  func checkSame(as other: Recording) throws {
    let advice =
      "a size that varies was turned into a number; use -1 in reshaped(to:), flatten(), or shapeTensor() instead"
    for (step, (mine, theirs)) in zip(state.steps, other.state.steps).enumerated() {
      let place = "operation \(step) (\(mine.operation.schema.name))"
      guard AnyHashable(mine.operation) == AnyHashable(theirs.operation), mine.inputs == theirs.inputs else {
        throw ModelError(.recording, "\(place) is another at another size of the inputs: \(advice)")
      }
      for input in mine.inputs.compactMap({ $0 }) {
        guard case .constant(let a) = state.entries[input], case .constant(let b) = other.state.entries[input] else {
          continue
        }
        guard try Self.areEqual(a, b) else {
          throw ModelError(.recording, "\(place) reads a constant that is another at another size: \(advice)")
        }
      }
    }
    guard state.steps.count == other.state.steps.count, outputs.map(\.index) == other.outputs.map(\.index) else {
      throw ModelError(.recording, "the code runs other operations at another size of the inputs: \(advice)")
    }
  }

  private static func areEqual(_ a: Tensor, _ b: Tensor) throws -> Bool {
    guard a.dtype == b.dtype, a.shape == b.shape else { return false }
    if case .strings(let strings) = a.contents { return try strings == b.strings() }
    return try a.detach().contiguous().withBytes { x in
      try b.detach().contiguous().withBytes { y in x.elementsEqual(y) }
    }
  }

  /// The recording as a graph, with names.
  func graph(parameters: [Parameter]) throws -> Graph {
    var graph = Graph()
    var named: [Tracer.ConstantKey: Parameter] = [:]
    for parameter in parameters {
      let value = try parameter.value()
      if case .leaf(let leaf) = value.link { named[.leaf(ObjectIdentifier(leaf))] = parameter }
      if case .memory(let storage, let offset, let strides) = value.contents {
        named[.memory(ObjectIdentifier(storage), offset: offset, shape: value.shape, strides: strides)] = parameter
      }
    }
    let parameterOf = Dictionary(
      state.constants.compactMap { key, index in named[key].map { (index, $0) } },
      uniquingKeysWith: { first, _ in first })
    var names = UniqueNames(taken: outputs.map(\.name))
    for (index, entry) in state.entries.enumerated() {
      switch entry {
      case .input(let name, let type):
        graph.values.append(Graph.Value(name: names.unique(name), type: .tensor(type)))
        graph.inputs.append(index)
      case .constant(let tensor):
        let parameter = parameterOf[index]
        let kind = tensor.requiresGrad ? "parameter" : "constant"
        let name = names.unique(parameter?.name ?? "\(kind)_\(index)")
        graph.values.append(Graph.Value(name: name, type: .tensor(tensor.type)))
        graph.initials[index] =
          tensor.dtype.isFloatingPoint
          ? .parameter(
            Parameter(name, tensor, role: parameter?.role ?? (tensor.requiresGrad ? .trainable : .constant)))
          : .constant(StoredTensor(tensor, name: name))
      case .result(let type):
        graph.values.append(Graph.Value(name: names.unique("value_\(index)"), type: .tensor(type)))
      }
    }
    for (index, step) in state.steps.enumerated() {
      graph.nodes.append(
        Graph.Node(
          name: "\(step.operation.schema.name)_\(index)", opType: step.operation.schema.name,
          operation: .known(step.operation), inputs: step.inputs, outputs: step.outputs))
    }
    try nameOutputs(of: &graph)
    return graph.pruned()
  }

  /// An output that is an input or a constant, or is given twice, gets an Identity to carry its name.
  private func nameOutputs(of graph: inout Graph) throws {
    var taken: Set<Int> = []
    for (name, index) in outputs {
      if case .result = state.entries[index], taken.insert(index).inserted {
        graph.values[index].name = name
        graph.outputs.append(index)
      } else {
        let copy = graph.values.count
        graph.values.append(Graph.Value(name: name, type: graph.values[index].type))
        graph.nodes.append(
          Graph.Node(
            name: "Identity_\(graph.nodes.count)", opType: "Identity", operation: .known(Identity()), inputs: [index],
            outputs: [copy]))
        graph.outputs.append(copy)
      }
    }
  }
}

/// Names, each once.
private struct UniqueNames {
  private var taken: Set<String>

  init(taken: [String]) { self.taken = Set(taken) }

  mutating func unique(_ name: String) -> String {
    var candidate = name
    var suffix = 1
    while !taken.insert(candidate).inserted {
      candidate = "\(name)_\(suffix)"
      suffix += 1
    }
    return candidate
  }
}
