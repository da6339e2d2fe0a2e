/// A function of two numbers, with the number by which the C loops know it.
package enum BinaryFunction: Int32, Hashable, Sendable, CaseIterable {
  case add, subtract, multiply
  /// Whole numbers truncate; by zero they give 0, and the least number by -1 wraps.
  case divide
  case power
  /// NaN if either operand is.
  case maximum, minimum
  /// With the divisor's sign, as Python's %; 0 for whole numbers by zero.
  case remainder
  /// With the dividend's sign, as C's fmod; 0 for whole numbers by zero.
  case truncatedRemainder
  case equal, less, lessOrEqual, greater, greaterOrEqual
  /// Of truth values: a number is true unless it is 0.
  case and, or, xor
  case bitAnd, bitOr, bitXor
  /// By the operand's width or more they give what shifting one by one would.
  case shiftLeft, shiftRight
  /// A gradient times the derivative of GELU, or of its approximation with tanh, at the second operand. Only of
  /// floating-point numbers.
  case geluGradient, geluTanhGradient

  /// Whether the results are bool whatever the operands are.
  package var givesBool: Bool {
    switch self {
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .xor: true
    default: false
    }
  }
}
