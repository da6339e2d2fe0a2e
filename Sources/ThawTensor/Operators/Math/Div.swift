import ThawKernels

/// The quotient of two tensors (ONNX Div-1, 6, 7, 13, 14).
///
/// Integers truncate towards zero; an integer divided by zero gives zero, where ONNX leaves the result open.
public struct Div: ElementwiseBinary {
  public init() {}

  public static let schema = Schema.binary("Div", versions: [1, 6, 7, 13, 14])
  static let function = BinaryFunction.divide

  /// The quotient's gradient with respect to the divisor is read off the quotient.
  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[1], needs[1] ? outputs[0] : nil]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    let scaled = gradient / (try tensor(saved, 0, of: Self.schema))
    return [scaled, needs[1] ? -(scaled * (try tensor(saved, 1, of: Self.schema))) : nil]
  }
}

extension Tensor {
  /// See `Div`.
  public static func / (left: Tensor, right: Tensor) -> Tensor { catching { try apply(Div(), to: left, right) } }
  /// See `Div`.
  public static func / (left: Tensor, right: some ScalarOperand) -> Tensor {
    catching { try apply(Div(), to: left, left.scalar(right)) }
  }
  /// See `Div`.
  public static func / (left: some ScalarOperand, right: Tensor) -> Tensor {
    catching { try apply(Div(), to: right.scalar(left), right) }
  }
}
