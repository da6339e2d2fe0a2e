/// The gradient of `LogSoftmax`: dy − exp(y) Σ dy, the sum along the softmax's axis.
public struct LogSoftmaxGradient: SoftmaxBackward {
  public var axis: Int
  public var flattensFromAxis: Bool

  public init(axis: Int, flattensFromAxis: Bool) {
    self.axis = axis
    self.flattensFromAxis = flattensFromAxis
  }

  public static let schema = Schema.softmaxGradient("LogSoftmaxGradient")
  static let isLog = true

  func expansion(_ gradient: Tensor, _ y: Tensor) throws -> Tensor {
    gradient - y.exp() * gradient.sum(axes: try summedAxes(rank: y.rank), keepDims: true)
  }
}
