import ThawTypes

/// The product of quantized matrices as float32, and what is added to it (ONNX Runtime's MatMulIntegerToFloat-1, domain
/// com.microsoft).
///
/// Inputs are A, B, their scales, their zero points and a bias; B may have a scale and a zero point for each column. The
/// products are summed in float64, where they are exact.
public struct MatMulIntegerToFloat: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "MatMulIntegerToFloat", domain: .microsoft, versions: [1],
    inputs: [
      Input("A", .index), Input("B", .index), Input("a_scale", .index), Input("b_scale", .index),
      Input("a_zero_point", .index, optional: true), Input("b_zero_point", .index, optional: true),
      Input("bias", .index, optional: true),
    ], outputs: [Output("Y", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "it takes whole numbers"))

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let isApart = (2..<6).allSatisfy(batch.isSame) && batch.isSame(6, fromEnd: 2)
    return isApart && batch.isSame(1) ? batch.product(0, 1) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let factors = try (0..<2).map { try tensorType(inputs, $0, of: Self.schema) }
    for factor in factors { try checkBits(factor.dtype, in: "MatMulIntegerToFloat") }
    return try quantizedProductTypes(factors)
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let factors = try (0..<4).map { try tensor(inputs, $0, of: Self.schema) }
    let (left, right, bias) = (
      try optionalTensor(inputs, 4, of: Self.schema), try optionalTensor(inputs, 5, of: Self.schema),
      try optionalTensor(inputs, 6, of: Self.schema)
    )
    return [
      .tensor(
        quantizedProduct((factors[0], factors[2], left), (factors[1], factors[3], right), bias: bias))
    ]
  }
}

/// The type of a product of quantized matrices, as float32.
func quantizedProductTypes(_ factors: [TensorType]) throws -> [ValueType] {
  try MatMul().outputTypes(factors.map { .tensor(TensorType(.float32, $0.dims)) }, known: KnownValues())
}

/// The product of quantized matrices as float32, plus a bias; each factor comes with its scale and its zero point.
func quantizedProduct(
  _ left: (numbers: Tensor, scale: Tensor, zeroPoint: Tensor?),
  _ right: (numbers: Tensor, scale: Tensor, zeroPoint: Tensor?), bias: Tensor?
) -> Tensor {
  let sum = left.numbers.centered(by: left.zeroPoint, as: .float64)
    .matmul(right.numbers.centered(by: right.zeroPoint, as: .float64))
  let product = sum * (left.scale.asType(.float64) * right.scale.asType(.float64))
  return (bias.map { product + $0.asType(.float64) } ?? product).asType(.float32)
}
