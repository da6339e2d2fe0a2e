import ThawTypes

/// Attention whose scores and weights pass graphs of the model's own (ONNX preview FlexAttention-1).
///
/// Queries, keys and values are (batch, heads, places, size); fewer heads of keys than of queries are shared. Scores are
/// the products of queries and keys times a scale; `score_mod` changes them, softmax makes weights of them, and
/// `prob_mod` changes these. Both are given, and give, (batch, heads, queries, keys) in the precision of the softmax,
/// float32 unless it is told or the inputs are float64. Gradients go through both. The result has the values' type.
public struct FlexAttention: ControlFlow {
  /// What products are multiplied by; nil for 1 / √size.
  public var scale: Float?
  public var softmaxPrecision: DType?
  private let scoreModifier: Body?
  private let weightModifier: Body?

  public init(
    scale: Float? = nil, softmaxPrecision: DType? = nil, scores scoreModifier: (any Subgraph)? = nil,
    weights weightModifier: (any Subgraph)? = nil
  ) {
    self.scale = scale
    self.softmaxPrecision = softmaxPrecision
    self.scoreModifier = scoreModifier.map(Body.init)
    self.weightModifier = weightModifier.map(Body.init)
  }

  public static let schema = Schema(
    "FlexAttention", domain: .onnxPreview, versions: [1],
    inputs: [Input("Q"), Input("K"), Input("V"), Input("captured", optional: true, variadic: true)],
    outputs: [Output("Y")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      scale: try node.float("scale"), softmaxPrecision: try node.dtype("softmax_precision"),
      scores: try node.optionalSubgraph("score_mod"), weights: try node.optionalSubgraph("prob_mod"))
    guard softmaxPrecision?.isFloatingPoint ?? true else {
      throw TensorError(.unsupported, "FlexAttention: the attribute softmax_precision should be a floating type")
    }
    for (attribute, graph) in bodies {
      let counts = (graph.inputTypes.count, graph.outputTypes.count)
      guard counts == (1, 1) else {
        throw TensorError(
          .operand,
          "FlexAttention: \(attribute) has \(counts.0) inputs and \(counts.1) outputs, and should have one of each")
      }
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes = graphAttributes
    attributes["scale"] = scale.map(Attribute.float)
    attributes["softmax_precision"] = softmaxPrecision.map { .int(Int($0.rawValue)) }
    return attributes
  }

  package var bodies: [(attribute: String, graph: any Subgraph)] {
    [("score_mod", scoreModifier), ("prob_mod", weightModifier)].compactMap { attribute, body in
      body.map { (attribute, $0.graph) }
    }
  }
  package var ownInputCount: Int { 3 }
  package func bodyInput(ofInput index: Int) -> Int? { nil }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let (q, v) = (try tensorType(inputs, 0, of: Self.schema), try tensorType(inputs, 2, of: Self.schema))
    _ = try scoresType(inputs)
    guard let dims = q.dims, let size = v.dims?[3] else { return [.tensor(TensorType(v.dtype, q.dims))] }
    return [.tensor(TensorType(v.dtype, Array(dims[..<3]) + [size]))]
  }

  /// What both graphs are given.
  ///
  /// - Throws: `TensorError` when queries, keys and values do not fit together.
  package func scoresType(_ inputs: [ValueType?]) throws -> TensorType {
    let types = try (0..<3).map { try tensorType(inputs, $0, of: Self.schema) }
    guard types.allSatisfy({ $0.dtype.isFloatingPoint && $0.dtype == types[0].dtype && $0.dims?.count ?? 4 == 4 })
    else {
      throw TensorError(
        .shape,
        "FlexAttention: Q is \(types[0]), K \(types[1]) and V \(types[2]); they should be of one floating type and have "
          + "4 axes")
    }
    let precision = softmaxPrecision ?? (types[0].dtype == .float64 ? .float64 : .float32)
    guard let q = types[0].dims, let k = types[1].dims, let v = types[2].dims else { return TensorType(precision, nil) }
    func differ(_ left: Dim, _ right: Dim) -> Bool { left.value.flatMap { a in right.value.map { $0 != a } } ?? false }
    let cannotShare = q[1].value.flatMap { a in k[1].value.map { $0 == 0 || a % $0 != 0 } } ?? false
    guard !differ(q[3], k[3]), !differ(k[1], v[1]), !differ(k[2], v[2]), !cannotShare else {
      throw TensorError(
        .shape,
        "FlexAttention: Q is \(types[0]), K \(types[1]) and V \(types[2]); queries and keys should be of one size, keys "
          + "and values as many, and the heads of queries a multiple of theirs")
    }
    return TensorType(precision, [q[0], q[1], q[2], k[2]])
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (q, k) = (try tensor(inputs, 0, of: Self.schema), try tensor(inputs, 1, of: Self.schema))
    let v = try tensor(inputs, 2, of: Self.schema)
    let type = try scoresType(inputs.map { $0?.type })
    let heads = k.shape[1]
    let shared = q.shape[1] / max(1, heads)
    let root = (scale.map(Double.init) ?? 1 / Double(max(1, q.shape[3])).squareRoot()).squareRoot()
    let keys = (k * root).repeatingHeads(heads, each: shared)
    var scores = (q * root).matmul(keys.matricesTransposed()).asType(type.dtype)
    if scoreModifier != nil { scores = try modified(scores, by: 0, inputs) }
    var weights = scores.softmax()
    if weightModifier != nil { weights = try modified(weights, by: bodies.count - 1, inputs) }
    let values = v.asType(type.dtype).repeatingHeads(heads, each: shared)
    return [.tensor(weights.matmul(values).asType(v.dtype))]
  }

  private func modified(_ x: Tensor, by body: Int, _ inputs: [Value?]) throws -> Tensor {
    let result = try run(body, [.tensor(x)], try captured(inputs, body: body))[0]
    guard case .tensor(let tensor) = result, tensor.type == x.type else {
      throw TensorError(
        .shape,
        "FlexAttention: \(bodies[body].attribute) was given \(x.type) and gave \(result.type); both should be one")
    }
    return tensor
  }
}
