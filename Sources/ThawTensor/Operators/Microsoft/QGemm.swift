import ThawTypes

/// α A B + C for quantized matrices, either factor transposed on request; quantized again where a scale is given, else
/// float32 (ONNX Runtime's QGemm-1, domain com.microsoft).
///
/// C is int32 in steps of α times both scales. The products are summed in float64, where they are exact.
public struct QGemm: Composite {
  public var alpha: Float
  public var transposesA: Bool
  public var transposesB: Bool

  public init(alpha: Float = 1, transposesA: Bool = false, transposesB: Bool = false) {
    self.alpha = alpha
    self.transposesA = transposesA
    self.transposesB = transposesB
  }

  public static let schema = Schema(
    "QGemm", domain: .microsoft, versions: [1],
    inputs: [
      Input("A", .index), Input("a_scale", .index), Input("a_zero_point", .index), Input("B", .index),
      Input("b_scale", .index), Input("b_zero_point", .index), Input("C", .index, optional: true),
      Input("y_scale", .index, optional: true), Input("y_zero_point", .index, optional: true),
    ], outputs: [Output("Y", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "rounding changes in jumps"))

  public init(_ node: NodeReader) throws {
    self.init(
      alpha: try node.float("alpha", default: 1), transposesA: try node.flag("transA", default: false),
      transposesB: try node.flag("transB", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["alpha": .float(alpha), "transA": .int(transposesA ? 1 : 0), "transB": .int(transposesB ? 1 : 0)]
  }

  private var gemm: Gemm { Gemm(transposesA: transposesA, transposesB: transposesB) }

  /// The rows of A stay apart.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let isApart = [1, 2, 4, 5, 7, 8].allSatisfy(batch.isSame) && batch.isSame(6, fromEnd: 2)
    return batch[0] == (transposesA ? 1 : 0) && batch.isSame(3) && isApart ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let factors = try [0, 3].map { try tensorType(inputs, $0, of: Self.schema) }
    for factor in factors { try checkBits(factor.dtype, in: "QGemm") }
    let bias = try optionalTensorType(inputs, 6, of: Self.schema)
    let type = try gemm.outputTypes(
      (factors + (bias.map { [$0] } ?? [])).map { .tensor(TensorType(.float64, $0.dims)) }, known: KnownValues())[0]
    guard let scale = try optionalTensorType(inputs, 7, of: Self.schema) else {
      return [.tensor(TensorType(.float32, type.tensor?.dims))]
    }
    let zeroPoint = try optionalTensorType(inputs, 8, of: Self.schema)
    return try QuantizeLinear(to: zeroPoint?.dtype ?? factors[0].dtype).outputTypes(
      [type, .tensor(scale), zeroPoint.map(ValueType.tensor)], known: KnownValues())
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let type = try outputTypes(inputs.map { $0?.type }, known: KnownValues())[0].tensor
    let (a, b) = (try tensor(inputs, 0, of: Self.schema), try tensor(inputs, 3, of: Self.schema))
    let left = a.centered(by: try tensor(inputs, 2, of: Self.schema), as: .float64)
    // A column of B has its own scale and zero point, where there are several.
    let right = (transposesB ? b.transposed([1, 0]) : b)
      .centered(by: try tensor(inputs, 5, of: Self.schema), as: .float64)
    let bias = try optionalTensor(inputs, 6, of: Self.schema)?.asType(.float64)
    let sum = left.gemm(right, bias, transposesA: transposesA)
    let scales = try [1, 4].map { try tensor(inputs, $0, of: Self.schema).asType(.float64) }
    let product = sum * (scales[0] * scales[1] * alpha)
    guard let scale = try optionalTensor(inputs, 7, of: Self.schema) else { return [.tensor(product.asType(.float32))] }
    return [
      .tensor(
        try (product / scale.asType(.float64)).quantized(
          to: type?.dtype ?? .uint8, zeroPoint: try optionalTensor(inputs, 8, of: Self.schema)))
    ]
  }
}
