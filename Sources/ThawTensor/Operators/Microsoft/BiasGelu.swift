/// GELU of a sum, exactly (ONNX Runtime's BiasGelu-1, domain com.microsoft); see `Gelu`.
public struct BiasGelu: BiasedGelu {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "BiasGelu", domain: .microsoft, versions: [1], inputs: [Input("A"), Input("B", .weight)], outputs: [Output("C")],
    batch: .elementwise)
  static let approximates = false
}
