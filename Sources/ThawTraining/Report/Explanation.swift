import ThawGraph
import ThawTensor

/// What the compiler makes of a model: its program, and how long the program's steps take.
package struct Explanation: Codable, Sendable {
  /// How long the steps of a program took, the median over several runs.
  package struct Profile: Codable, Sendable {
    package let runs: Int
    package let milliseconds: Double
    /// Of each step of the program, in its order.
    package let stepMilliseconds: [Double]
  }

  /// "inference" or "training step".
  package let task: String
  /// Name and type of each input that the program was compiled for.
  package let inputs: [ModelDescription.Port]
  /// The operators in the file.
  package let operators: [ModelDescription.OperatorCount]
  package let program: ProgramDescription
  package private(set) var profile: Profile?

  /// Compiles the forward pass to all outputs; with a loss, a training step to the gradients.
  ///
  /// - Parameters:
  ///   - inputs: for these the program is compiled, and with them it is timed.
  ///   - output: the output to train, where the model has several.
  ///   - profiles: whether to run the program and take times.
  /// - Throws: what compiling throws, `TensorError` of kind `valueNeeded` for a model that cannot be a program.
  package init(
    _ model: Model, inputs: [(name: String, tensor: Tensor)], loss: Loss? = nil, output: String? = nil,
    batchNormalization: BatchNormalizationMode = .frozen, options: CompilerOptions = CompilerOptions(),
    profiles: Bool = false
  ) throws {
    var options = options
    options.isDescribed = true
    let types = inputs.map { (name: $0.name, type: $0.tensor.type) }
    let tensors = Dictionary(inputs.map { ($0.name, $0.tensor) }) { first, _ in first }
    let program: ModelProgram
    var targets: [Tensor] = []
    if let loss {
      // It refuses what cannot train.
      let trainer = try Trainer(
        model, loss: loss, optimizer: .sgd(0), output: output, batchNormalization: batchNormalization)
      let trained = trainer.evaluator.output
      if loss.needsTarget {
        let values = try noGrad {
          try model.run(tensors.mapValues(Value.tensor), targets: [trained.target], modes: .inference)
        }
        targets = try values.first?.tensor.map { [try loss.anyTarget(for: $0.type)] } ?? []
      }
      let modes = NodeModes(
        batchNormalization: batchNormalization == .train ? .training : .frozen, dropout: .off)
      var request = ModelProgram.Request(inputs: types, extra: targets.map(\.type), targets: [trained.target])
      request.modes = modes
      request.options = options
      program = try ModelProgram(model, request) { outputs, targets in
        try withErrors { loss(outputs[0], targets.first) }
      }
    } else {
      var request = ModelProgram.Request(
        inputs: types, targets: try model.outputs.map { try model.trainedOutput($0.name, fromLogits: false).target })
      request.modes = .inference
      request.options = options
      program = try ModelProgram(model, request)
    }
    guard let description = program.program.description else {
      throw TrainingError(.model, "the program tells nothing of itself")
    }
    task = loss == nil ? "inference" : "training step"
    self.inputs = types.map { ModelDescription.Port(name: $0.name, type: "\($0.type)") }
    operators = model.summary.operators
    self.program = description
    profile = profiles ? try Self.profile(program.program, program.programInputs(tensors, targets)) : nil
  }

  /// As many runs as fit into two seconds, but at least 5; two before them do not count.
  private static func profile(_ program: Program, _ inputs: [Tensor]) throws -> Profile {
    for _ in 0..<2 { _ = try program.run(inputs) }
    var steps: [[Duration]] = []
    var totals: [Duration] = []
    let start = ContinuousClock.now
    while totals.count < 5 || (ContinuousClock.now - start < .seconds(2) && totals.count < 200) {
      var times: [Duration] = []
      let before = ContinuousClock.now
      _ = try program.run(inputs) { _, duration in times.append(duration) }
      totals.append(ContinuousClock.now - before)
      steps.append(times)
    }
    func median(_ times: [Duration]) -> Double { times.sorted()[times.count / 2] / .milliseconds(1) }
    let places = (steps.first ?? []).indices
    return Profile(
      runs: totals.count, milliseconds: median(totals),
      stepMilliseconds: places.map { place in median(steps.map { $0[place] }) })
  }
}
