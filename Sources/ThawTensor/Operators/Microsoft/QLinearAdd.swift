/// The sum of quantized numbers, quantized again (ONNX Runtime's QLinearAdd-1, domain com.microsoft).
public struct QLinearAdd: QuantizedOperator {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema.quantized("QLinearAdd", operands: ["A", "B"], result: "C")
  static func places(inputCount: Int) -> QuantizedPlaces { QuantizedPlaces(operands: [0, 3], result: 6) }
  var inner: any Operator { Add() }
}
