/// A step of Adagrad (ONNX preview training Adagrad-1): `x - r · g / (√h + ε)` with `h` the sum of squared gradients
/// and `r` the rate over `1 + T · decay`.
public struct AdagradStep: TrainingStep {
  public var decayFactor: Float
  public var epsilon: Float
  /// The weight of L2 regularization.
  public var normCoefficient: Float

  public init(decayFactor: Float = 0, epsilon: Float = 1e-6, normCoefficient: Float = 0) {
    self.decayFactor = decayFactor
    self.epsilon = epsilon
    self.normCoefficient = normCoefficient
  }

  public static let schema: Schema = stepSchema("Adagrad")
  static var stateCount: Int { 1 }

  public init(_ node: NodeReader) throws {
    self.init(
      decayFactor: try node.float("decay_factor", default: 0), epsilon: try node.float("epsilon", default: 1e-6),
      normCoefficient: try node.float("norm_coefficient", default: 0))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["decay_factor": .float(decayFactor), "epsilon": .float(epsilon), "norm_coefficient": .float(normCoefficient)]
  }

  func step(_ x: Tensor, gradient: Tensor, states: [Tensor], rate: Tensor, count: Tensor) throws -> [Tensor] {
    let g = x * Double(normCoefficient) + gradient
    let h = states[0] + g * g
    let r = rate / (count * Double(decayFactor) + 1)
    return [x - r * g / (h.sqrt() + Double(epsilon)), h]
  }
}
