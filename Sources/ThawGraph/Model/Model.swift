import Synchronization
import ThawONNX
import ThawTensor

/// An ONNX model: what it computes, and which of its tensors train.
///
/// Opening touches no weight. Calls go through the engine's one door: where something trains, results have a `gradFn`.
/// Roles and values change through `parameters`; `save(to:)` writes the file back with these changes and no others.
public final class Model: Sendable {
  /// The floating tensors of the model with their roles.
  public let parameters: Parameters
  /// What `resettingHead(classes:output:seed:)` changed to make this model; nil for one that was opened.
  public let head: HeadReset?
  /// The file's message, as it was read.
  package let proto: ModelProto
  let graph: Graph
  /// The operators that it was given beside Thaw's own.
  let operators: OperatorSet
  /// Where each parameter stands in the file, and which value it is.
  let places: [Place]
  private let replays = Mutex<[ReplayKey: Replay]>([:])
  /// Programs of what the model computes, without gradients.
  let programs = ProgramCache(patience: 1)
  /// Those in stages, of what cannot be one program.
  let stagedPrograms = Mutex<[StagedProgram.Use: StagedProgram]>([:])
  private let currentLimits = Mutex(Limits())

  struct Place: Sendable {
    let value: Graph.ValueIndex
    let origin: Loader.Origin
  }

  private struct ReplayKey: Hashable {
    let targets: [Graph.ValueIndex]
    let modes: NodeModes
  }

  /// Opens a model file, `.onnx` or `.onnx.gz`, and the external data that it names.
  ///
  /// - Parameters:
  ///   - operators: those of your own that its nodes may name; they come before Thaw's.
  ///   - allowLinks: whether external data may be a symbolic link that leads out of the model's folder, as in the
  ///     caches of model hubs. Whoever wrote such a link chooses the file that is read.
  /// - Throws: `FileError` when a file cannot be read or is no model, `ModelError` when the model does not hold together.
  public convenience init(
    contentsOf path: String, operators: OperatorSet = [], allowLinks: Bool = false
  ) throws {
    var proto = try ModelProto(contentsOf: path)
    try proto.openExternalData(besides: path, allowLinks: allowLinks)
    try self.init(proto, operators: operators)
  }

  /// A model of a recorded graph.
  ///
  /// - Throws: `ModelError` when the graph cannot be written in ONNX.
  public convenience init(_ graph: Graph) throws {
    try self.init(
      graph.model(), operators: OperatorSet(graph.nodes.compactMap { $0.operation.known.map { type(of: $0) } }))
  }

  /// A model from a file's message.
  ///
  /// - Parameters:
  ///   - origin: where its roles come from; what the message itself tells when left out.
  ///   - operators: those that come before Thaw's own.
  ///   - isValidated: whether the message is known to hold together, or is to be looked at although it does not.
  /// - Throws: `ModelError` when the model does not hold together.
  package init(
    _ proto: ModelProto, rolesFrom origin: RoleSource? = nil, operators: OperatorSet = [], head: HeadReset? = nil,
    isValidated: Bool = false
  ) throws {
    if !isValidated { try proto.validate() }
    self.proto = proto
    self.operators = operators
    self.head = head
    var loaded = try inferenceMode(false) { try Loader.load(proto, operators: operators) }
    let (roles, source) = try Self.roles(of: loaded, proto)
    var list: [Parameter] = []
    for entry in loaded.parameters {
      let parameter = Parameter(stored: entry.stored, type: entry.type, role: roles[entry.value] ?? .constant)
      list.append(parameter)
      loaded.graph.initials[entry.value] = .parameter(parameter)
    }
    parameters = Parameters(list, source: origin ?? source)
    places = loaded.parameters.map { Place(value: $0.value, origin: $0.origin) }
    graph = loaded.graph.completingOutputTypes()
  }

  /// A model with the same parameters, of another graph.
  init(_ model: Model, graph: Graph) {
    (parameters, places, head, proto, operators) = (
      model.parameters, model.places, model.head, model.proto, model.operators
    )
    self.graph = graph
    limits = model.limits
  }

  private static func roles(
    of loaded: Loader.Result, _ proto: ModelProto
  ) throws -> ([Graph.ValueIndex: Role], RoleSource) {
    let inference = RoleInference(loaded.graph)
    let initials = loaded.parameters.map { (value: $0.value, type: $0.type, isConstantNode: $0.origin.isConstantNode) }
    let (inferred, source) = inference.roles(of: initials, model: proto)
    guard let table = try proto.roles() else { return (inferred, source) }
    let present = Dictionary(
      loaded.parameters.map { ($0.stored.name, RoleTable.Signature($0.type.dtype, $0.type.shape ?? [])) },
      uniquingKeysWith: { first, _ in first })
    var roles = inferred
    for entry in loaded.parameters {
      if let role = table.roles[entry.stored.name] { roles[entry.value] = role }
    }
    switch table.comparison(with: present) {
    case .intact: return (roles, .file)
    case .changed(let missing, let new, let reshaped):
      return (roles, .changedFile(missing: missing, new: new, reshaped: reshaped))
    }
  }

  /// What a call may use. Calls that run take the limits that were set when they began.
  public var limits: Limits {
    get { currentLimits.withLock { $0 } }
    set { currentLimits.withLock { $0 = newValue } }
  }

  // What goes in and comes out.

  /// The inputs that a call must give, with their types as far as the file declares them.
  public var inputs: [(name: String, type: ValueType?)] {
    graph.inputs.map { (graph.values[$0].name, graph.values[$0].type) }
  }

  /// The inputs that have a default and that a call may give, with their types.
  public var optionalInputs: [(name: String, type: ValueType?)] {
    graph.optionalInputs.map { (graph.values[$0].name, graph.values[$0].type) }
  }

  /// The outputs, with their types as far as the file declares them.
  public var outputs: [(name: String, type: ValueType?)] {
    graph.outputs.map { (graph.values[$0].name, graph.values[$0].type) }
  }

  /// The operators of the model that Thaw cannot run.
  public var missingOperators: [MissingOperator] {
    graph.missingOperators(in: graph.nodes.indices)
  }

  /// Computes outputs, all unless some are named.
  ///
  /// A program is made for the types of the first inputs, as most models are run for no others. For inputs of other
  /// types the first run is eager, because compiling takes longer than a single run saves, and the second makes a
  /// program, which later ones use. Where shapes or decisions depend on numbers, what lies between such places becomes
  /// programs, and the operations there run by themselves. Where results need a `gradFn`, because something trains and
  /// gradients are recorded, every run is eager.
  ///
  /// - Parameter execution: whether programs may be used.
  /// - Throws: `ModelError` for inputs that do not fit or operators that are missing, else the error of the node that
  ///   failed; `TensorError` of kind `limit` when it would pass `limits`.
  public func callAsFunction(
    _ inputs: [String: Tensor], outputs names: [String]? = nil, execution: Execution = .compiled
  ) throws -> Outputs {
    try self(values: inputs.mapValues(Value.tensor), outputs: names, execution: execution)
  }

  /// Computes outputs from inputs of any type: sequences, maps, values that may be absent. See
  /// `callAsFunction(_:outputs:execution:)`.
  public func callAsFunction(
    values inputs: [String: Value], outputs names: [String]? = nil, execution: Execution = .compiled
  ) throws -> Outputs {
    let names = names ?? outputs.map(\.name)
    let values = try execution.run {
      try run(inputs, targets: names.map { try valueIndex(named: $0) }, execution: execution)
    }
    return Outputs(names: names, values: values)
  }

  /// The value of a name: an output, or anything between.
  func valueIndex(named name: String) throws -> Graph.ValueIndex {
    if let output = graph.outputs.first(where: { graph.values[$0].name == name }) { return output }
    guard let index = graph.values.firstIndex(where: { $0.name == name }) else {
      throw ModelError(
        .name, "the model has no output '\(name)'; it has " + outputs.map { "'\($0.name)'" }.joined(separator: ", "))
    }
    return index
  }

  /// Computes values by index.
  ///
  /// - Parameters:
  ///   - seed: for what Dropout draws, where the modes tell it to.
  ///   - isBatchFree: whether the number of samples may be another than the one the file declares.
  ///   - trains: whether parameters get new values between runs; a program is made at once then.
  package func run(
    _ inputs: [String: Value], targets: [Int], modes: NodeModes = .asInFile, seed: UInt64 = 0,
    isBatchFree: Bool = false, execution: Execution = .eager, trains: Bool = false
  ) throws -> [Value] {
    let given = try InputBinding(graph, isBatchFree: isBatchFree).bind(inputs)
    let replay = try replay(for: targets, modes)
    if let options = execution.options, !needsGradient(given, replay) {
      let key = ProgramCache.Key(
        inputs: inputs.compactMapValues(\.tensor?.type), targets: targets, modes: modes, options: options,
        trains: trains)
      if let results = try runProgram(key, inputs, seed: seed, isBatchFree: isBatchFree) { return results }
      if let results = try runStaged(key, inputs, given, replay) { return results }
    }
    let (results, updates) = try Context.with({ $0.budget = limits.budget }) { try replay.run(given, .seed(seed)) }
    for (update, value) in zip(replay.updates, updates) {
      guard case .parameter(let buffer)? = graph.initials[update.buffer], let tensor = value?.tensor else { continue }
      try buffer.set(tensor)
    }
    return results
  }

  func replay(for targets: [Graph.ValueIndex], _ modes: NodeModes) throws -> Replay {
    let key = ReplayKey(targets: targets, modes: modes)
    if let replay = replays.withLock({ $0[key] }) { return replay }
    let replay = try Replay(graph, targets: targets, modes: modes)
    replays.withLock { $0[key] = replay }
    return replay
  }

  // Roles.

  /// The parameters that a pattern names: by their own name, or by that of a node that reads them.
  ///
  /// - Parameter pattern: with `*` for any characters and `?` for one.
  /// - Throws: `ModelError` of kind `name` when none matches.
  public func parameters(matching pattern: String) throws -> [Parameter] {
    let glob = Glob(pattern)
    let consumers = graph.consumers()
    let matching = zip(parameters, places).filter { parameter, place in
      glob.matches(parameter.name)
        || (consumers[place.value] ?? []).contains { consumer in
          let node = graph.nodes[consumer.node]
          return node.isNamed && glob.matches(node.name)
        }
    }
    guard !matching.isEmpty else {
      throw ModelError(
        .name, "no parameter and no node is named like '\(pattern)'; `thaw inspect` lists the names")
    }
    return matching.map(\.0)
  }

  /// Freezes the trainable parameters that a pattern names.
  ///
  /// - Throws: `ModelError` of kind `name` when the pattern matches nothing.
  public func freeze(_ pattern: String) throws {
    for parameter in try parameters(matching: pattern) where parameter.role == .trainable { parameter.role = .frozen }
  }

  /// Lets the parameters that a pattern names train; a constant that is named in full becomes a parameter too.
  ///
  /// - Throws: `ModelError` of kind `name` when the pattern matches nothing.
  public func unfreeze(_ pattern: String) throws {
    for parameter in try parameters(matching: pattern) {
      if parameter.role == .frozen || parameter.name == pattern { parameter.role = .trainable }
    }
  }

  /// Freezes every trainable parameter that no pattern names, and lets the named ones train.
  ///
  /// - Throws: `ModelError` of kind `name` when a pattern matches nothing.
  public func trainOnly(_ patterns: [String]) throws {
    let named = try patterns.map { pattern in (pattern, try parameters(matching: pattern)) }
    for parameter in parameters.with(.trainable) { parameter.role = .frozen }
    for (pattern, list) in named {
      for parameter in list where parameter.role == .frozen || parameter.name == pattern { parameter.role = .trainable }
    }
  }

  /// Forgets all accumulated gradients.
  public func zeroGrad() { for parameter in parameters { parameter.zeroGrad() } }

  /// Writes the model as ONNX, with its roles; a crash leaves the old file or the new one, whole.
  ///
  /// - Parameters:
  ///   - path: where to; a name that ends in `.gz` gives a compressed file.
  ///   - externalData: whether large tensors go to a side-car, `NAME.data` beside the file. When left out, they stay
  ///     where they came from, and a file that would pass 2 GiB gets a side-car.
  /// - Throws: `FileError` when it cannot be written.
  public func save(to path: String, externalData: ExternalData = .automatic) throws {
    try changedProto().write(to: path, externalData: externalData)
  }
}

/// What a model computed, by name.
public struct Outputs: Sendable {
  public let names: [String]
  public let values: [Value]

  /// The output of a name, which must be a tensor; another is an error, as for any operation.
  public subscript(name: String) -> Tensor {
    .catching {
      guard let index = names.firstIndex(of: name) else {
        throw ModelError(.name, "no output '\(name)' was computed; there is " + names.joined(separator: ", "))
      }
      guard case .tensor(let tensor) = values[index] else {
        throw ModelError(.type, "the output '\(name)' is \(values[index].type), not a tensor")
      }
      return tensor
    }
  }
}
