/// The product of quantized numbers, quantized again (ONNX Runtime's QLinearMul-1, domain com.microsoft).
public struct QLinearMul: QuantizedOperator {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema.quantized("QLinearMul", operands: ["A", "B"], result: "C")
  static func places(inputCount: Int) -> QuantizedPlaces { QuantizedPlaces(operands: [0, 3], result: 6) }
  var inner: any Operator { Mul() }
}
