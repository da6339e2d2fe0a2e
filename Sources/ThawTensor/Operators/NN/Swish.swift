import ThawTypes

/// x sigmoid(alpha x) (ONNX Swish-24; Ramachandran and others, 2017).
public struct Swish: ElementwiseComposite {
  public var alpha: Float

  public init(alpha: Float = 1) { self.alpha = alpha }

  public static let schema = Schema.unary("Swish", versions: [24])

  public init(_ node: NodeReader) throws { self.init(alpha: try node.float("alpha", default: 1)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["alpha": .float(alpha)] }

  func body(_ x: Tensor) throws -> Tensor { x * (alpha == 1 ? x : x * alpha).sigmoid() }
}
