import ThawKernels
import ThawTypes

/// The first tensor to the power of the second, element by element (ONNX Pow-1, 7, 12, 13, 15).
///
/// The exponent may have another numeric type; the result has the base's. Gradients as PyTorch has them: that of the base
/// is 0 where the exponent is 0, that of the exponent is 0 where the base is 0 and the exponent is not negative.
public struct Pow: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "Pow", versions: [1, 7, 12, 13, 15], inputs: [Input("X"), Input("Y", .setting)], outputs: [Output("Z")],
    batch: .elementwise)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let base = try tensorType(inputs, 0, of: Self.schema)
    let exponent = try tensorType(inputs, 1, of: Self.schema)
    guard let left = base.dims, let right = exponent.dims else { return [.tensor(TensorType(base.dtype, nil))] }
    guard let dims = Shapes.broadcast(left, right) else { throw TensorError.broadcast("Pow", left, right) }
    return [.tensor(TensorType(base.dtype, dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let base = try tensor(inputs, 0, of: Self.schema)
    let exponent = try tensor(inputs, 1, of: Self.schema)
    let common = Self.common(base.dtype, exponent.dtype)
    let power = try elementwise(
      .power, try base.numbers(as: common), try exponent.numbers(as: common), in: "Pow")
    return [.tensor(try power.numbers(as: base.dtype))]
  }

  /// The type that is computed in.
  private static func common(_ base: DType, _ exponent: DType) -> DType {
    if base == exponent { return base }
    if base.isFloatingPoint, exponent != .float64 { return base }
    return base.isFloatingPoint || exponent.isFloatingPoint ? .float64 : .int64
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[0], inputs[1], needs[1] ? outputs[0] : nil]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    let y = try tensor(saved, 1, of: Self.schema)
    return [
      needs[0] ? baseGradient(gradient, x, y.dtype == x.dtype ? y : y.cast(to: x.dtype)) : nil,
      needs[1] ? try exponentGradient(gradient, x, y, try tensor(saved, 2, of: Self.schema)) : nil,
    ]
  }

  private func baseGradient(_ gradient: Tensor, _ x: Tensor, _ y: Tensor) -> Tensor {
    let isConstant = y .== 0
    // The exponent that is not used must not be -1: infinities would come back as NaN in the second derivative.
    let derivative = y * x ** Tensor.where(isConstant, 1, y - 1)
    return gradient * Tensor.where(isConstant, 0, derivative)
  }

  private func exponentGradient(_ gradient: Tensor, _ x: Tensor, _ y: Tensor, _ power: Tensor) throws -> Tensor {
    let base = x.dtype == y.dtype ? x : x.cast(to: y.dtype)
    let logarithm = Tensor.where((base .== 0) .& (y .>= 0), 1, base).log()
    if power.dtype == y.dtype { return gradient * (power * logarithm) }
    return gradient.cast(to: y.dtype) * (power.cast(to: y.dtype) * logarithm)
  }
}

precedencegroup ExponentiationPrecedence {
  higherThan: MultiplicationPrecedence
  associativity: right
}

infix operator ** : ExponentiationPrecedence

extension Tensor {
  /// See `Pow`. A sign in front binds more tightly: `-a ** 2` is the square of `-a`.
  public static func ** (left: Tensor, right: Tensor) -> Tensor { catching { try apply(Pow(), to: left, right) } }
  /// See `Pow`.
  public static func ** (left: Tensor, right: some ScalarOperand) -> Tensor {
    catching { try apply(Pow(), to: left, left.scalar(right)) }
  }
  /// See `Pow`.
  public static func ** (left: some ScalarOperand, right: Tensor) -> Tensor {
    catching { try apply(Pow(), to: right.scalar(left), right) }
  }
}
