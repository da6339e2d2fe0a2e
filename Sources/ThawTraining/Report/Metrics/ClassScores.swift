import ThawTensor

/// The scores of a batch and the labels that count, on the host.
struct ClassScores {
  let classCount: Int
  /// Each label, and where the scores of its place begin.
  let labels: [(label: Int, start: Int)]
  private let values: [Float]
  private let stride: Int

  /// - Parameter target: labels; or probabilities, whose highest is the label.
  init(prediction: Tensor, target: Tensor, ignoreIndex: Int) throws {
    let isLabel = !target.dtype.isFloatingPoint
    let axis = try isLabel ? ClassAxis(logits: prediction.shape, labels: target.shape) : ClassAxis(logits: target.shape)
    let labels = try isLabel ? target : withErrors { target.argMax(axis: axis.index) }
    let inner = prediction.shape[(axis.index + 1)...].reduce(1, *)
    classCount = axis.classCount
    stride = inner
    values = try prediction.detach().elements(as: Float.self)
    self.labels = try labels.integers().enumerated().compactMap { [classCount] position, label in
      guard label != ignoreIndex else { return nil }
      return (label, position / inner * inner * classCount + position % inner)
    }
  }

  private func score(_ label: Int, from start: Int) -> Float { values[start + label * stride] }

  /// The class with the highest score; the first of several that are equal.
  func best(from start: Int) -> Int {
    var best = 0
    for candidate in 1..<max(classCount, 1) where score(candidate, from: start) > score(best, from: start) {
      best = candidate
    }
    return best
  }

  /// Whether a label is among the `count` classes with the highest scores, of equal ones the first.
  func isLabel(_ label: Int, among count: Int, from start: Int) -> Bool {
    guard count > 1 else { return best(from: start) == label }
    let own = score(label, from: start)
    let before = (0..<classCount).lazy.filter { other in
      let score = score(other, from: start)
      return score > own || (score == own && other < label)
    }
    return before.prefix(count).count < count
  }
}
