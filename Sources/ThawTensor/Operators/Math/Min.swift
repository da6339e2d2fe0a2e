import ThawKernels

/// The least of the tensors' elements (ONNX Min-1, 6, 8, 12, 13); NaN where one is.
///
/// Equal ones share the gradient: one half each for two tensors, as in PyTorch.
public struct Min: ElementwiseExtreme {
  public init() {}

  public static let schema = Schema.variadic(
    "Min", versions: [1, 6, 8, 12, 13], output: "min", autogradName: "Minimum")
  static let function = BinaryFunction.minimum
}

extension Tensor {
  /// The lesser of two tensors' elements; see `Min`.
  public static func minimum(_ left: Tensor, _ right: Tensor) -> Tensor {
    catching { try apply(Min(), to: left, right) }
  }
}
