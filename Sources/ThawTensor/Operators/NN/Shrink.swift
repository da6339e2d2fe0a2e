import ThawTypes

/// x + bias below −lambda, x − bias above lambda, 0 between (ONNX Shrink-9).
public struct Shrink: ElementwiseComposite {
  public var bias: Float
  public var lambda: Float

  public init(bias: Float = 0, lambda: Float = 0.5) {
    self.bias = bias
    self.lambda = lambda
  }

  public static let schema = Schema.unary("Shrink", versions: [9], input: "input", output: "output")

  public init(_ node: NodeReader) throws {
    self.init(bias: try node.float("bias", default: 0), lambda: try node.float("lambd", default: 0.5))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["bias": .float(bias), "lambd": .float(lambda)] }

  /// Whole numbers are shrunk as float64, and truncated.
  func body(_ x: Tensor) throws -> Tensor {
    guard x.dtype.isFloatingPoint else { return try body(x.cast(to: .float64)).cast(to: x.dtype) }
    return .where(x .< -lambda, x + bias, .where(x .> lambda, x - bias, 0))
  }
}
