/// A sum divided by the root of the mean of its squares, row by row, and scaled (ONNX Runtime's
/// SkipSimplifiedLayerNormalization-1, domain com.microsoft); see `RMSNormalization`.
public struct SkipSimplifiedLayerNormalization: SkipNormalization {
  public var epsilon: Float

  public init(epsilon: Float = 1e-12) { self.epsilon = epsilon }

  public static let schema = Schema.skipNormalization(
    "SkipSimplifiedLayerNormalization", weights: [Input("gamma", .weight)])
  static let bias = 3

  public init(_ node: NodeReader) throws { self.init(epsilon: try node.float("epsilon", default: 1e-12)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["epsilon": .float(epsilon)] }

  var normalization: any Operator { RMSNormalization(epsilon: epsilon) }
}
