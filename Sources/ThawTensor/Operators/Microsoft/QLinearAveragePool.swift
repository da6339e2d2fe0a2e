/// The mean of each window of quantized numbers, quantized again (ONNX Runtime's QLinearAveragePool-1, domain
/// com.microsoft).
public struct QLinearAveragePool: QuantizedOperator {
  public var pool: AveragePool

  public init(_ pool: AveragePool) { self.pool = pool }

  public static let schema = Schema.quantized("QLinearAveragePool", operands: ["X"], result: "Y")
  static func places(inputCount: Int) -> QuantizedPlaces { QuantizedPlaces(operands: [0], result: 3) }

  public init(_ node: NodeReader) throws {
    try checkChannelsFirst(node)
    self.init(
      AveragePool(
        window: try SlidingWindow(node, hasDilations: false), ceilMode: try node.flag("ceil_mode", default: false),
        countsPads: try node.flag("count_include_pad", default: false)))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { try pool.attributes(opset: 11) }

  var inner: any Operator { pool }
}

/// Takes the attribute that says whether channels come last, which only graphs have that were laid out for one machine.
func checkChannelsFirst(_ node: NodeReader) throws {
  guard try node.flag("channels_last", default: false) else { return }
  throw TensorError(
    .unsupported,
    "\(node.name): the attribute channels_last is 1, and Thaw reads channels behind the batch only: quantize the model "
      + "without optimizing it for one machine")
}
