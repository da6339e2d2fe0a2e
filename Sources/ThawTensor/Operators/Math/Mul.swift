import ThawKernels

/// The product of two tensors, element by element (ONNX Mul-1, 6, 7, 13, 14).
public struct Mul: ElementwiseBinary {
  public init() {}

  public static let schema = Schema.binary("Mul", versions: [1, 6, 7, 13, 14])
  static let function = BinaryFunction.multiply

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [needs[1] ? inputs[0] : nil, needs[0] ? inputs[1] : nil]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    return [
      needs[0] ? gradient * (try tensor(saved, 1, of: Self.schema)) : nil,
      needs[1] ? gradient * (try tensor(saved, 0, of: Self.schema)) : nil,
    ]
  }
}

extension Tensor {
  /// See `Mul`.
  public static func * (left: Tensor, right: Tensor) -> Tensor { catching { try apply(Mul(), to: left, right) } }
  /// See `Mul`.
  public static func * (left: Tensor, right: some ScalarOperand) -> Tensor {
    catching { try apply(Mul(), to: left, left.scalar(right)) }
  }
  /// See `Mul`.
  public static func * (left: some ScalarOperand, right: Tensor) -> Tensor {
    catching { try apply(Mul(), to: right.scalar(left), right) }
  }
}
