import ThawKernels

/// x, or alpha (exp(x / alpha) - 1) where x is negative (ONNX Celu-12, 28).
public struct Celu: ParametricUnary {
  public var alpha: Float

  public init(alpha: Float = 1) { self.alpha = alpha }

  public static let schema = Schema(
    "Celu", versions: [12, 28], inputs: [Input("X")], outputs: [Output("Y")], batch: .elementwise)
  static let function = UnaryFunction.celu

  public init(_ node: NodeReader) throws { self.init(alpha: try node.float("alpha", default: 1)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["alpha": .float(alpha)] }

  public var minimumOpset: Int { 12 }

  var parameters: (alpha: Double, beta: Double) { (Double(alpha), 0) }

  func pullback(_ gradient: Tensor, at x: Tensor) -> Tensor {
    gradient * .where(x .> 0, 1, (x.negativePart / alpha).exp())
  }
}

extension Tensor {
  /// See `Celu`.
  public func celu(alpha: Float = 1) -> Tensor { .catching { try apply(Celu(alpha: alpha), to: self) } }
}
