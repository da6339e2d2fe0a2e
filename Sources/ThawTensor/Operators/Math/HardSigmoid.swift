import ThawKernels
import ThawTypes

/// max(0, min(1, α x + β)) (ONNX HardSigmoid-1, 6, 22); its derivative at both kinks is 0, as in PyTorch.
public struct HardSigmoid: Primitive {
  public var alpha: Float
  public var beta: Float

  public init(alpha: Float = 0.2, beta: Float = 0.5) {
    self.alpha = alpha
    self.beta = beta
  }

  public static let schema = Schema.unary("HardSigmoid", versions: [1, 6, 22])

  public init(_ node: NodeReader) throws {
    self.init(alpha: try node.float("alpha", default: 0.2), beta: try node.float("beta", default: 0.5))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["alpha": .float(alpha), "beta": .float(beta)] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 0, of: Self.schema))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let request = UnaryRequest(
      function: .hardSigmoid, alpha: Double(alpha), beta: Double(beta), dtype: x.dtype, shape: x.shape,
      strides: try x.strides(broadcastTo: x.shape))
    return [.tensor(try compute(request, x, dtype: x.dtype, shape: x.shape))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [outputs[0]] }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let y = try tensor(saved, 0, of: Self.schema)
    return [Tensor.where(y .> 0, Tensor.where(y .< 1, gradient * alpha, 0), 0)]
  }
}

extension Tensor {
  /// max(0, min(1, α x + β)); see `HardSigmoid`.
  public func hardSigmoid(alpha: Float = 0.2, beta: Float = 0.5) -> Tensor {
    .catching { try apply(HardSigmoid(alpha: alpha, beta: beta), to: self) }
  }
}
