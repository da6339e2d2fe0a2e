/// Elements of one quantized tensor where a condition holds, of another where not, in the quantization of the result
/// (ONNX Runtime's QLinearWhere-1, domain com.microsoft).
public struct QLinearWhere: QuantizedOperator {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema.quantized(
    "QLinearWhere", plain: ["condition"], operands: ["X", "Y"], result: "Z")
  static func places(inputCount: Int) -> QuantizedPlaces {
    QuantizedPlaces(plain: [0], operands: [1, 4], result: 7)
  }
  var inner: any Operator { Where() }
}
