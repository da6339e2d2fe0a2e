import ThawTensor
import ThawTypes

/// The cross-entropy of the Sigmoid of logits with probabilities of yes, by default the mean over all elements
/// (PyTorch's `binary_cross_entropy_with_logits`).
///
/// With logit x, target z and weight w it is (1 − z)·x + (1 + (w − 1)·z)·log(1 + exp(−x)), which does not overflow.
///
/// - Parameters:
///   - logits: floating.
///   - target: of the same type and shape, from 0 to 1; nothing is broadcast.
///   - positiveWeight: how much a yes weighs against a no, in the same type; it is broadcast to the logits.
public func binaryCrossEntropyWithLogits(
  _ logits: Tensor, _ target: Tensor, positiveWeight: Tensor? = nil, reduction: LossReduction = .mean
) -> Tensor {
  logits.compared(with: target, reduction) { x, z in
    let ofNo = (-x).softplus()
    return (1 - z) * x + (positiveWeight.map { ofNo * (1 + ($0 - 1) * z) } ?? ofNo)
  }
}

/// See `binaryCrossEntropyWithLogits(_:_:positiveWeight:reduction:)`.
struct BinaryCrossEntropy: ElementwiseLoss {
  let positiveWeights: [Double]?

  var name: String { "bce" }
  var settings: [String] {
    positiveWeights.map { ["positive weights \($0.map { "\($0)" }.joined(separator: " "))"] } ?? []
  }
  var readsLogits: Bool { true }
  var reading: PredictionReading { .binary }
  var metrics: [Metric] { [.accuracy] }

  func checkSettings() throws {
    guard let positiveWeights else { return }
    guard !positiveWeights.isEmpty, positiveWeights.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw TrainingError(
        .setting,
        "positive weights should be numbers of at least 0 and are "
          + positiveWeights.map { "\($0)" }.joined(separator: ", "))
    }
  }

  func targetType(for given: TensorType, in dtype: DType) throws -> DType {
    guard given.dtype.isFloatingPoint || given.dtype.isInteger || given.dtype == .bool else {
      throw TrainingError(.data, "should hold numbers from 0 to 1 for the loss bce and is \(given)")
    }
    return dtype
  }

  func check(prediction: [Int], target: [Int]) throws -> TargetCheck {
    try checkShapes(prediction: prediction, target: target)
    if let positiveWeights, positiveWeights.count > 1, positiveWeights.count != prediction.last {
      throw TrainingError(
        .setting,
        "\(positiveWeights.count) positive weights were given, and the prediction's shape is \(prediction): one is "
          + "needed for all, or one for each entry of the last axis")
    }
    return { rows, place in
      let values = try rows.elements(as: Double.self)
      guard let index = values.firstIndex(where: { !(0...1).contains($0) }) else { return }
      throw TrainingError(
        .label, "the value \(values[index]) in \(place(index)) is not from 0 to 1, as the loss bce needs it")
    }
  }

  func loss(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    binaryCrossEntropyWithLogits(
      prediction, target, positiveWeight: positiveWeights.map { Tensor(elements: $0).cast(to: prediction.dtype) })
  }
}
