/// A function of one number, with the number by which the C loops know it.
package enum UnaryFunction: Int32, Hashable, Sendable, CaseIterable {
  case negate, absolute, sqrt, reciprocal, exp, log
  case sin, cos, tan, asin, acos, atan, sinh, cosh, asinh, acosh, atanh, tanh
  case erf, sigmoid, relu, floor, ceil
  /// To the nearest whole number, halves to the even one.
  case round
  case sign
  /// Of bool only.
  case not
  /// To bool.
  case isNaN, isInf
  /// x < 0 ? alpha x : x
  case leakyRelu
  /// x < 0 ? alpha (exp x - 1) : x
  case elu
  /// beta (x < 0 ? alpha (exp x - 1) : x)
  case selu
  /// max(0, x) + min(0, alpha (exp(x / alpha) - 1))
  case celu
  /// max(0, min(1, alpha x + beta))
  case hardSigmoid
  /// x max(0, min(1, x / 6 + 0.5))
  case hardSwish
  case softplus, softsign, mish
  /// x Φ(x), by the error function.
  case gelu
  /// GELU by its approximation with tanh.
  case geluTanh
  /// x > alpha ? x : 0
  case thresholdedRelu

  /// Whether the results are bool whatever the operand is.
  package var givesBool: Bool { self == .isNaN || self == .isInf || self == .not }
}
