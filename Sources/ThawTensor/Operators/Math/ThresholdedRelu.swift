import ThawKernels

/// x where it is above alpha, 0 elsewhere (ONNX ThresholdedRelu-10, 22).
public struct ThresholdedRelu: ParametricUnary {
  public var alpha: Float

  public init(alpha: Float = 1) { self.alpha = alpha }

  public static let schema = Schema(
    "ThresholdedRelu", versions: [10, 22], inputs: [Input("X")], outputs: [Output("Y")], batch: .elementwise,
    autogradName: "Threshold")
  static let function = UnaryFunction.thresholdedRelu

  public init(_ node: NodeReader) throws { self.init(alpha: try node.float("alpha", default: 1)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["alpha": .float(alpha)] }

  public var minimumOpset: Int { 10 }

  var parameters: (alpha: Double, beta: Double) { (Double(alpha), 0) }

  func pullback(_ gradient: Tensor, at x: Tensor) -> Tensor { .where(x .> alpha, gradient, 0) }
}

extension Tensor {
  /// See `ThresholdedRelu`.
  public func thresholdedRelu(alpha: Float = 1) -> Tensor {
    .catching { try apply(ThresholdedRelu(alpha: alpha), to: self) }
  }
}
