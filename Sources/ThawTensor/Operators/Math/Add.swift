import ThawKernels

/// The sum of two tensors (ONNX Add-1, 6, 7, 13, 14).
public struct Add: ElementwiseBinary {
  public init() {}

  public static let schema = Schema.binary("Add", versions: [1, 6, 7, 13, 14])
  static let function = BinaryFunction.add

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    [gradients[0], gradients[0]]
  }
}

extension Tensor {
  /// See `Add`.
  public static func + (left: Tensor, right: Tensor) -> Tensor { catching { try apply(Add(), to: left, right) } }
  /// See `Add`.
  public static func + (left: Tensor, right: some ScalarOperand) -> Tensor {
    catching { try apply(Add(), to: left, left.scalar(right)) }
  }
  /// See `Add`.
  public static func + (left: some ScalarOperand, right: Tensor) -> Tensor {
    catching { try apply(Add(), to: right.scalar(left), right) }
  }
}
