/// A step of stochastic gradient descent with momentum (ONNX preview training Momentum-1), standard or Nesterov's.
public struct MomentumStep: TrainingStep {
  public var alpha: Float
  /// The weight of the gradient in the momentum, from the second update on.
  public var beta: Float
  /// The weight of L2 regularization.
  public var normCoefficient: Float
  public var isNesterov: Bool

  public init(alpha: Float, beta: Float, normCoefficient: Float, isNesterov: Bool = false) {
    self.alpha = alpha
    self.beta = beta
    self.normCoefficient = normCoefficient
    self.isNesterov = isNesterov
  }

  public static let schema: Schema = stepSchema("Momentum")
  static var stateCount: Int { 1 }

  public init(_ node: NodeReader) throws {
    let mode = try node.required("mode", try node.string("mode"))
    guard mode == "standard" || mode == "nesterov" else {
      throw TensorError(.unsupported, "Momentum: the attribute mode is '\(mode)', and may be 'standard' or 'nesterov'")
    }
    self.init(
      alpha: try node.required("alpha", try node.float("alpha")),
      beta: try node.required("beta", try node.float("beta")),
      normCoefficient: try node.required("norm_coefficient", try node.float("norm_coefficient")),
      isNesterov: mode == "nesterov")
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    [
      "alpha": .float(alpha), "beta": .float(beta), "norm_coefficient": .float(normCoefficient),
      "mode": .text(isNesterov ? "nesterov" : "standard"),
    ]
  }

  func step(_ x: Tensor, gradient: Tensor, states: [Tensor], rate: Tensor, count: Tensor) throws -> [Tensor] {
    let g = x * Double(normCoefficient) + gradient
    let weight = Tensor.where(count .> 0, try count.scalar(Double(beta)), 1)
    let v = states[0] * Double(alpha) + weight * g
    return [x - rate * (isNesterov ? g + v * Double(alpha) : v), v]
  }
}
