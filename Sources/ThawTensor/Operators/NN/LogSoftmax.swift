/// Logarithms of the softmax along an axis (ONNX LogSoftmax-1, 11, 13).
public struct LogSoftmax: SoftmaxForward {
  typealias Gradient = LogSoftmaxGradient

  public var axis: Int
  public var flattensFromAxis: Bool

  public init(axis: Int = -1, flattensFromAxis: Bool = false) {
    self.axis = axis
    self.flattensFromAxis = flattensFromAxis
  }

  public static let schema = Schema(
    "LogSoftmax", versions: [1, 11, 13], inputs: [Input("input")], outputs: [Output("output")], batch: .mixing)
  static let isLog = true
}

extension Tensor {
  /// Logarithms of the softmax along `axis`; see `LogSoftmax`.
  public func logSoftmax(axis: Int = -1) -> Tensor { .catching { try apply(LogSoftmax(axis: axis), to: self) } }
}
