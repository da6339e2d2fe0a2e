import ThawTensor

/// The axis of logits along which the classes lie.
package struct ClassAxis: Hashable, Sendable {
  package let index: Int
  /// The number of classes.
  package let classCount: Int

  /// - Throws: `TrainingError` of kind `data` when no axis fits.
  package init(logits: [Int], labels: [Int]) throws {
    let fitting = logits.indices.filter { axis in
      logits.count == labels.count + 1 && logits[..<axis] == labels[..<axis] && logits[(axis + 1)...] == labels[axis...]
    }
    guard let index = fitting.contains(1) ? 1 : fitting.first else {
      throw TrainingError(
        .data,
        "the labels of shape \(labels) do not fit logits of shape \(logits): removing the class axis from the logits' "
          + "shape should leave the labels' shape, as [32, 10] leaves [32]")
    }
    self.index = index
    classCount = logits[index]
  }

  /// The axis of logits against which probabilities of the same shape are held.
  ///
  /// - Throws: `TrainingError` of kind `data` when there is no axis.
  init(logits: [Int]) throws {
    guard let last = logits.indices.last else {
      throw TrainingError(.data, "the logits are a single number; they should have an axis of classes")
    }
    index = min(1, last)
    classCount = logits[index]
  }

  /// Checks the labels of a batch.
  ///
  /// - Throws: see `check(_:ignoreIndex:_:)`; rows are those of the batch.
  func check(_ labels: Tensor, ignoreIndex: Int) throws {
    let labelsPerRow = max(labels.shape.dropFirst().reduce(1, *), 1)
    try check(labels, ignoreIndex: ignoreIndex) { "row \($0 / labelsPerRow)" }
  }

  /// Checks that all labels are classes or ignored.
  ///
  /// - Parameter place: where a label is in the data, by its index.
  /// - Throws: `TrainingError` of kind `label` for the first one that is not, or `data` when labels are no integers.
  func check(_ labels: Tensor, ignoreIndex: Int, _ place: (Int) -> String) throws {
    guard labels.dtype == .int64 || labels.dtype == .int32 else {
      throw TrainingError(.data, "labels should be integers (int64 or int32) and are \(labels.dtype)")
    }
    for (position, label) in try labels.integers().enumerated()
    where !(0..<classCount).contains(label) && label != ignoreIndex {
      throw TrainingError(
        .label,
        "the label \(label) in \(place(position)) is not one of the \(classCount) classes (0 to "
          + "\(classCount - 1)); reset the head to more classes (--reset-head), or correct the target")
    }
  }

  /// Scores with the classes along axis 1, as ONNX's operators want them, and their labels.
  func aligned(_ scores: Tensor, _ labels: Tensor) -> (scores: Tensor, labels: Tensor) {
    if scores.rank == 1 { return (scores.unsqueezed(axes: [0]), labels.unsqueezed(axes: [0])) }
    guard index != 1 else { return (scores, labels) }
    let others = scores.shape.indices.filter { $0 != index }
    return (scores.transposed([others[0], index] + others[1...]), labels)
  }
}
