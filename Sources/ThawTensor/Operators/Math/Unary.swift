import ThawKernels

// The functions of one tensor whose definition is a line, as a table: schema, kernel, what the derivative reads, derivative.

/// ONNX Neg-1, 6, 13.
public struct Neg: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Neg", versions: [1, 6, 13])
  static let function = UnaryFunction.negate
  static let reads = UnaryRead.nothing
  static func pullback(_ gradient: Tensor, _ read: Tensor) -> Tensor { -gradient }
}

/// ONNX Exp-1, 6, 13.
public struct Exp: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Exp", versions: [1, 6, 13], input: "input", output: "output")
  static let function = UnaryFunction.exp
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor { gradient * y }
}

/// ONNX Log-1, 6, 13.
public struct Log: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Log", versions: [1, 6, 13], input: "input", output: "output")
  static let function = UnaryFunction.log
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient / x }
}

/// ONNX Sqrt-1, 6, 13; its derivative at 0 is infinite, as in PyTorch.
public struct Sqrt: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Sqrt", versions: [1, 6, 13])
  static let function = UnaryFunction.sqrt
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor { gradient / (2 * y) }
}

/// ONNX Tanh-1, 6, 13.
public struct Tanh: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Tanh", versions: [1, 6, 13], input: "input", output: "output")
  static let function = UnaryFunction.tanh
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor { gradient * (1 - y * y) }
}

/// ONNX Erf-9, 13.
public struct Erf: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Erf", versions: [9, 13], input: "input", output: "output")
  static let function = UnaryFunction.erf
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor {
    let twoOverRootPi = 2 / Double.pi.squareRoot()
    return gradient * (twoOverRootPi * (-(x * x)).exp())
  }
}

/// ONNX Sigmoid-1, 6, 13.
public struct Sigmoid: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Sigmoid", versions: [1, 6, 13])
  static let function = UnaryFunction.sigmoid
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor { gradient * (y * (1 - y)) }
}

/// ONNX Relu-1, 6, 13, 14; its derivative at 0 is 0, as in PyTorch.
public struct Relu: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Relu", versions: [1, 6, 13, 14])
  static let function = UnaryFunction.relu
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor {
    Tensor.where(y .> 0, gradient, 0)
  }
}

/// ONNX Abs-1, 6, 13; its derivative at 0 is 0, as in PyTorch.
public struct Abs: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Abs", versions: [1, 6, 13])
  static let function = UnaryFunction.absolute
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient * x.sign() }
}

/// ONNX Reciprocal-1, 6, 13.
public struct Reciprocal: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Reciprocal", versions: [1, 6, 13])
  static let function = UnaryFunction.reciprocal
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor { -(gradient * (y * y)) }
}

/// ONNX Floor-1, 6, 13; a zero gradient, as in PyTorch.
public struct Floor: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Floor", versions: [1, 6, 13], differentiability: .zero)
  static let function = UnaryFunction.floor
  static let reads = UnaryRead.nothing
  static func pullback(_ gradient: Tensor, _ read: Tensor) -> Tensor { 0 * gradient }
}

/// ONNX Ceil-1, 6, 13; a zero gradient, as in PyTorch.
public struct Ceil: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Ceil", versions: [1, 6, 13], differentiability: .zero)
  static let function = UnaryFunction.ceil
  static let reads = UnaryRead.nothing
  static func pullback(_ gradient: Tensor, _ read: Tensor) -> Tensor { 0 * gradient }
}

/// ONNX Round-11, 22: halves to the even number; a zero gradient, as in PyTorch.
public struct Round: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Round", versions: [11, 22], differentiability: .zero)
  static let function = UnaryFunction.round
  static let reads = UnaryRead.nothing
  static func pullback(_ gradient: Tensor, _ read: Tensor) -> Tensor { 0 * gradient }
}

/// ONNX Sign-9, 13; a zero gradient, as in PyTorch.
public struct Sign: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary(
    "Sign", versions: [9, 13], input: "input", output: "output", differentiability: .zero)
  static let function = UnaryFunction.sign
  static let reads = UnaryRead.nothing
  static func pullback(_ gradient: Tensor, _ read: Tensor) -> Tensor { 0 * gradient }
}

/// ONNX Sin-7, 22.
public struct Sin: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Sin", versions: [7, 22], input: "input", output: "output")
  static let function = UnaryFunction.sin
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient * x.cos() }
}

/// ONNX Cos-7, 22.
public struct Cos: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Cos", versions: [7, 22], input: "input", output: "output")
  static let function = UnaryFunction.cos
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { -(gradient * x.sin()) }
}

/// ONNX Tan-7, 22.
public struct Tan: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Tan", versions: [7, 22], input: "input", output: "output")
  static let function = UnaryFunction.tan
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor { gradient * (1 + y * y) }
}

/// ONNX Asin-7, 22.
public struct Asin: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Asin", versions: [7, 22], input: "input", output: "output")
  static let function = UnaryFunction.asin
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient / (1 - x * x).sqrt() }
}

/// ONNX Acos-7, 22.
public struct Acos: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Acos", versions: [7, 22], input: "input", output: "output")
  static let function = UnaryFunction.acos
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { -(gradient / (1 - x * x).sqrt()) }
}

/// ONNX Atan-7, 22.
public struct Atan: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Atan", versions: [7, 22], input: "input", output: "output")
  static let function = UnaryFunction.atan
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient / (1 + x * x) }
}

/// ONNX Sinh-9, 22.
public struct Sinh: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Sinh", versions: [9, 22], input: "input", output: "output")
  static let function = UnaryFunction.sinh
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient * x.cosh() }
}

/// ONNX Cosh-9, 22.
public struct Cosh: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Cosh", versions: [9, 22], input: "input", output: "output")
  static let function = UnaryFunction.cosh
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient * x.sinh() }
}

/// ONNX Asinh-9, 22.
public struct Asinh: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Asinh", versions: [9, 22], input: "input", output: "output")
  static let function = UnaryFunction.asinh
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient / (x * x + 1).sqrt() }
}

/// ONNX Acosh-9, 22.
public struct Acosh: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Acosh", versions: [9, 22], input: "input", output: "output")
  static let function = UnaryFunction.acosh
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient / (x * x - 1).sqrt() }
}

/// ONNX Atanh-9, 22.
public struct Atanh: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Atanh", versions: [9, 22], input: "input", output: "output")
  static let function = UnaryFunction.atanh
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient / (1 - x * x) }
}

/// ONNX Softplus-1, 22.
public struct Softplus: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Softplus", versions: [1, 22])
  static let function = UnaryFunction.softplus
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient * x.sigmoid() }
}

/// ONNX Softsign-1, 22.
public struct Softsign: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Softsign", versions: [1, 22], input: "input", output: "output")
  static let function = UnaryFunction.softsign
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor {
    let scale = 1 + x.abs()
    return gradient / (scale * scale)
  }
}

/// ONNX Mish-18, 22: x tanh(softplus x).
public struct Mish: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Mish", versions: [18, 22])
  static let function = UnaryFunction.mish
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor {
    let tanh = x.softplus().tanh()
    return gradient * (tanh + x * x.sigmoid() * (1 - tanh * tanh))
  }
}

extension Tensor {
  /// See `Neg`.
  public static prefix func - (x: Tensor) -> Tensor { catching { try apply(Neg(), to: x) } }
  /// See `Exp`.
  public func exp() -> Tensor { .catching { try apply(Exp(), to: self) } }
  /// The natural logarithm; see `Log`.
  public func log() -> Tensor { .catching { try apply(Log(), to: self) } }
  /// See `Sqrt`.
  public func sqrt() -> Tensor { .catching { try apply(Sqrt(), to: self) } }
  /// See `Tanh`.
  public func tanh() -> Tensor { .catching { try apply(Tanh(), to: self) } }
  /// See `Erf`.
  public func erf() -> Tensor { .catching { try apply(Erf(), to: self) } }
  /// See `Sigmoid`.
  public func sigmoid() -> Tensor { .catching { try apply(Sigmoid(), to: self) } }
  /// See `Relu`.
  public func relu() -> Tensor { .catching { try apply(Relu(), to: self) } }
  /// The magnitude; see `Abs`.
  public func abs() -> Tensor { .catching { try apply(Abs(), to: self) } }
  /// See `Reciprocal`.
  public func reciprocal() -> Tensor { .catching { try apply(Reciprocal(), to: self) } }
  /// Rounded down; see `Floor`.
  public func floor() -> Tensor { .catching { try apply(Floor(), to: self) } }
  /// Rounded up; see `Ceil`.
  public func ceil() -> Tensor { .catching { try apply(Ceil(), to: self) } }
  /// Rounded to the nearest whole number, halves to the even one; see `Round`.
  public func round() -> Tensor { .catching { try apply(Round(), to: self) } }
  /// -1, 0 or 1; see `Sign`.
  public func sign() -> Tensor { .catching { try apply(Sign(), to: self) } }
  /// See `Sin`.
  public func sin() -> Tensor { .catching { try apply(Sin(), to: self) } }
  /// See `Cos`.
  public func cos() -> Tensor { .catching { try apply(Cos(), to: self) } }
  /// See `Tan`.
  public func tan() -> Tensor { .catching { try apply(Tan(), to: self) } }
  /// See `Asin`.
  public func asin() -> Tensor { .catching { try apply(Asin(), to: self) } }
  /// See `Acos`.
  public func acos() -> Tensor { .catching { try apply(Acos(), to: self) } }
  /// See `Atan`.
  public func atan() -> Tensor { .catching { try apply(Atan(), to: self) } }
  /// See `Sinh`.
  public func sinh() -> Tensor { .catching { try apply(Sinh(), to: self) } }
  /// See `Cosh`.
  public func cosh() -> Tensor { .catching { try apply(Cosh(), to: self) } }
  /// See `Asinh`.
  public func asinh() -> Tensor { .catching { try apply(Asinh(), to: self) } }
  /// See `Acosh`.
  public func acosh() -> Tensor { .catching { try apply(Acosh(), to: self) } }
  /// See `Atanh`.
  public func atanh() -> Tensor { .catching { try apply(Atanh(), to: self) } }
  /// log(1 + exp x); see `Softplus`.
  public func softplus() -> Tensor { .catching { try apply(Softplus(), to: self) } }
  /// x / (1 + |x|); see `Softsign`.
  public func softsign() -> Tensor { .catching { try apply(Softsign(), to: self) } }
  /// See `Mish`.
  public func mish() -> Tensor { .catching { try apply(Mish(), to: self) } }
}
