import ThawTensor

/// What training makes small.
public enum Loss: Hashable, Sendable, CaseIterable {
  /// See `crossEntropy(_:_:)`.
  case crossEntropy
  /// See `meanSquaredError(_:_:)`.
  case meanSquaredError

  /// The name on the command line.
  public var name: String {
    switch self {
    case .crossEntropy: "cross-entropy"
    case .meanSquaredError: "mse"
    }
  }

  /// Whether it contains the Softmax, so that it reads the value before a final one.
  public var readsLogits: Bool { self == .crossEntropy }

  /// The mean loss of a batch, a scalar.
  public func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor {
    switch self {
    case .crossEntropy: ThawTraining.crossEntropy(prediction, target)
    case .meanSquaredError: ThawTraining.meanSquaredError(prediction, target)
    }
  }
}
