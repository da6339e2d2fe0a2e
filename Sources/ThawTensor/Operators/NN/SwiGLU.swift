import ThawTypes

/// A x sigmoid(alpha A) B, without broadcasting (ONNX SwiGLU-28; Shazeer, 2020).
public struct SwiGLU: Composite {
  public var alpha: Float

  public init(alpha: Float = 1) { self.alpha = alpha }

  public static let schema = Schema(
    "SwiGLU", versions: [28], inputs: [Input("A"), Input("B")], batch: .elementwise)

  public init(_ node: NodeReader) throws { self.init(alpha: try node.float("alpha", default: 1)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["alpha": .float(alpha)] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let a = try tensorType(inputs, 0, of: Self.schema)
    let b = try tensorType(inputs, 1, of: Self.schema)
    let result = try elementwiseType(.multiply, a, b, in: "SwiGLU")
    if let left = a.shape, let right = b.shape, left != right {
      throw TensorError(.shape, "SwiGLU: A is \(a) and B is \(b); they should have one shape")
    }
    return [.tensor(result)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let a = try tensor(inputs, 0, of: Self.schema)
    let b = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes([.tensor(a.type), .tensor(b.type)], known: KnownValues())
    return [.tensor(try apply(Swish(alpha: alpha), to: a) * b)]
  }
}
