/// Exponentials along an axis, divided by their sum (ONNX Softmax-1, 11, 13).
public struct Softmax: SoftmaxForward {
  typealias Gradient = SoftmaxGradient

  public var axis: Int
  public var flattensFromAxis: Bool

  public init(axis: Int = -1, flattensFromAxis: Bool = false) {
    self.axis = axis
    self.flattensFromAxis = flattensFromAxis
  }

  public static let schema = Schema(
    "Softmax", versions: [1, 11, 13], inputs: [Input("input")], outputs: [Output("output")], batch: .mixing)
  static let isLog = false
}

extension Tensor {
  /// Exponentials along `axis`, divided by their sum; see `Softmax`.
  public func softmax(axis: Int = -1) -> Tensor { .catching { try apply(Softmax(axis: axis), to: self) } }
}
