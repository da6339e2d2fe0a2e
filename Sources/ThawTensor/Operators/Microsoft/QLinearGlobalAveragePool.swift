/// The mean of quantized numbers over all axes behind batch and channels, quantized again (ONNX Runtime's
/// QLinearGlobalAveragePool-1, domain com.microsoft).
public struct QLinearGlobalAveragePool: QuantizedOperator {
  public init() {}
  public init(_ node: NodeReader) throws { try checkChannelsFirst(node) }

  public static let schema = Schema.quantized("QLinearGlobalAveragePool", operands: ["X"], result: "Y")
  static func places(inputCount: Int) -> QuantizedPlaces { QuantizedPlaces(operands: [0], result: 3) }
  var inner: any Operator { GlobalAveragePool() }
}
