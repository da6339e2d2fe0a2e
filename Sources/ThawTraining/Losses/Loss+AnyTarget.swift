import ThawTensor
import ThawTypes

extension Loss {
  /// A made-up target that fits a prediction: labels of all classes in turn, or zeros.
  package func anyTarget(for prediction: TensorType) throws -> Tensor {
    guard let shape = prediction.shape else {
      throw TrainingError(.data, "a target for \(prediction) has no shape")
    }
    guard case .classes = rule.reading else {
      return try Tensor.full(shape, 0, dtype: Self.dtype(for: prediction.dtype))
    }
    let axis = try ClassAxis(logits: shape)
    var labels = shape
    labels.remove(at: axis.index)
    return Tensor((0..<labels.reduce(1, *)).map { $0 % max(axis.classCount, 1) }, shape: labels)
  }
}
