import ThawGraph
import ThawTensor
import ThawTypes

/// The memory that a model needs, for inputs of given sizes; all numbers are bytes.
///
/// Exact are the sizes of weights, gradients and optimizer state, and planned activations: what the compiler's program
/// takes on this machine, the kernels' scratch memory in it. Estimated are activations where there is no program, and
/// totals: weights that kernels keep in layouts of their own, and what the process takes beside, are not in them.
public struct MemoryReport: Codable, Hashable, Sendable {
  /// What the values between inputs and outputs take.
  public struct Activations: Codable, Hashable, Sendable {
    public let bytes: Int
    /// Whether it is the compiler's plan; else it is an estimate from inferred types.
    public let isPlanned: Bool
    /// Why there is no plan.
    public let reason: String?
  }

  /// What an optimizer keeps beside the weights.
  public struct OptimizerState: Codable, Hashable, Sendable {
    public let optimizer: String
    public let bytes: Int
  }

  /// Computing the outputs.
  public struct Inference: Codable, Hashable, Sendable {
    /// nil where sizes are not known.
    public let activations: Activations?
    public let total: Int?
  }

  /// A training step: forward and backward pass to all floating outputs, whatever the loss.
  public struct Training: Codable, Hashable, Sendable {
    public let gradients: Int
    public let optimizerStates: [OptimizerState]
    /// nil where sizes are not known.
    public let activations: Activations?
    /// With Adam, whose state is the largest.
    public let total: Int?
  }

  /// The inputs that it is computed for.
  public let inputs: [ModelDescription.Port]
  /// The bytes of these inputs.
  public let inputBytes: Int
  public let weights: Int
  public let inference: Inference
  /// nil where nothing trains.
  public let training: Training?

  /// Compiles a model for inference and for training, and reads what the compiler has planned.
  ///
  /// - Parameters:
  ///   - batch: the size of the first axis; what the file declares when nil, and 1 where that is any.
  ///   - sizes: of axes that the file leaves open, by their names in the file.
  /// - Throws: `ModelError` of kind `type` for an axis without a size.
  public init(_ model: Model, batch: Int? = nil, sizes: [String: Int] = [:]) throws {
    let types = try model.inputTypes(batch: batch, sizes: sizes)
    let estimate = model.activationEstimate(for: types.map(\.type))
    func plan(trains: Bool) throws -> Int {
      try Context.with({ $0.budget = model.limits.budget }) {
        try Self.plan(model, types, trains: trains, isBatchFree: batch != nil)
      }
    }
    inputs = types.map { ModelDescription.Port(name: $0.name, type: "\($0.type)") }
    inputBytes = types.map { $0.type.byteCount ?? 0 }.clampedSum
    weights = model.storedByteCount
    let plain = Activations(planned: { try plan(trains: false) }, estimate?.peakByteCount)
    let common = [weights, inputBytes]
    inference = Inference(activations: plain, total: plain.map { (common + [$0.bytes]).clampedSum })
    let trained = model.parameters.with(.trainable)
    guard !trained.isEmpty else {
      training = nil
      return
    }
    let gradients = trained.map { $0.type.byteCount ?? 0 }.clampedSum
    let step = Activations(planned: { try plan(trains: true) }, estimate?.byteCount)
    // How many numbers each keeps for each that trains.
    let states = [("sgd", 0), ("sgd with momentum", 1), ("rmsprop", 1), ("adagrad", 1), ("adam", 2)].map {
      OptimizerState(optimizer: $0, bytes: Array(repeating: gradients, count: $1).clampedSum)
    }
    training = Training(
      gradients: gradients, optimizerStates: states, activations: step,
      total: step.map { (common + [gradients, gradients, gradients, $0.bytes]).clampedSum })
  }

  /// The bytes of a program's values, and of its outputs that are not gradients.
  private static func plan(
    _ model: Model, _ types: [(name: String, type: TensorType)], trains: Bool, isBatchFree: Bool
  ) throws -> Int {
    var request = ModelProgram.Request(
      inputs: types, targets: try model.outputs.map { try model.trainedOutput($0.name, fromLogits: false).target })
    request.isBatchFree = isBatchFree
    guard trains else {
      request.modes = .inference
      let program = try ModelProgram(model, request)
      return program.byteCount + program.outputByteCount
    }
    request.modes = NodeModes(batchNormalization: .frozen, dropout: .off)
    let program = try ModelProgram(model, request) { outputs, _ in
      try withErrors {
        outputs.filter { $0.dtype.isFloatingPoint }.map { $0.cast(to: .float32).sum() }
          .reduce(Tensor.zeros([])) { $0 + $1 }
      }
    }
    let gradients = program.reachedByteCount
    return program.byteCount + max(0, program.outputByteCount - gradients)
  }
}

extension MemoryReport.Activations {
  /// What is planned, else what is estimated; nil where there is neither.
  fileprivate init?(planned: () throws -> Int, _ estimate: Int?) {
    do {
      (bytes, isPlanned, reason) = (try planned(), true, nil)
    } catch {
      guard let estimate else { return nil }
      (bytes, isPlanned, reason) = (estimate, false, "\(error)")
    }
  }
}
