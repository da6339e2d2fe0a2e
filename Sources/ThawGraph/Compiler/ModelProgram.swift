import ThawTensor

/// A model's forward pass, or a training step without the optimizer, compiled for inputs of given types.
///
/// Parameters that do not train are part of the program; a new value of one of them makes it stale.
package struct ModelProgram: Sendable {
  package let program: Program
  private let inputNames: [String]
  private let targetCount: Int
  /// Whose values go in: those that train, then the buffers that the step updates.
  private let trained: [Parameter]
  private let buffers: [Parameter]
  /// The places among `trained` that a gradient reaches, in the order of the outputs.
  private let reached: [Int]
  private let fixed: [(parameter: Parameter, value: Tensor)]
  private let hasLoss: Bool

  package struct Results: Sendable {
    package let targets: [Tensor]
    /// nil where none was asked for.
    package let loss: Tensor?
    package let gradients: [(parameter: Parameter, gradient: Tensor)]
  }

  /// The loss of what the model computed and of what came with the batch, a scalar.
  package typealias Loss = ([Tensor], [Tensor]) throws -> Tensor

  /// Compiles.
  ///
  /// - Parameters:
  ///   - inputs: by name, every dimension a number.
  ///   - extra: the types of what only the loss reads.
  ///   - targets: the values to compute.
  ///   - loss: nil for a forward pass alone.
  /// - Throws: `TensorError` of kind `valueNeeded` when shapes depend on numbers; else what tracing throws.
  package init(
    _ model: Model, inputs: [(name: String, type: TensorType)], extra: [TensorType] = [], targets: [Int],
    modes: NodeModes = .asInFile, options: CompilerOptions = CompilerOptions(),
    loss: Loss? = nil
  ) throws {
    let replay = try model.replay(for: targets, modes)
    let places = Dictionary(uniqueKeysWithValues: zip(model.places.map(\.value), model.parameters))
    let read = replay.initialValues.compactMap { index in places[index].map { (index, $0) } }
    let trained = read.filter { loss != nil && $0.1.role == .trainable }
    let buffers = replay.updates.compactMap { update in places[update.buffer].map { (update.buffer, $0) } }
    let varying = trained + buffers
    let varyingValues = Set(varying.map(\.0))
    var reached: [Int] = []
    let types = inputs.map(\.type) + extra + varying.map(\.1.type)
    let trace = try Trace(inputs: types) { tensors in
      var given: [Graph.ValueIndex: Value] = try InputBinding(model.graph).bind(
        Dictionary(uniqueKeysWithValues: zip(inputs.map(\.name), tensors.map(Value.tensor))))
      let extra = Array(tensors[inputs.count..<(inputs.count + extra.count)])
      let rest = tensors[(inputs.count + extra.count)...]
      var leaves: [Tensor] = []
      for (position, (tensor, parameter)) in zip(rest, varying).enumerated() {
        let value = position < trained.count ? try tensor.requiringGrad() : tensor
        if position < trained.count { leaves.append(value) }
        given[parameter.0] = .tensor(value)
      }
      let (values, updates) = try replay.run(given)
      let results = try values.map { value in
        guard let tensor = value.tensor else {
          throw TensorError(.valueNeeded, "an output is \(value.type), and programs give tensors")
        }
        return tensor
      }
      let updated = try updates.map { update in
        guard let tensor = update?.tensor else { throw TensorError(.internal, "a buffer has no new value") }
        return tensor
      }
      guard let loss else { return results + updated }
      let value = try loss(results, extra)
      let gradients = try grad(of: [value], withRespectTo: leaves, allowUnused: true)
      reached = gradients.indices.filter { gradients[$0] != nil }
      return results + updated + [value] + gradients.compactMap { $0 }
    }
    program = try Program(trace, options)
    inputNames = inputs.map(\.name)
    targetCount = targets.count
    self.trained = trained.map(\.1)
    self.buffers = buffers.map(\.1)
    self.reached = reached
    hasLoss = loss != nil
    fixed = try read.filter { !varyingValues.contains($0.0) }.map { ($0.1, try $0.1.value()) }
  }

  /// Whether the parameters inside the program still have the values that it was compiled with.
  package func isCurrent() throws -> Bool {
    try fixed.allSatisfy { try $0.parameter.value().isSameMemory(as: $0.value) }
  }

  /// Computes the targets, and with a loss the gradients; buffers get their new values.
  package func run(_ inputs: [String: Tensor], extra: [Tensor] = []) throws -> Results {
    let outputs = try program.run(programInputs(inputs, extra))
    var rest = outputs[...]
    func take(_ count: Int) -> [Tensor] {
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    let targets = take(targetCount)
    for (buffer, value) in zip(buffers, take(buffers.count)) { try buffer.set(value) }
    guard hasLoss else { return Results(targets: targets, loss: nil, gradients: []) }
    let loss = take(1)[0]
    return Results(targets: targets, loss: loss, gradients: zip(reached, rest).map { (trained[$0], $1) })
  }

  /// What the program takes: inputs, what only the loss reads, and the values of parameters.
  package func programInputs(_ inputs: [String: Tensor], _ extra: [Tensor]) throws -> [Tensor] {
    let given = try inputNames.map { name in
      guard let tensor = inputs[name] else { throw ModelError(.name, "the input '\(name)' is missing") }
      return tensor
    }
    return try given + extra + (trained + buffers).map { try $0.value() }
  }
}

extension Tensor {
  /// Whether both look at the same elements of the same memory.
  func isSameMemory(as other: Tensor) -> Bool {
    guard case .memory(let a, let offset, let strides) = contents,
      case .memory(let b, let otherOffset, let otherStrides) = other.contents
    else { return false }
    return a === b && offset == otherOffset && strides == otherStrides && shape == other.shape
  }
}
