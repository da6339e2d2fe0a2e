/// x Φ(x), Φ the normal distribution's (ONNX Runtime's Gelu-1, domain com.microsoft); see `Gelu`.
public struct MicrosoftGelu: ElementwiseComposite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "Gelu", domain: .microsoft, versions: [1], inputs: [Input("X")], batch: .elementwise)

  func body(_ x: Tensor) throws -> Tensor { x.gelu() }
}
