import ThawKernels

/// The difference of two tensors (ONNX Sub-1, 6, 7, 13, 14).
public struct Sub: ElementwiseBinary {
  public init() {}

  public static let schema = Schema.binary("Sub", versions: [1, 6, 7, 13, 14])
  static let function = BinaryFunction.subtract

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    [gradients[0], needs[1] ? gradients[0].map { -$0 } : nil]
  }
}

extension Tensor {
  /// See `Sub`.
  public static func - (left: Tensor, right: Tensor) -> Tensor { catching { try apply(Sub(), to: left, right) } }
  /// See `Sub`.
  public static func - (left: Tensor, right: some ScalarOperand) -> Tensor {
    catching { try apply(Sub(), to: left, left.scalar(right)) }
  }
  /// See `Sub`.
  public static func - (left: some ScalarOperand, right: Tensor) -> Tensor {
    catching { try apply(Sub(), to: right.scalar(left), right) }
  }
}
