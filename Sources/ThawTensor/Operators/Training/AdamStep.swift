/// A step of Adam (ONNX preview training Adam-1): moving averages of the gradient (factor `alpha`) and of its square
/// (factor `beta`), whose bias is corrected from the second update on.
public struct AdamStep: TrainingStep {
  public var alpha: Float
  public var beta: Float
  public var epsilon: Float
  /// The weight of L2 regularization, in the gradient.
  public var normCoefficient: Float
  /// The weight of decay, after the step.
  public var normCoefficientPost: Float

  public init(
    alpha: Float = 0.9, beta: Float = 0.999, epsilon: Float = 1e-6, normCoefficient: Float = 0,
    normCoefficientPost: Float = 0
  ) {
    self.alpha = alpha
    self.beta = beta
    self.epsilon = epsilon
    self.normCoefficient = normCoefficient
    self.normCoefficientPost = normCoefficientPost
  }

  public static let schema: Schema = stepSchema("Adam")
  static var stateCount: Int { 2 }

  public init(_ node: NodeReader) throws {
    self.init(
      alpha: try node.float("alpha", default: 0.9), beta: try node.float("beta", default: 0.999),
      epsilon: try node.float("epsilon", default: 1e-6),
      normCoefficient: try node.float("norm_coefficient", default: 0),
      normCoefficientPost: try node.float("norm_coefficient_post", default: 0))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    [
      "alpha": .float(alpha), "beta": .float(beta), "epsilon": .float(epsilon),
      "norm_coefficient": .float(normCoefficient), "norm_coefficient_post": .float(normCoefficientPost),
    ]
  }

  func step(_ x: Tensor, gradient: Tensor, states: [Tensor], rate: Tensor, count: Tensor) throws -> [Tensor] {
    let (a, b) = (Double(alpha), Double(beta))
    let g = x * Double(normCoefficient) + gradient
    let v = states[0] * a + g * (1 - a)
    let h = states[1] * b + g * g * (1 - b)
    // Without a division by zero where there was no update.
    let power = Tensor.where(count .> 0, count, 1)
    let corrected = rate * (1 - b ** power).sqrt() / (1 - a ** power)
    let r = Tensor.where(count .> 0, corrected, rate)
    let moved = x - r * v / (h.sqrt() + Double(epsilon))
    return [moved * (1 - Double(normCoefficientPost)), v, h]
  }
}
