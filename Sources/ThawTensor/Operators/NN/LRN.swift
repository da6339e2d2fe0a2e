import ThawTypes

/// Each element divided by a power of the squares of its neighbours' channels (ONNX LRN-1, 13; Krizhevsky and others,
/// 2012).
public struct LRN: Composite {
  public var size: Int
  public var alpha: Float
  public var beta: Float
  public var bias: Float

  public init(size: Int, alpha: Float = 1e-4, beta: Float = 0.75, bias: Float = 1) {
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.bias = bias
  }

  public static let schema = Schema("LRN", versions: [1, 13], inputs: [Input("X")], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    self.init(
      size: try node.required("size", try node.int("size")), alpha: try node.float("alpha", default: 1e-4),
      beta: try node.float("beta", default: 0.75), bias: try node.float("bias", default: 1))
    guard (1...4096).contains(size) else {
      throw TensorError(.unsupported, "LRN: the attribute size is \(size), and should be from 1 to 4096")
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["size": .int(size), "alpha": .float(alpha), "beta": .float(beta), "bias": .float(bias)]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    if let dims = x.dims, dims.count < 2 {
      throw TensorError(.shape, "LRN: the input is \(x), and should have batch and channels")
    }
    return [.tensor(x)]
  }

  /// The mean of the squares over the neighbouring channels, zeros outside, is an average pool along the channels.
  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let planes = (x * x).reshaped(to: Tensor([0, 1, x.shape[1], -1]))
    let before = (size - 1) / 2
    let means = planes.averagePool(kernel: [size, 1], pads: [before, 0, size - 1 - before, 0], countsPads: true)
    let spread = try apply(Reshape(allowsZero: true), to: means, x.shapeTensor())
    return [.tensor(x / (bias + alpha * spread) ** beta)]
  }
}
