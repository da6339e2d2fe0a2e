import ThawKernels

/// x, or alpha x where x is negative (ONNX LeakyRelu-1, 6, 16).
public struct LeakyRelu: ParametricUnary {
  public var alpha: Float

  public init(alpha: Float = 0.01) { self.alpha = alpha }

  public static let schema = Schema(
    "LeakyRelu", versions: [1, 6, 16], inputs: [Input("X")], outputs: [Output("Y")], batch: .elementwise)
  static let function = UnaryFunction.leakyRelu

  public init(_ node: NodeReader) throws { self.init(alpha: try node.float("alpha", default: 0.01)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["alpha": .float(alpha)] }

  public var minimumOpset: Int { 6 }

  var parameters: (alpha: Double, beta: Double) { (Double(alpha), 0) }

  func pullback(_ gradient: Tensor, at x: Tensor) -> Tensor { .where(x .> 0, gradient, gradient * alpha) }
}

extension Tensor {
  /// See `LeakyRelu`.
  public func leakyRelu(alpha: Float = 0.01) -> Tensor { .catching { try apply(LeakyRelu(alpha: alpha), to: self) } }
}
