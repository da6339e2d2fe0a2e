import ThawKernels
import ThawTensor

/// A model's forward pass, or a training step without the optimizer, compiled for inputs of given types.
///
/// Parameters that neither train nor are said to vary are part of the program, which is stale when one of them gets
/// another value, or when another parameter trains.
package struct ModelProgram: Sendable {
  package let program: Program
  private let inputNames: [String]
  private let outputCount: Int
  /// Whose values go in: those that train, those that vary, then the buffers that the step updates.
  private let trained: [Parameter]
  private let varying: [Parameter]
  private let buffers: [Parameter]
  /// The places among `trained` that a gradient reaches, in the order of the outputs.
  private let reached: [Int]
  private let fixed: ParameterRevisions
  private let hasLoss: Bool
  private let replay: Replay

  package struct Results: Sendable {
    package let targets: [Tensor]
    /// nil where none was asked for.
    package let loss: Tensor?
    package let gradients: [(parameter: Parameter, gradient: Tensor)]
  }

  /// What is compiled, and for which types.
  package struct Request {
    /// By name, every dimension a number.
    package var inputs: [(name: String, type: TensorType)]
    /// The types of what only the loss reads.
    package var extra: [TensorType] = []
    /// The values that a call of the model computes.
    package var targets: [Int]
    package var modes = NodeModes.asInFile
    /// Whether the number of samples may be another than the one the file declares.
    package var isBatchFree = false
    /// How many times `body` calls the model, at most.
    package var callCount = 1
    package var options = CompilerOptions()
    /// Which parameters are given in each run, though they do not train.
    package var varies: (Parameter) -> Bool = { _ in false }

    package init(inputs: [(name: String, type: TensorType)], extra: [TensorType] = [], targets: [Int]) {
      self.inputs = inputs
      self.extra = extra
      self.targets = targets
    }
  }

  /// Computes the targets.
  package typealias Call = ([String: Value]) throws -> [Value]
  /// What to give, from the inputs and what only the loss reads; with a loss, a scalar, its gradients are given too.
  package typealias Body = (_ model: Call, _ inputs: [String: Value], _ extra: [Tensor]) throws -> (
    outputs: [Tensor], loss: Tensor?
  )
  /// The loss of what the model computed and of what came with the batch, a scalar.
  package typealias Loss = ([Tensor], [Tensor]) throws -> Tensor

  /// Compiles one call of the model, and its loss where there is one.
  ///
  /// - Throws: see `init(_:_:training:_:)`.
  package init(_ model: Model, _ request: Request, loss: Loss? = nil) throws {
    try self.init(model, request, training: loss != nil) { call, inputs, extra in
      let outputs = try Self.tensors(call(inputs))
      return (outputs, try loss?(outputs, extra))
    }
  }

  /// Compiles.
  ///
  /// - Throws: `TensorError` of kind `valueNeeded` when shapes depend on numbers; else what tracing throws.
  package init(_ model: Model, _ request: Request, training hasLoss: Bool, _ body: Body) throws {
    let replay = try model.replay(for: request.targets, request.modes)
    let read = replay.parameters
    let trained = read.filter { hasLoss && $0.parameter.role == .trainable }
    let updated = Set(replay.updates.map(\.buffer))
    let buffers = read.filter { updated.contains($0.value) }
    let given = Set((trained + buffers).map(\.value))
    let varying = read.filter { !given.contains($0.value) && request.varies($0.parameter) }
    let inside = given.union(varying.map(\.value))
    let fixed = ParameterRevisions(read.filter { !inside.contains($0.value) }.map(\.parameter))
    let seedCount = replay.drawCount * request.callCount
    let types =
      request.inputs.map(\.type) + request.extra + (trained + varying + buffers).map(\.parameter.type)
      + (seedCount == 0 ? [] : [TensorType(.int64, shape: [seedCount])])
    var reached: [Int] = []
    var outputCount = 0
    var compilation = Compilation(request.options)
    var trace: Trace? = try Self.context(training: hasLoss) {
      try Trace(inputs: types) { tensors in
        var rest = tensors[...]
        func take(_ count: Int) -> [Tensor] {
          defer { rest = rest.dropFirst(count) }
          return Array(rest.prefix(count))
        }
        let inputs = Dictionary(
          uniqueKeysWithValues: zip(request.inputs.map(\.name), take(request.inputs.count).map(Value.tensor)))
        let extra = take(request.extra.count)
        let leaves = try take(trained.count).map { try $0.requiringGrad() }
        var values = Dictionary(uniqueKeysWithValues: zip(trained.map(\.value), leaves.map(Value.tensor)))
        values.merge(zip((varying + buffers).map(\.value), take(varying.count + buffers.count).map(Value.tensor))) {
          $1
        }
        let seeds = rest.first
        var callCount = 0
        let results = try body(
          { inputs in
            defer { callCount += 1 }
            let bound = try InputBinding(model.graph, isBatchFree: request.isBatchFree).bind(inputs)
            let draws = seeds.map { Replay.Draws.seeds($0, first: callCount * replay.drawCount) } ?? .seed(0)
            let (targets, updates) = try replay.run(
              values.merging(bound) { $1 }, draws, recognizing: &compilation)
            // As when one call follows another: the second reads the statistics that the first left.
            for (update, value) in zip(replay.updates, updates) { values[update.buffer] = value }
            return targets
          }, inputs, extra)
        outputCount = results.outputs.count
        let updated = try Self.tensors(buffers.compactMap { values[$0.value] })
        guard let loss = results.loss else { return results.outputs + updated }
        try Self.check(loss, readsOnly: leaves)
        let gradients = try grad(of: [loss], withRespectTo: leaves, allowUnused: true)
        reached = gradients.indices.filter { gradients[$0] != nil }
        return results.outputs + updated + [loss] + gradients.compactMap { $0 }
      }
    }
    program = try Context.with({ $0.isCompiling = true }) {
      // From here on the trace holds what is fixed, and lets go of what becomes part of the program in another form.
      for parameter in fixed.parameters { parameter.release() }
      guard let trace = trace.take() else { throw TensorError(.internal, "there is no trace") }
      return try Program(trace, request.options, after: compilation)
    }
    for parameter in fixed.parameters { parameter.returnPages() }
    // What compiling needed is not what runs need.
    MemoryPool.shared.removeAll()
    inputNames = request.inputs.map(\.name)
    self.outputCount = outputCount
    self.trained = trained.map(\.parameter)
    self.varying = varying.map(\.parameter)
    self.buffers = buffers.map(\.parameter)
    self.reached = reached
    self.fixed = fixed
    self.hasLoss = hasLoss
    self.replay = replay
  }

  private static func context<Result>(training: Bool, _ body: () throws -> Result) rethrows -> Result {
    try Context.with(
      {
        $0.gradMode = training
        $0.isInference = false
      }, body)
  }

  private static func tensors(_ values: [Value]) throws -> [Tensor] {
    try values.map { value in
      guard let tensor = value.tensor else {
        throw TensorError(.valueNeeded, "an output is \(value.type), and programs give tensors")
      }
      return tensor
    }
  }

  /// - Throws: `TensorError` of kind `valueNeeded` when a gradient flows to what is no parameter of the model: a program
  ///   would neither see its next value nor give its gradient.
  private static func check(_ loss: Tensor, readsOnly leaves: [Tensor]) throws {
    let known = Set(
      leaves.compactMap { tensor -> ObjectIdentifier? in
        if case .leaf(let leaf) = tensor.link { ObjectIdentifier(leaf) } else { nil }
      })
    var seen: Set<ObjectIdentifier> = []
    var nodes = loss.gradFn.map { [$0] } ?? []
    while let node = nodes.popLast() {
      for edge in node.edges {
        switch edge {
        case .output(let node, _): if seen.insert(ObjectIdentifier(node)).inserted { nodes.append(node) }
        case .leaf(let leaf) where !known.contains(ObjectIdentifier(leaf)):
          throw TensorError(.valueNeeded, "the loss reads a tensor that requires a gradient and is not of the model")
        default: break
        }
      }
    }
  }

  /// The parameters inside the program that have another value than the one it was compiled with.
  package var changed: [Parameter] { fixed.changed }

  /// Whether the program computes what the model does now.
  package var isCurrent: Bool {
    guard hasLoss else { return fixed.areCurrent }
    let areRolesKept =
      trained.allSatisfy { $0.role == .trainable } && varying.allSatisfy { $0.role != .trainable }
      && fixed.parameters.allSatisfy { $0.role != .trainable }
    return areRolesKept && fixed.areCurrent
  }

  /// What a run needs beside its inputs and outputs.
  package var byteCount: Int { program.arenaByteCount }

  /// What the gradients among the outputs take.
  package var reachedByteCount: Int { reached.reduce(0) { $0 + (trained[$1].type.byteCount ?? 0) } }

  /// What the outputs of a run take.
  package var outputByteCount: Int {
    program.outputTypes.reduce(0) { $0 + ($1.shape ?? []).reduce($1.dtype.itemSize, *) }
  }

  /// Whether somebody waits for a gradient at a parameter, whom a program would pass by.
  package func hasHooks() throws -> Bool { try trained.contains { try $0.value().hasLeafHooks } }

  /// Computes the outputs, and with a loss the gradients; buffers get their new values.
  ///
  /// - Parameter seeds: for what Dropout draws, one for each call of the model.
  package func run(_ inputs: [String: Tensor], extra: [Tensor] = [], seeds: [UInt64] = [0]) throws -> Results {
    let outputs = try program.run(programInputs(inputs, extra, seeds: seeds))
    var rest = outputs[...]
    func take(_ count: Int) -> [Tensor] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    let targets = take(outputCount)
    for (buffer, value) in zip(buffers, take(buffers.count)) { try buffer.set(value) }
    guard hasLoss else { return Results(targets: targets, loss: nil, gradients: []) }
    let loss = take(1)[0]
    return Results(targets: targets, loss: loss, gradients: zip(reached, rest).map { (trained[$0], $1) })
  }

  /// What the program takes: inputs, what only the loss reads, the values of parameters, and seeds.
  package func programInputs(_ inputs: [String: Tensor], _ extra: [Tensor], seeds: [UInt64] = [0]) throws -> [Tensor] {
    var given = try inputNames.map { name in
      guard let tensor = inputs[name] else { throw ModelError(.name, "the input '\(name)' is missing") }
      return tensor
    }
    given += extra
    given += try (trained + varying + buffers).map { try $0.value() }
    if given.count < program.inputTypes.count { given.append(Tensor(seeds.flatMap(replay.seeds))) }
    return given
  }
}

extension Tensor {
  /// Whether both look at the same elements of the same memory.
  package func isSameMemory(as other: Tensor) -> Bool {
    guard case .memory(let a, let offset, let strides) = contents,
      case .memory(let b, let otherOffset, let otherStrides) = other.contents
    else { return false }
    return a === b && offset == otherOffset && strides == otherStrides && shape == other.shape
  }
}
