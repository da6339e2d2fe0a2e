/// Exponentials of quantized numbers along an axis, divided by their sum and quantized again (ONNX Runtime's
/// QLinearSoftmax-1, domain com.microsoft).
public struct QLinearSoftmax: QuantizedOperator {
  public var axis: Int
  /// The opset whose Softmax is meant: before 13, all axes from `axis` on are one.
  public var softmaxOpset: Int

  public init(axis: Int = -1, softmaxOpset: Int = 13) {
    self.axis = axis
    self.softmaxOpset = softmaxOpset
  }

  public static let schema = Schema.quantized("QLinearSoftmax", operands: ["X"], result: "Y")
  static func places(inputCount: Int) -> QuantizedPlaces { QuantizedPlaces(operands: [0], result: 3) }

  public init(_ node: NodeReader) throws {
    let opset = try node.required("opset", try node.int("opset"))
    self.init(axis: try node.int("axis", default: opset < 13 ? 1 : -1), softmaxOpset: opset)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["axis": .int(axis), "opset": .int(softmaxOpset)]
  }

  var inner: any Operator { Softmax(axis: axis, flattensFromAxis: softmaxOpset < 13) }
}
