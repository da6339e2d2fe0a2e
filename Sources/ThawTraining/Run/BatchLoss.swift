import ThawGraph
import ThawTensor

/// The loss of a batch, and the way to its gradients.
struct BatchLoss {
  let prediction: Tensor
  let loss: Tensor
  /// nil where the loss has a `gradFn`.
  private let gradients: [(parameter: Parameter, gradient: Tensor)]?

  /// Node by node.
  init(eager evaluator: Evaluator, _ inputs: [String: Value], _ target: Tensor?, modes: NodeModes, seed: UInt64) throws
  {
    prediction = try evaluator.predict(inputs, modes: modes, seed: seed, execution: .eager)
    loss = try withErrors { [prediction] in evaluator.loss(prediction, target) }
    gradients = nil
  }

  init(_ results: ModelProgram.Results, _ loss: Tensor) {
    prediction = results.targets[0]
    self.loss = loss
    gradients = results.gradients
  }

  /// Adds the gradients, taken times `share`, to those that the parameters have.
  func backward(share: Double) throws {
    guard let gradients else {
      return try (share == 1 ? loss : withErrors { loss * share }).backward()
    }
    try noGrad {
      for (parameter, gradient) in gradients {
        try parameter.accumulate(share == 1 ? gradient : withErrors { gradient * share })
      }
    }
  }
}

/// The programs of a trainer's steps, by the types of their batches.
struct StepPrograms {
  let evaluator: Evaluator
  let modes: NodeModes
  private let options: CompilerOptions?
  private let cache = ProgramCache(patience: 0)
  /// What a group of samples costs to compile grows with the model; beyond this a step would wait too long for it.
  private static let nodeLimit = 20_000

  init(_ evaluator: Evaluator, modes: NodeModes) {
    self.evaluator = evaluator
    self.modes = modes
    options = evaluator.execution.options
  }

  /// Why steps are computed node by node; empty where they are not.
  var eagerReasons: [String] { cache.reasons }

  /// How many programs there are.
  var count: Int { cache.count }

  /// The loss and the gradients of a batch, by a program.
  ///
  /// - Returns: nil where there is none; also where it failed, so that eager execution tells the node and the reason.
  func loss(_ inputs: [String: Value], _ target: Tensor?, seed: UInt64) throws -> BatchLoss? {
    let tensors = inputs.compactMapValues(\.tensor)
    guard let options, Context.current.allowsPrograms, tensors.count == inputs.count else { return nil }
    let extra = target.map { [$0] } ?? []
    let key = ProgramCache.Key(
      inputs: tensors.mapValues(\.type), extra: extra.map(\.type), targets: [evaluator.output.target], modes: modes,
      options: options, trains: true)
    let groups = SampleGroups(evaluator.batchSize, output: evaluator.output.name)
      .count(of: tensors.values.first?.shape.first ?? 1)
    guard let program = try cache.program(key, make: { try compile(key, groupCount: groups, varies: $0) }),
      try !program.hasHooks()
    else { return nil }
    let seeds = (0..<groups).map { evaluator.seed(seed, ofGroup: $0) }
    let results = try evaluator.model.run(program, key, in: cache) {
      try program.run(tensors, extra: extra, seeds: seeds)
    }
    guard let results, let loss = results.loss else { return nil }
    return BatchLoss(results, loss)
  }

  private func compile(
    _ key: ProgramCache.Key, groupCount: Int, varies: @escaping (Parameter) -> Bool
  ) throws -> ModelProgram {
    let (nodes, overflow) = groupCount.multipliedReportingOverflow(by: evaluator.model.nodeCount)
    guard !overflow, nodes <= Self.nodeLimit || groupCount == 1 else {
      throw TensorError(
        .unsupported,
        "a batch goes through the model in \(groupCount) groups, which would make a program of \(nodes) nodes")
    }
    var request = ModelProgram.Request(
      inputs: key.inputs.map { ($0.key, $0.value) }, extra: key.extra, targets: key.targets)
    request.modes = modes
    request.isBatchFree = evaluator.isBatchFree
    request.callCount = groupCount
    request.options = key.options
    request.varies = varies
    return try Context.with({ $0.budget = evaluator.model.limits.budget }) {
      try ModelProgram(evaluator.model, request, training: true) { model, inputs, extra in
        let prediction = try evaluator.predict(inputs, seed: 0) { group, _ in try model(group) }
        return ([prediction], try withErrors { evaluator.loss(prediction, extra.first) })
      }
    }
  }
}
