import ThawTypes

/// The product of a matrix, quantized by its range, and a quantized one, as float32, and what is added to it (ONNX
/// Runtime's DynamicQuantizeMatMul-1, domain com.microsoft).
public struct DynamicQuantizeMatMul: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "DynamicQuantizeMatMul", domain: .microsoft, versions: [1],
    inputs: [
      Input("A", .index), Input("B", .index), Input("b_scale", .index), Input("b_zero_point", .index, optional: true),
      Input("bias", .index, optional: true),
    ], outputs: [Output("Y", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "rounding changes in jumps"))

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let factors = try (0..<2).map { try tensorType(inputs, $0, of: Self.schema) }
    _ = try DynamicQuantizeLinear().outputTypes([.tensor(factors[0])], known: KnownValues())
    try checkBits(factors[1].dtype, in: "DynamicQuantizeMatMul")
    return try quantizedProductTypes(factors)
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let quantized = try apply(DynamicQuantizeLinear(), to: [inputs[0]])
    let left = try (0..<3).map { try tensor(quantized, $0, of: DynamicQuantizeLinear.schema) }
    let right = (
      try tensor(inputs, 1, of: Self.schema), try tensor(inputs, 2, of: Self.schema),
      try optionalTensor(inputs, 3, of: Self.schema)
    )
    let bias = try optionalTensor(inputs, 4, of: Self.schema)
    return [.tensor(quantizedProduct((left[0], left[1], left[2]), right, bias: bias))]
  }
}
