import ThawTypes

/// The product of quantized matrices, quantized again (ONNX QLinearMatMul-10, 21).
///
/// The products are summed in float64, where they are exact.
public struct QLinearMatMul: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "QLinearMatMul", versions: [10, 21],
    inputs: [
      Input("a", .index), Input("a_scale", .index), Input("a_zero_point", .index), Input("b", .index),
      Input("b_scale", .index), Input("b_zero_point", .index), Input("y_scale", .index), Input("y_zero_point", .index),
    ], outputs: [Output("y", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "rounding changes in jumps"))

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    // A scale for each row would be one for each sample.
    let hasOne = [1, 2, 4, 5, 6, 7].allSatisfy { batch.isSame($0) && batch.shape($0).reduce(1, *) == 1 }
    return hasOne ? batch.product(0, 3) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let factors = try [0, 3].map { try tensorType(inputs, $0, of: Self.schema) }
    let dtype = try tensorType(inputs, 7, of: Self.schema).dtype
    guard dtype.quantizedRange != nil else {
      throw TensorError(.dtype, "QLinearMatMul: numbers are not quantized to \(dtype)")
    }
    let type = try MatMul().outputTypes(
      factors.map { .tensor(TensorType(.float64, $0.dims)) }, known: KnownValues())[0].tensor
    return [.tensor(TensorType(dtype, type?.dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let operands = try (0..<8).map { try tensor(inputs, $0, of: Self.schema) }
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let product = operands[0].centered(by: rowColumn(operands[2]), as: .float64)
      .matmul(operands[3].centered(by: operands[5], as: .float64))
    let scales = [rowColumn(operands[1]), operands[4], rowColumn(operands[6])].map { $0.cast(to: .float64) }
    let scaled = product * (scales[0] * scales[1] / scales[2])
    return [.tensor(try scaled.quantized(to: operands[7].dtype, zeroPoint: rowColumn(operands[7])))]
  }
}
