import ThawTypes

/// Numbers quantized to uint8 with a scale and a zero point that fit their range (ONNX DynamicQuantizeLinear-11).
public struct DynamicQuantizeLinear: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "DynamicQuantizeLinear", versions: [11], inputs: [Input("x", .index)],
    outputs: [
      Output("y", differentiable: false), Output("y_scale", differentiable: false),
      Output("y_zero_point", differentiable: false),
    ], batch: .mixing, differentiability: .never(because: "rounding changes in jumps"))

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype.isFloatingPoint else {
      throw TensorError(.dtype, "DynamicQuantizeLinear: the input is \(x), and should be floating")
    }
    return [
      .tensor(TensorType(.uint8, x.dims)), .tensor(TensorType(x.dtype, [])), .tensor(TensorType(.uint8, [])),
    ]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let zero = try x.scalar(0)
    let (high, low) = (Tensor.maximum(x.max(), zero), Tensor.minimum(x.min(), zero))
    let scale = Tensor.where(high .== low, 1, high - low) / 255
    let zeroPoint = (-(low / scale)).clip(min: 0, max: 255).round().cast(to: .uint8)
    return [
      .tensor(try (x / scale).quantized(to: .uint8, zeroPoint: zeroPoint)), .tensor(scale), .tensor(zeroPoint),
    ]
  }
}

extension Tensor {
  /// These numbers as `DynamicQuantizeLinear` keeps them: the nearest of 256 that fit their range.
  func roundedToRange() -> Tensor {
    .catching {
      let quantized = try apply(DynamicQuantizeLinear(), to: [.tensor(self)])
      return try tensor(apply(DequantizeLinear(), to: quantized), 0, of: DequantizeLinear.schema)
    }
  }
}
