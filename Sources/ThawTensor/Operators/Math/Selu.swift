import ThawKernels

/// gamma x, or gamma alpha (exp x - 1) where x is negative (ONNX Selu-1, 6, 22).
///
/// By default alpha and gamma are those of self-normalizing networks (Klambauer and others, 2017).
public struct Selu: ParametricUnary {
  public var alpha: Float
  public var gamma: Float

  public init(alpha: Float = 1.6732632, gamma: Float = 1.050701) {
    self.alpha = alpha
    self.gamma = gamma
  }

  public static let schema = Schema(
    "Selu", versions: [1, 6, 22], inputs: [Input("X")], outputs: [Output("Y")], batch: .elementwise)
  static let function = UnaryFunction.selu

  public init(_ node: NodeReader) throws {
    self.init(
      alpha: try node.float("alpha", default: node.version < 6 ? 1.6732 : 1.6732632),
      gamma: try node.float("gamma", default: node.version < 6 ? 1.0507 : 1.050701))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["alpha": .float(alpha), "gamma": .float(gamma)]
  }

  public var minimumOpset: Int { 6 }

  var parameters: (alpha: Double, beta: Double) { (Double(alpha), Double(gamma)) }

  func pullback(_ gradient: Tensor, at x: Tensor) -> Tensor {
    gradient * (.where(x .> 0, 1, alpha * x.negativePart.exp()) * gamma)
  }
}

extension Tensor {
  /// See `Selu`.
  public func selu() -> Tensor { .catching { try apply(Selu(), to: self) } }
}
