import ThawTypes

/// Numbers drawn at random, uniform between two numbers (ONNX RandomUniform-1, 22).
public struct RandomUniform: RandomShaped {
  public let distribution: Distribution
  public let shape: [Int]
  public let dtype: DType
  public let seed: Float?

  public init(
    _ distribution: Distribution = .uniform(low: 0, high: 1), shape: [Int], dtype: DType = .float32, seed: Float? = nil
  ) {
    self.distribution = distribution
    self.shape = shape
    self.dtype = dtype
    self.seed = seed
  }

  public static let schema = Schema.random("RandomUniform")
  static func distribution(_ node: NodeReader) throws -> Distribution { try .uniform(node) }
}
