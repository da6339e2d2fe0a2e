import ThawTensor
import ThawTypes

/// What cross-entropy and the negative log-likelihood do alike with labels: the settings of both, and the target.
struct ClassLabels: Sendable {
  /// One for each class; all 1 when nil.
  var weights: [Double]?
  var ignoreIndex = -100

  var settings: [String] {
    var settings: [String] = []
    if let weights { settings.append("class weights \(weights.map { "\($0)" }.joined(separator: " "))") }
    if ignoreIndex != -100 { settings.append("ignore index \(ignoreIndex)") }
    return settings
  }

  func checkSettings() throws {
    guard let weights else { return }
    guard weights.contains(where: { $0 > 0 }), weights.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      throw TrainingError(
        .setting,
        "class weights should be numbers of at least 0, one of them above 0, and are "
          + weights.map { "\($0)" }.joined(separator: ", "))
    }
  }

  func weightTensor(_ dtype: DType) -> Tensor? { weights.map { Tensor(elements: $0).cast(to: dtype) } }

  func targetType(for given: TensorType, loss: String) throws -> DType {
    guard given.dtype.isInteger else {
      throw TrainingError(.data, "should hold integer labels (int64 or int32) for the loss \(loss) and is \(given)")
    }
    return .int64
  }

  func check(prediction: [Int], target: [Int]) throws -> TargetCheck {
    let axis = try ClassAxis(logits: prediction, labels: target)
    try checkWeights(classCount: axis.classCount)
    return { [ignoreIndex] rows, place in try axis.check(rows, ignoreIndex: ignoreIndex, place) }
  }

  func checkWeights(classCount: Int) throws {
    guard let weights, weights.count != classCount else { return }
    throw TrainingError(
      .setting,
      "\(weights.count) class weights were given, and the model has \(classCount) classes: one is needed for each")
  }

  /// The sum of the weights of the labels that count.
  func weight(of target: Tensor) throws -> Double {
    try target.integers().reduce(0) { sum, label in
      guard label != ignoreIndex else { return sum }
      return sum + (weights.map { $0.indices.contains(label) ? $0[label] : 0 } ?? 1)
    }
  }
}
