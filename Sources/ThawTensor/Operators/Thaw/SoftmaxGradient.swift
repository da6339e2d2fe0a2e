/// The gradient of `Softmax`: y (dy − Σ dy y), the sum along the softmax's axis.
public struct SoftmaxGradient: SoftmaxBackward {
  public var axis: Int
  public var flattensFromAxis: Bool

  public init(axis: Int, flattensFromAxis: Bool) {
    self.axis = axis
    self.flattensFromAxis = flattensFromAxis
  }

  public static let schema = Schema.softmaxGradient("SoftmaxGradient")
  static let isLog = false

  func expansion(_ gradient: Tensor, _ y: Tensor) throws -> Tensor {
    let product = gradient * y
    return product - y * product.sum(axes: try summedAxes(rank: y.rank), keepDims: true)
  }
}
