import ThawKernels

/// The greatest of the tensors' elements (ONNX Max-1, 6, 8, 12, 13); NaN where one is.
///
/// Equal ones share the gradient: one half each for two tensors, as in PyTorch.
public struct Max: ElementwiseExtreme {
  public init() {}

  public static let schema = Schema.variadic(
    "Max", versions: [1, 6, 8, 12, 13], output: "max", autogradName: "Maximum")
  static let function = BinaryFunction.maximum
}

extension Tensor {
  /// The greater of two tensors' elements; see `Max`.
  public static func maximum(_ left: Tensor, _ right: Tensor) -> Tensor {
    catching { try apply(Max(), to: left, right) }
  }
}
