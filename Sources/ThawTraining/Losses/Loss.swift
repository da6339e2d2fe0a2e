import ThawTensor
import ThawTypes

/// What training makes small: one of PyTorch's losses with its settings, an output of the model, or a function.
public struct Loss: Sendable, CustomStringConvertible {
  let rule: any LossRule

  /// The name on the command line.
  public var name: String { rule.name }

  /// The name, and the settings that are not at their default.
  public var description: String { ([name] + rule.settings).joined(separator: ", ") }

  /// Whether it contains the Softmax or Sigmoid, so that it reads the value before a final one.
  public var readsLogits: Bool { rule.readsLogits }

  /// Whether it compares the prediction with a target.
  public var needsTarget: Bool { outputName == nil }

  /// The output of the model that it reads, where it says so itself.
  public var outputName: String? { (rule as? OutputLoss)?.output }

  /// The metrics that have a meaning for it.
  public var possibleMetrics: [Metric] { Metric.allCases.filter { MetricSums($0, of: rule.reading) != nil } }

  /// See `crossEntropy(_:_:classWeights:ignoreIndex:labelSmoothing:reduction:)`.
  public static var crossEntropy: Loss { crossEntropy() }

  /// See `crossEntropy(_:_:classWeights:ignoreIndex:labelSmoothing:reduction:)`.
  ///
  /// - Parameter classWeights: one for each class; see `balancedClassWeights` for weights from data.
  public static func crossEntropy(
    classWeights: [Double]? = nil, ignoreIndex: Int = -100, labelSmoothing: Double = 0
  ) -> Loss {
    Loss(
      rule: CrossEntropyLoss(
        labels: ClassLabels(weights: classWeights, ignoreIndex: ignoreIndex), labelSmoothing: labelSmoothing))
  }

  /// See `negativeLogLikelihood(_:_:classWeights:ignoreIndex:reduction:)`.
  public static func negativeLogLikelihood(classWeights: [Double]? = nil, ignoreIndex: Int = -100) -> Loss {
    Loss(rule: NegativeLogLikelihood(labels: ClassLabels(weights: classWeights, ignoreIndex: ignoreIndex)))
  }

  /// See `binaryCrossEntropyWithLogits(_:_:positiveWeight:reduction:)`.
  ///
  /// - Parameter positiveWeights: how much a yes weighs against a no: one for all, or one for each entry of the last
  ///   axis.
  public static func binaryCrossEntropy(positiveWeights: [Double]? = nil) -> Loss {
    Loss(rule: BinaryCrossEntropy(positiveWeights: positiveWeights))
  }

  /// See `meanSquaredError(_:_:reduction:)`.
  public static var meanSquaredError: Loss { Loss(rule: MeanSquaredError()) }

  /// See `l1Loss(_:_:reduction:)`.
  public static var l1: Loss { Loss(rule: L1Loss()) }

  /// See `huberLoss(_:_:delta:reduction:)`.
  public static func huber(delta: Double = 1) -> Loss { Loss(rule: HuberLoss(delta: delta)) }

  /// An output of the model that is the loss of the batch already, a single number.
  public static func output(_ name: String) -> Loss { Loss(rule: OutputLoss(output: name)) }

  /// A function of the prediction and the target, which gives one number.
  ///
  /// - Parameters:
  ///   - name: for messages.
  ///   - readsLogits: whether it reads the value before a final Softmax, LogSoftmax or Sigmoid.
  ///   - function: takes the prediction, and the target with floating numbers in the prediction's type; float16 and
  ///     bfloat16 come as float32. Tensor operations only, so that it has a gradient.
  public static func custom(
    _ name: String, readsLogits: Bool = false, _ function: @escaping @Sendable (Tensor, Tensor) throws -> Tensor
  ) -> Loss {
    Loss(rule: CustomLoss(name: name, readsLogits: readsLogits, function: function))
  }

  /// The mean loss of a batch, a scalar; computed in float32 where the prediction has 16 bits.
  ///
  /// - Parameter target: may be left out where the loss needs none.
  public func callAsFunction(_ prediction: Tensor, _ target: Tensor? = nil) -> Tensor {
    .catching {
      guard let target = needsTarget ? target : prediction else {
        throw TrainingError(.data, "the loss \(name) needs a target")
      }
      let dtype = Self.dtype(for: prediction.dtype)
      let value = try rule(dtype == prediction.dtype ? prediction : prediction.cast(to: dtype), target)
      guard value.count == 1, value.dtype.isFloatingPoint else {
        throw TrainingError(.setting, "the loss \(name) should give one floating number, and gave \(value.type)")
      }
      return value
    }
  }

  /// The type in which the loss of such a prediction is computed.
  static func dtype(for prediction: DType) -> DType { prediction == .float64 ? .float64 : .float32 }

  /// How much the mean over a batch weighs in the mean over all data: the number of samples, or the sum of the labels'
  /// weights. 0 where every label is ignored; such a batch has no loss.
  ///
  /// - Parameter count: the number of samples.
  public func weight(of target: Tensor?, count: Int) throws -> Double {
    guard needsTarget, let target else { return Double(count) }
    return try rule.weight(of: target)
  }
}
