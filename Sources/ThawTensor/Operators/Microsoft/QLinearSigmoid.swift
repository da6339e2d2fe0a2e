/// The logistic function of quantized numbers, quantized again (ONNX Runtime's QLinearSigmoid-1, domain com.microsoft).
public struct QLinearSigmoid: QuantizedOperator {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema.quantized("QLinearSigmoid", operands: ["X"], result: "Y")
  static func places(inputCount: Int) -> QuantizedPlaces { QuantizedPlaces(operands: [0], result: 3) }
  var inner: any Operator { Sigmoid() }
}
