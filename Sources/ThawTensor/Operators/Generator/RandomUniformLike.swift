import ThawTypes

/// Numbers drawn at random in a tensor's shape, uniform between two numbers (ONNX RandomUniformLike-1, 22).
public struct RandomUniformLike: RandomLike {
  public let distribution: Distribution
  public let dtype: DType?
  public let seed: Float?

  public init(_ distribution: Distribution = .uniform(low: 0, high: 1), dtype: DType? = nil, seed: Float? = nil) {
    self.distribution = distribution
    self.dtype = dtype
    self.seed = seed
  }

  public static let schema = Schema.random("RandomUniformLike", inputs: [Input("input", .index)])
  static func distribution(_ node: NodeReader) throws -> Distribution { try .uniform(node) }
}
