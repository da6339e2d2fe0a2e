/// A sum normalized to mean 0 and deviation 1, row by row, scaled and shifted (ONNX Runtime's SkipLayerNormalization-1,
/// domain com.microsoft); see `LayerNormalization`.
public struct SkipLayerNormalization: SkipNormalization {
  public var epsilon: Float

  public init(epsilon: Float = 1e-12) { self.epsilon = epsilon }

  public static let schema = Schema.skipNormalization(
    "SkipLayerNormalization", weights: [Input("gamma", .weight), Input("beta", .weight, optional: true)])
  static let bias = 4

  public init(_ node: NodeReader) throws { self.init(epsilon: try node.float("epsilon", default: 1e-12)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["epsilon": .float(epsilon)] }

  var normalization: any Operator { LayerNormalization(epsilon: epsilon) }
}
