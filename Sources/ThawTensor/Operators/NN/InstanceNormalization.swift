/// Each channel of each sample shifted and scaled to mean B and deviation scale (ONNX InstanceNormalization-1, 6, 22).
public struct InstanceNormalization: Composite {
  public var epsilon: Float

  public init(epsilon: Float = 1e-5) { self.epsilon = epsilon }

  public static let schema = Schema(
    "InstanceNormalization", versions: [1, 6, 22],
    inputs: [Input("input"), Input("scale", .weight), Input("B", .weight)], outputs: [Output("output")],
    batch: .rowwise)

  public init(_ node: NodeReader) throws {
    self.init(epsilon: try node.float("epsilon", default: 1e-5))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["epsilon": .float(epsilon)] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype.isFloatingPoint else {
      throw TensorError(
        .dtype, "InstanceNormalization: the input is \(x), and only floating-point numbers are normalized")
    }
    if let dims = x.dims, dims.count < 3 {
      throw TensorError(.shape, "InstanceNormalization: the input is \(x), and should have batch, channels and space")
    }
    for index in 1..<3 {
      try checkBias(
        try tensorType(inputs, index, of: Self.schema), channels: x.dims?[1] ?? .unknown, in: "InstanceNormalization")
    }
    return [.tensor(x)]
  }

  /// Rows of one channel, normalized; then the channels' weights.
  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let rows = x.reshaped(to: Tensor([0, 0, x.shape[2...].reduce(1, *)]))
    let normalized = rows.layerNormalization(scale: try Tensor.full([1], 1, dtype: x.dtype), epsilon: epsilon)
    let weights = try (1..<3).map { try tensor(inputs, $0, of: Self.schema).unsqueezed(axes: [1]) }
    return [.tensor((normalized * weights[0] + weights[1]).reshaped(to: Tensor([0, 0] + x.shape[2...])))]
  }
}

extension Tensor {
  /// Each channel of each sample normalized by itself; see `InstanceNormalization`.
  public func instanceNormalization(scale: Tensor, bias: Tensor, epsilon: Float = 1e-5) -> Tensor {
    .catching { try apply(InstanceNormalization(epsilon: epsilon), to: self, scale, bias) }
  }
}
