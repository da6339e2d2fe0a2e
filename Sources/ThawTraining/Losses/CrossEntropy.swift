import ThawTensor

/// The mean of the negative logarithm of the probability that logits give to each label (PyTorch's `cross_entropy`).
///
/// The class axis is the one whose removal from the logits' shape leaves the labels' shape; axis 1 if two fit.
///
/// - Parameters:
///   - logits: floating, such as `[samples, classes]` or `[samples, classes, height, width]`.
///   - labels: int64 or int32, from 0 to below the number of classes. Another is an error, as for any operation.
public func crossEntropy(_ logits: Tensor, _ labels: Tensor) -> Tensor {
  .catching {
    let axis = try ClassAxis(logits: logits.shape, labels: labels.shape)
    if !labels.isTraced { try axis.check(labels) }
    return axis.crossEntropy(logits, labels)
  }
}

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

  /// Checks that all labels are classes.
  ///
  /// - Parameter rows: the samples' numbers in the data set; their places in the batch when left out.
  /// - Throws: `TrainingError` of kind `label` for the first one that is not, or `data` when labels are no integers.
  package func check(_ labels: Tensor, rows: [Int]? = nil) throws {
    guard labels.dtype == .int64 || labels.dtype == .int32 else {
      throw TrainingError(.data, "labels should be integers (int64 or int32) and are \(labels.dtype)")
    }
    let labelsPerRow = max(labels.shape.dropFirst().reduce(1, *), 1)
    for (position, label) in try labels.integers().enumerated() where label < 0 || label >= classCount {
      let row = position / labelsPerRow
      throw TrainingError(
        .label,
        "the label \(label) in row \(rows?[row] ?? row) is not one of the \(classCount) classes (0 to "
          + "\(classCount - 1)); reset the head to more classes (--reset-head), or correct the target")
    }
  }

  /// ONNX's operator, which has the classes along axis 1.
  fileprivate func crossEntropy(_ logits: Tensor, _ labels: Tensor) -> Tensor {
    if logits.rank == 1 { return logits.unsqueezed(axes: [0]).softmaxCrossEntropy(labels.unsqueezed(axes: [0])) }
    guard index != 1 else { return logits.softmaxCrossEntropy(labels) }
    let others = logits.shape.indices.filter { $0 != index }
    return logits.transposed([others[0], index] + others[1...]).softmaxCrossEntropy(labels)
  }
}
