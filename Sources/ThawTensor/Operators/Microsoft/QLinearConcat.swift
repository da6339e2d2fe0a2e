/// Quantized tensors one after the other along an axis, in the quantization of the result (ONNX Runtime's
/// QLinearConcat-1, domain com.microsoft).
///
/// Inputs are the result's scale and zero point, then each tensor with its scale and its zero point.
public struct QLinearConcat: QuantizedOperator {
  public var axis: Int

  public init(axis: Int) { self.axis = axis }

  public static let schema = Schema(
    "QLinearConcat", domain: .microsoft, versions: [1],
    inputs: [
      Input("Y_scale", .index), Input("Y_zero_point", .index),
      Input("inputs", .index, variadic: true),
    ], outputs: [Output("Y", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "rounding changes in jumps"))
  static func places(inputCount: Int) -> QuantizedPlaces {
    QuantizedPlaces(operands: Array(stride(from: 2, to: inputCount, by: 3)), result: 0)
  }

  public init(_ node: NodeReader) throws { self.init(axis: try node.required("axis", try node.int("axis"))) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["axis": .int(axis)] }

  var inner: any Operator { Concat(axis: axis) }
}
