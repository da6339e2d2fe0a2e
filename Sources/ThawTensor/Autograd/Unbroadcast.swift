extension Tensor {
  /// The sum over the axes along which a tensor of `shape` was repeated to get this one's shape.
  ///
  /// - Throws: `TensorError` of kind `shape` when `shape` does not broadcast to this tensor's.
  package func summed(to shape: [Int]) throws -> Tensor {
    guard Shapes.broadcast(self.shape, shape) == self.shape else {
      throw TensorError(.shape, "cannot sum a tensor of shape \(self.shape) to shape \(shape)")
    }
    let missing = rank - shape.count
    let axes = self.shape.indices.filter { $0 < missing || (shape[$0 - missing] == 1 && self.shape[$0] != 1) }
    if axes.isEmpty { return self }
    let summed = sum(axes: axes, keepDims: true)
    return missing == 0 ? summed : summed.reshaped(to: shape)
  }
}
