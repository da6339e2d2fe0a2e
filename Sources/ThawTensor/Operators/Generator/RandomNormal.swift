import ThawTypes

/// Numbers drawn at random, normally distributed (ONNX RandomNormal-1, 22).
public struct RandomNormal: RandomShaped {
  public let distribution: Distribution
  public let shape: [Int]
  public let dtype: DType
  public let seed: Float?

  public init(
    _ distribution: Distribution = .normal(mean: 0, scale: 1), shape: [Int], dtype: DType = .float32, seed: Float? = nil
  ) {
    self.distribution = distribution
    self.shape = shape
    self.dtype = dtype
    self.seed = seed
  }

  public static let schema = Schema.random("RandomNormal")
  static func distribution(_ node: NodeReader) throws -> Distribution { try .normal(node) }
}
