import ThawTypes

/// Numbers drawn at random in a tensor's shape, normally distributed (ONNX RandomNormalLike-1, 22).
public struct RandomNormalLike: RandomLike {
  public let distribution: Distribution
  public let dtype: DType?
  public let seed: Float?

  public init(_ distribution: Distribution = .normal(mean: 0, scale: 1), dtype: DType? = nil, seed: Float? = nil) {
    self.distribution = distribution
    self.dtype = dtype
    self.seed = seed
  }

  public static let schema = Schema.random("RandomNormalLike", inputs: [Input("input", .index)])
  static func distribution(_ node: NodeReader) throws -> Distribution { try .normal(node) }
}
