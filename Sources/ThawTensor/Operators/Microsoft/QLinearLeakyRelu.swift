/// Quantized numbers, the negative ones times alpha, quantized again (ONNX Runtime's QLinearLeakyRelu-1, domain
/// com.microsoft).
public struct QLinearLeakyRelu: QuantizedOperator {
  public var alpha: Float

  public init(alpha: Float = 0.01) { self.alpha = alpha }

  public static let schema = Schema.quantized("QLinearLeakyRelu", operands: ["X"], result: "Y")
  static func places(inputCount: Int) -> QuantizedPlaces { QuantizedPlaces(operands: [0], result: 3) }

  public init(_ node: NodeReader) throws { self.init(alpha: try node.float("alpha", default: 0.01)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["alpha": .float(alpha)] }

  var inner: any Operator { LeakyRelu(alpha: alpha) }
}
