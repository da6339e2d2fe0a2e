/// x sigmoid(α x) (ONNX Runtime's QuickGelu-1, domain com.microsoft); see `Swish`.
public struct QuickGelu: ElementwiseComposite {
  public var alpha: Float

  public init(alpha: Float = 1.702) { self.alpha = alpha }

  public static let schema = Schema(
    "QuickGelu", domain: .microsoft, versions: [1], inputs: [Input("X")], batch: .elementwise)

  public init(_ node: NodeReader) throws { self.init(alpha: try node.float("alpha", default: 1.702)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["alpha": .float(alpha)] }

  func body(_ x: Tensor) throws -> Tensor { x * (x * alpha).sigmoid() }
}
