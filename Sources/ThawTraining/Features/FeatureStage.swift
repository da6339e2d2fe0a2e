import ThawGraph
import ThawTensor

/// A model cut in two for a run: a part that is computed once for each sample, and the rest, which trains on the
/// features that it gives.
struct FeatureStage {
  let prefix: FrozenPrefix
  /// The steps of the rest.
  let programs: StepPrograms
  /// The features of data sets, by the checks that these have passed.
  private var kept: [ObjectIdentifier: Kept] = [:]
  private let whole: Evaluator
  private let modes: NodeModes
  private let budget: MemoryBudget
  /// The values with which features were computed.
  private let frozen: [(parameter: Parameter, value: Tensor)]

  private struct Kept {
    let samples: Samples
    /// Holds the identity.
    let checks: PassedChecks
  }

  /// What features of a data set took.
  struct Effort {
    var seconds = 0.0
    var isInMemory = true
  }

  init(_ prefix: FrozenPrefix, of whole: Evaluator, modes: NodeModes, memory: Int) throws {
    self.prefix = prefix
    self.whole = whole
    self.modes = modes
    budget = MemoryBudget(limit: memory)
    programs = StepPrograms(
      Evaluator(whole, rest: whole.model.suffix(after: prefix, of: whole.output.target)), modes: modes)
    frozen = try whole.model.parameters(of: prefix, modes: modes).map { ($0, try $0.value().detach()) }
  }

  /// The rest of the model.
  var evaluator: Evaluator { programs.evaluator }

  /// Whether features are still what the model would compute.
  func isCurrent() throws -> Bool {
    try frozen.allSatisfy { try $0.parameter.role != .trainable && $0.parameter.value().isSameMemory(as: $0.value) }
  }

  /// The features of samples, where they are kept.
  func features(of checks: PassedChecks) -> Samples? { kept[ObjectIdentifier(checks)]?.samples }

  /// Computes the features of samples and keeps them.
  ///
  /// - Parameters:
  ///   - batchSize: how many samples are computed at once, at least.
  ///   - progress: called with the number of samples that are done; its error ends the work.
  /// - Returns: what it took; nil where a feature is not finite, which is for a step to tell.
  mutating func keep(
    _ samples: Samples, batchSize: Int, progress: (Int) throws -> Void
  ) throws -> Effort? {
    let start = ContinuousClock.now
    var spools = try prefix.features.map { try RowSpool($0.type, expecting: samples.count, budget) }
    var computation = Computation(self, size: groupSize(of: samples.count, batchSize: batchSize))
    for first in stride(from: 0, to: samples.count, by: computation.size) {
      let own = min(computation.size, samples.count - first)
      // The last group is filled up with its own samples: all are of one size.
      let rows = (0..<computation.size).map { first + $0 % own }
      let values = try computation.features(samples.batch(rows).inputs)
      for (index, value) in values.enumerated() {
        let rows = own == computation.size ? value : try withErrors { value.slice([0..<own]) }
        if rows.dtype.isFloatingPoint, try rows.firstNonFinite(summing: true) != nil { return nil }
        try spools[index].append(rows)
      }
      try progress(first + own)
    }
    let arrays = try spools.map { try $0.finish() }
    let named = zip(prefix.features, arrays).map { (name: $0.name, array: $1) }
    kept[ObjectIdentifier(samples.passedChecks)] = Kept(
      samples: samples.replacing(with: named, keeping: Set(evaluator.model.inputs.map(\.name))),
      checks: samples.passedChecks)
    return Effort(
      seconds: (ContinuousClock.now - start) / .seconds(1), isInMemory: arrays.allSatisfy(\.isInMemory))
  }

  /// As many samples as the caches of a processor like, and not fewer than a step takes, in groups of one size; what
  /// the model holds where it holds a number.
  private func groupSize(of count: Int, batchSize: Int) -> Int {
    if case .fixed(let size, _) = whole.batchSize { return size }
    let largest = max(batchSize, min(512, Self.groupByteCount / max(prefix.largestByteCount, 1)))
    let groups = (count - 1) / largest + 1
    return (count - 1) / groups + 1
  }

  private static let groupByteCount = 8 << 20

  /// Computes the features of groups of one size: by a program, or node by node where there can be none.
  private struct Computation {
    let stage: FeatureStage
    let size: Int
    private var program: ModelProgram?
    private var isCompiled = false

    init(_ stage: FeatureStage, size: Int) {
      self.stage = stage
      self.size = size
    }

    mutating func features(_ samples: [String: Value]) throws -> [Tensor] {
      let inputs = samples.merging(stage.whole.inputs.mapValues(Value.tensor)) { $1 }
      let tensors = inputs.compactMapValues(\.tensor)
      return try noGrad {
        if let results = try compiled(tensors) { return results }
        let values = try model.run(
          inputs, targets: targets, modes: stage.modes, isBatchFree: stage.whole.isBatchFree, execution: .eager)
        return try values.map { value in
          guard let tensor = value.tensor else {
            throw TrainingError(.model, "a feature is \(value.type), and only tensors can be kept")
          }
          return tensor
        }
      }
    }

    private var model: Model { stage.whole.model }
    private var targets: [Int] { stage.prefix.features.map(\.value) }

    private mutating func compiled(_ inputs: [String: Tensor]) throws -> [Tensor]? {
      guard let options = stage.whole.execution.options, Context.current.allowsPrograms,
        inputs.values.allSatisfy({ $0.dtype != .string })
      else { return nil }
      return try Context.with({ $0.budget = model.limits.budget }) {
        do {
          if !isCompiled {
            isCompiled = true
            var request = ModelProgram.Request(inputs: inputs.map { ($0.key, $0.value.type) }, targets: targets)
            request.modes = stage.modes
            request.isBatchFree = stage.whole.isBatchFree
            request.options = options
            program = try ModelProgram(model, request)
          }
          guard let program, program.byteCount <= model.limits.bytesAlive else { return nil }
          return try program.run(inputs).targets
        } catch let error as TensorError where error.kind != .limit {
          // Node by node tells the node of an error, if it is one there too.
          program = nil
          return nil
        }
      }
    }
  }
}
