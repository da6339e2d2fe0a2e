import ThawKernels

/// x, or alpha (exp x - 1) where x is negative (ONNX Elu-1, 6, 22).
public struct Elu: ParametricUnary {
  public var alpha: Float

  public init(alpha: Float = 1) { self.alpha = alpha }

  public static let schema = Schema(
    "Elu", versions: [1, 6, 22], inputs: [Input("X")], outputs: [Output("Y")], batch: .elementwise)
  static let function = UnaryFunction.elu

  public init(_ node: NodeReader) throws { self.init(alpha: try node.float("alpha", default: 1)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["alpha": .float(alpha)] }

  public var minimumOpset: Int { 6 }

  var parameters: (alpha: Double, beta: Double) { (Double(alpha), 0) }

  func pullback(_ gradient: Tensor, at x: Tensor) -> Tensor {
    gradient * .where(x .> 0, 1, alpha * x.negativePart.exp())
  }
}

extension Tensor {
  /// See `Elu`.
  public func elu(alpha: Float = 1) -> Tensor { .catching { try apply(Elu(alpha: alpha), to: self) } }
}
