import ThawTypes

/// α times the product of matrices, either transposed on request (ONNX Runtime's FusedMatMul-1, domain com.microsoft);
/// see `MatMul`.
public struct FusedMatMul: Composite {
  public var alpha: Float
  public var transposesA: Bool
  public var transposesB: Bool

  public init(alpha: Float = 1, transposesA: Bool = false, transposesB: Bool = false) {
    self.alpha = alpha
    self.transposesA = transposesA
    self.transposesB = transposesB
  }

  public static let schema = Schema(
    "FusedMatMul", domain: .microsoft, versions: [1], inputs: [Input("A"), Input("B", .weight)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    for name in ["transBatchA", "transBatchB"] where try node.flag(name, default: false) {
      throw TensorError(
        .unsupported, "FusedMatMul: the attribute \(name) is 1, and Thaw transposes matrices only, no batches of them")
    }
    self.init(
      alpha: try node.float("alpha", default: 1), transposesA: try node.flag("transA", default: false),
      transposesB: try node.flag("transB", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["alpha": .float(alpha), "transA": .int(transposesA ? 1 : 0), "transB": .int(transposesB ? 1 : 0)]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    transposesA || transposesB ? batch.mixed : batch.product(0, 1)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let types = try zip([0, 1], [transposesA, transposesB]).map { index, transposes -> ValueType in
      let type = try tensorType(inputs, index, of: Self.schema)
      guard transposes, let dims = type.dims, dims.count > 1 else { return .tensor(type) }
      return .tensor(TensorType(type.dtype, dims.dropLast(2) + dims.suffix(2).reversed()))
    }
    return try MatMul().outputTypes(types, known: KnownValues())
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let factors = try zip([0, 1], [transposesA, transposesB]).map { index, transposes in
      let factor = try tensor(inputs, index, of: Self.schema)
      return transposes && factor.rank > 1 ? factor.matricesTransposed() : factor
    }
    let product = factors[0].matmul(factors[1])
    return [.tensor(alpha == 1 ? product : product * alpha)]
  }
}
