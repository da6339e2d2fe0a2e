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
  private let frozen: ParameterRevisions

  /// The program of groups of the latest types; nil where there can be none.
  private var group: (types: [String: TensorType], program: ModelProgram?)?

  /// The features of a data set.
  struct Kept {
    let samples: Samples
    /// How long it took to compute them.
    let seconds: Double
    let isInMemory: Bool
    /// Holds the data set's identity.
    fileprivate let checks: PassedChecks
  }

  init(_ prefix: FrozenPrefix, of whole: Evaluator, modes: NodeModes, memory: Int) throws {
    self.prefix = prefix
    self.whole = whole
    self.modes = modes
    budget = MemoryBudget(limit: memory)
    programs = StepPrograms(
      Evaluator(whole, rest: whole.model.suffix(after: prefix, of: whole.output.target)), modes: modes)
    frozen = ParameterRevisions(try whole.model.parameters(of: prefix, modes: modes))
  }

  /// The rest of the model.
  var evaluator: Evaluator { programs.evaluator }

  /// Whether features are still what the model would compute.
  var isCurrent: Bool { frozen.areCurrent && frozen.parameters.allSatisfy { $0.role != .trainable } }

  /// Whether this computes what another, made now, would.
  func canReplace(_ other: FeatureStage) -> Bool {
    prefix == other.prefix && budget.limit == other.budget.limit && isCurrent
  }

  /// What is kept of the samples that have passed these checks.
  func kept(of checks: PassedChecks) -> Kept? { kept[ObjectIdentifier(checks)] }

  /// Forgets the features of all other data sets.
  mutating func forget(except samples: [Samples]) {
    let identities = Set(samples.map { ObjectIdentifier($0.passedChecks) })
    kept = kept.filter { identities.contains($0.key) }
  }

  /// Computes the features of samples and keeps them.
  ///
  /// - Parameters:
  ///   - batchSize: how many samples are computed at once, at least.
  ///   - progress: called with the number of samples that are done; its error ends the work.
  /// - Returns: whether all are finite; none is kept otherwise, so that a step tells where such a number comes from.
  mutating func keep(
    _ samples: Samples, batchSize: Int, progress: (Int) throws -> Void
  ) throws -> Bool {
    let start = ContinuousClock.now
    var spools = try prefix.features.map { try RowSpool($0.type, expecting: samples.count, budget) }
    let size = groupSize(of: samples.count, batchSize: batchSize)
    // The last group is filled up with its own samples: all are of one size.
    let groups = stride(from: 0, to: samples.count, by: size).map { first in
      let own = min(size, samples.count - first)
      return (first: first, own: own, rows: (0..<size).map { first + $0 % own })
    }
    let reader = BatchReader(groups.map(\.rows)) { try samples.batch($0) }
    for (first, own, rows) in groups {
      let values = try features(of: reader.batch(rows).inputs)
      for (index, value) in values.enumerated() {
        let rows = own == size ? value : try withErrors { value.slice([0..<own]) }
        if rows.dtype.isFloatingPoint, try Tensor.areFinite([rows]) != [true] { return false }
        try spools[index].append(rows)
      }
      try progress(first + own)
    }
    let arrays = try spools.map { try $0.finish() }
    let named = zip(prefix.features, arrays).map { (name: $0.name, array: $1) }
    kept[ObjectIdentifier(samples.passedChecks)] = Kept(
      samples: samples.replacing(with: named, keeping: Set(evaluator.model.inputs.map(\.name))),
      seconds: (ContinuousClock.now - start) / .seconds(1), isInMemory: arrays.allSatisfy(\.isInMemory),
      checks: samples.passedChecks)
    return true
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

  /// The features of a group: by a program, or node by node where there can be none.
  private mutating func features(of samples: [String: Value]) throws -> [Tensor] {
    let inputs = samples.merging(whole.inputs.mapValues(Value.tensor)) { $1 }
    return try noGrad {
      if let results = try compiledFeatures(of: inputs.compactMapValues(\.tensor)) { return results }
      let values = try whole.model.run(
        inputs, targets: targets, modes: modes, isBatchFree: whole.isBatchFree, execution: .eager)
      return try values.map { value in
        guard let tensor = value.tensor else {
          throw TrainingError(.model, "a feature is \(value.type), and only tensors can be kept")
        }
        return tensor
      }
    }
  }

  private var targets: [Int] { prefix.features.map(\.value) }

  private mutating func compiledFeatures(of inputs: [String: Tensor]) throws -> [Tensor]? {
    guard let options = whole.execution.options, Context.current.allowsPrograms,
      inputs.values.allSatisfy({ $0.dtype != .string })
    else { return nil }
    let types = inputs.mapValues(\.type)
    return try Context.with({ $0.budget = whole.model.limits.budget }) {
      do {
        if group?.types != types {
          group = (types, nil)
          var request = ModelProgram.Request(inputs: types.map { ($0.key, $0.value) }, targets: targets)
          request.modes = modes
          request.isBatchFree = whole.isBatchFree
          request.options = options
          let program = try ModelProgram(whole.model, request)
          group = (types, program)
        }
        guard let program = group?.program, program.byteCount <= whole.model.limits.bytesAlive else { return nil }
        return try program.run(inputs).targets
      } catch let error as TensorError where error.kind != .limit {
        // Node by node tells the node of an error, if it is one there too.
        group?.program = nil
        return nil
      }
    }
  }
}
