import ArgumentParser
import Thaw

/// What to make small, and what to measure beside it.
struct LossOptions: ParsableArguments {
  @Option(
    name: .customLong("loss"), help: "What to make small; output:NAME is an output of the model, a single number.")
  var kind = LossName.crossEntropy
  @Option(
    help: "How much each class weighs: W,W,… or 'balanced', which makes all classes of the data weigh the same.")
  var classWeights: ClassWeights?
  @Option(help: "The label that counts for nothing (default: -100).") var ignoreIndex: Int?
  @Option(help: "The share of a label's probability that goes to all classes alike, from 0 to 1 (default: 0).")
  var labelSmoothing: Double?
  @Option(help: "How much a yes weighs against a no (bce): W, or W,W,… for each entry of the last axis.")
  var positiveWeight: NumberList?
  @Option(help: "The difference from which the Huber loss is a line (default: 1).") var huberDelta: Double?
  @Option(
    name: .customLong("metric"),
    help: "What to measure beside the loss: METRIC,METRIC,… (default: depends on the loss).")
  var metricNames: MetricList?

  func validate() throws {
    let settings: [(name: String, isGiven: Bool, losses: [LossName])] = [
      ("--class-weights", classWeights != nil, [.crossEntropy, .negativeLogLikelihood]),
      ("--ignore-index", ignoreIndex != nil, [.crossEntropy, .negativeLogLikelihood]),
      ("--label-smoothing", labelSmoothing != nil, [.crossEntropy]),
      ("--positive-weight", positiveWeight != nil, [.binaryCrossEntropy]),
      ("--huber-delta", huberDelta != nil, [.huber]),
    ]
    for (name, isGiven, losses) in settings where isGiven && !losses.contains(kind) {
      throw ValidationError(
        "\(name) is for the loss \(losses.map(\.defaultValueDescription).joined(separator: " or ")), not for "
          + kind.defaultValueDescription)
    }
    if let labelSmoothing, !(0...1).contains(labelSmoothing) {
      throw ValidationError("--label-smoothing should be from 0 to 1 and is \(labelSmoothing)")
    }
    if let huberDelta, !(huberDelta > 0 && huberDelta.isFinite) {
      throw ValidationError("--huber-delta should be a number above 0 and is \(huberDelta)")
    }
    for metric in metrics ?? [] where !loss(classWeights: nil).possibleMetrics.contains(metric) {
      throw ValidationError("--metric \(metric.rawValue) has no meaning for the loss \(kind.defaultValueDescription)")
    }
  }

  var metrics: [Metric]? { metricNames?.metrics }

  /// The loss, its class weights balanced over data where they should be.
  ///
  /// - Parameters:
  ///   - output: the output that it reads.
  ///   - inputs: those that are the same for every sample.
  func loss(
    for model: Model, output: String?, inputs: [String: Tensor], _ data: Dataset, batchSize: Int
  ) throws -> Loss {
    switch classWeights {
    case .each(let weights): return loss(classWeights: weights)
    case nil: return loss(classWeights: nil)
    case .balanced:
      let evaluator = try Evaluator(model, loss: loss(classWeights: nil), output: output, inputs: inputs)
      return loss(classWeights: try evaluator.balancedClassWeights(of: data, batchSize: batchSize))
    }
  }

  private func loss(classWeights: [Double]?) -> Loss {
    switch kind {
    case .crossEntropy:
      .crossEntropy(
        classWeights: classWeights, ignoreIndex: ignoreIndex ?? -100, labelSmoothing: labelSmoothing ?? 0)
    case .negativeLogLikelihood: .negativeLogLikelihood(classWeights: classWeights, ignoreIndex: ignoreIndex ?? -100)
    case .binaryCrossEntropy: .binaryCrossEntropy(positiveWeights: positiveWeight?.numbers)
    case .meanSquaredError: .meanSquaredError
    case .l1: .l1
    case .huber: .huber(delta: huberDelta ?? 1)
    case .output(let name): .output(name)
    }
  }
}
