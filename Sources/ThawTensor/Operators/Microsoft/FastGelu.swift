/// GELU of a sum, approximated with tanh (ONNX Runtime's FastGelu-1, domain com.microsoft); see `Gelu`.
public struct FastGelu: BiasedGelu {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "FastGelu", domain: .microsoft, versions: [1], inputs: [Input("X"), Input("bias", .weight, optional: true)],
    batch: .elementwise)
  static let approximates = true
}
