import ThawKernels

/// x max(0, min(1, x / 6 + 0.5)) (ONNX HardSwish-14, 22); its derivative is 0 at -3 and 1 at 3, as in PyTorch.
public struct HardSwish: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("HardSwish", versions: [14, 22])
  static let function = UnaryFunction.hardSwish
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor {
    let slope = Tensor.where(x .> -3, Tensor.where(x .< 3, x / 3 + 0.5, 1), 0)
    return gradient * slope
  }
}

extension Tensor {
  /// x max(0, min(1, x / 6 + 0.5)); see `HardSwish`.
  public func hardSwish() -> Tensor { .catching { try apply(HardSwish(), to: self) } }
}
