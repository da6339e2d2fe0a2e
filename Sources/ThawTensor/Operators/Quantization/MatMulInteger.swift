import ThawTypes

/// The product of matrices of quantized numbers, each less its zero point, in int32 (ONNX MatMulInteger-10).
///
/// Zero points are one number, one for each row of A, or one for each column of B.
public struct MatMulInteger: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "MatMulInteger", versions: [10],
    inputs: [
      Input("A", .index), Input("B", .index), Input("a_zero_point", .index, optional: true),
      Input("b_zero_point", .index, optional: true),
    ], outputs: [Output("Y", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "it takes whole numbers"))

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    // A zero point for each row would be one for each sample.
    let hasOne = [2, 3].allSatisfy { batch.isSame($0) && batch.shape($0).reduce(1, *) == 1 }
    return hasOne ? batch.product(0, 1) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let factors = try (0..<2).map { try tensorType(inputs, $0, of: Self.schema) }
    for factor in factors { try checkBits(factor.dtype, in: "MatMulInteger") }
    return try MatMul().outputTypes(factors.map { .tensor(TensorType(.int32, $0.dims)) }, known: KnownValues())
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let a = try tensor(inputs, 0, of: Self.schema)
    let b = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let left = a.centered(by: try optionalTensor(inputs, 2, of: Self.schema).map(rowColumn), as: .int32)
    let right = b.centered(by: try optionalTensor(inputs, 3, of: Self.schema), as: .int32)
    return [.tensor(left.matmul(right))]
  }
}

/// A vector with a number for each row of a matrix, standing upright.
func rowColumn(_ vector: Tensor) -> Tensor {
  vector.rank == 1 && vector.count > 1 ? vector.unsqueezed(axes: [1]) : vector
}

extension Tensor {
  /// These numbers less a zero point, in a wider type.
  func centered(by zeroPoint: Tensor?, as dtype: DType) -> Tensor {
    let wide = asType(dtype)
    return zeroPoint.map { wide - $0.asType(dtype) } ?? wide
  }
}
