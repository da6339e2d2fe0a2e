import ThawKernels

// The functions of one tensor whose definition is a line, as a table: schema, kernel, what the derivative reads, derivative.

/// ONNX Neg-6, 13.
public struct Neg: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Neg", versions: [6, 13])
  static let function = UnaryFunction.negate
  static let reads = UnaryRead.nothing
  static func pullback(_ gradient: Tensor, _ read: Tensor) -> Tensor { -gradient }
}

/// ONNX Exp-6, 13.
public struct Exp: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Exp", versions: [6, 13], input: "input", output: "output")
  static let function = UnaryFunction.exp
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor { gradient * y }
}

/// ONNX Log-6, 13.
public struct Log: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Log", versions: [6, 13], input: "input", output: "output")
  static let function = UnaryFunction.log
  static let reads = UnaryRead.input
  static func pullback(_ gradient: Tensor, _ x: Tensor) -> Tensor { gradient / x }
}

/// ONNX Sqrt-6, 13; its derivative at 0 is infinite, as in PyTorch.
public struct Sqrt: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Sqrt", versions: [6, 13])
  static let function = UnaryFunction.sqrt
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor { gradient / (2 * y) }
}

/// ONNX Tanh-6, 13.
public struct Tanh: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Tanh", versions: [6, 13], input: "input", output: "output")
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

/// ONNX Sigmoid-6, 13.
public struct Sigmoid: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Sigmoid", versions: [6, 13])
  static let function = UnaryFunction.sigmoid
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor { gradient * (y * (1 - y)) }
}

/// ONNX Relu-6, 13, 14; its derivative at 0 is 0, as in PyTorch.
public struct Relu: ElementwiseUnary {
  public init() {}
  public static let schema = Schema.unary("Relu", versions: [6, 13, 14])
  static let function = UnaryFunction.relu
  static let reads = UnaryRead.output
  static func pullback(_ gradient: Tensor, _ y: Tensor) -> Tensor {
    Tensor.where(y .> 0, gradient, 0)
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
}
