import ThawTypes

/// Values weighed by how well their keys fit the queries (ONNX Attention-23, 24, 25; Vaswani and others, 2017).
///
/// Queries, keys and values are (batch, heads, places, size), or (batch, places, heads × size) with the numbers of heads
/// as attributes. Fewer heads of keys than of queries are shared. A query that may look at nothing gives zeros. The result
/// has the queries' type.
public struct Attention: Composite {
  public struct Settings: Hashable, Sendable {
    public var isCausal = false
    public var queryHeads: Int?
    public var keyHeads: Int?
    /// What products are multiplied by; nil for 1 / √size.
    public var scale: Float?
    /// The bound that tanh brings scores under; 0 for none.
    public var softcap: Float = 0
    public var softmaxPrecision: DType?
    /// What the fourth output is: the scores (0), those under the bound (1), with the mask (2), the weights (3).
    public var scoresOutput = 0
    /// How many places back, and ahead, a query looks; nil for any.
    public var leftWindow: Int?
    public var rightWindow: Int?

    public init() {}
  }

  public var settings: Settings

  public init(_ settings: Settings = Settings()) { self.settings = settings }

  public static let schema = Schema(
    "Attention", versions: [23, 24, 25],
    inputs: [
      Input("Q"), Input("K"), Input("V"), Input("attn_mask", .setting, optional: true),
      Input("past_key", optional: true), Input("past_value", optional: true),
      Input("nonpad_kv_seqlen", .index, optional: true),
    ],
    outputs: [
      Output("Y"), Output("present_key", optional: true), Output("present_value", optional: true),
      Output("qk_matmul_output", optional: true),
    ], batch: .mixing, autogradName: "ScaledDotProductAttention")

  public init(_ node: NodeReader) throws {
    var settings = Settings()
    settings.isCausal = try node.flag("is_causal", default: false)
    settings.queryHeads = try node.int("q_num_heads")
    settings.keyHeads = try node.int("kv_num_heads")
    settings.scale = try node.float("scale")
    settings.softcap = try node.float("softcap", default: 0)
    settings.softmaxPrecision = try node.dtype("softmax_precision")
    settings.scoresOutput = try node.int("qk_matmul_output_mode", default: 0)
    func window(_ name: String) throws -> Int? { try node.int(name).flatMap { $0 < 0 ? nil : $0 } }
    settings.leftWindow = try window("left_window_size")
    settings.rightWindow = try window("right_window_size")
    guard (0...3).contains(settings.scoresOutput), [settings.queryHeads, settings.keyHeads].allSatisfy({ $0 ?? 1 > 0 })
    else {
      throw TensorError(
        .unsupported, "Attention: qk_matmul_output_mode should be 0 to 3, and numbers of heads above 0")
    }
    self.init(settings)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = [
      "is_causal": .int(settings.isCausal ? 1 : 0), "softcap": .float(settings.softcap),
      "qk_matmul_output_mode": .int(settings.scoresOutput),
    ]
    attributes["q_num_heads"] = settings.queryHeads.map(Attribute.int)
    attributes["kv_num_heads"] = settings.keyHeads.map(Attribute.int)
    attributes["scale"] = settings.scale.map(Attribute.float)
    attributes["softmax_precision"] = settings.softmaxPrecision.map { .int(Int($0.rawValue)) }
    attributes["left_window_size"] = settings.leftWindow.map(Attribute.int)
    attributes["right_window_size"] = settings.rightWindow.map(Attribute.int)
    return attributes
  }

  public var minimumOpset: Int { settings.leftWindow != nil || settings.rightWindow != nil ? 25 : 24 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    // Queries, keys, values, what they were before and the lengths; a mask broadcasts to (batch, heads, queries, keys).
    let isApart = batch.inputs.indices.allSatisfy { index in
      index == 3
        ? batch[3] == batch.shape(3).count - 4 || batch.isSame(3, fromEnd: 4)
        : batch.input(index) == nil || batch[index] == 0
    }
    return isApart ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let types = try (0..<3).map { try tensorType(inputs, $0, of: Self.schema) }
    let open = types.map { ValueType.tensor(TensorType($0.dtype, nil)) }
    guard let q = types[0].dims, let k = types[1].dims, let v = types[2].dims else {
      return [open[0], open[1], open[2], open[0]]
    }
    let heads = [settings.queryHeads, settings.keyHeads, settings.keyHeads]
    guard q.count == k.count, k.count == v.count, q.count == 4 || (q.count == 3 && heads.allSatisfy { $0 ?? 0 > 0 })
    else {
      throw TensorError(
        .shape,
        "Attention: Q is \(types[0]), K \(types[1]) and V \(types[2]); they should all have 4 axes, or 3 and the "
          + "attributes q_num_heads and kv_num_heads")
    }
    /// (batch, heads, places, size)
    let parts = try zip(types, heads).map { type, heads -> [Dim] in
      let dims = type.dims ?? []
      guard dims.count == 3, let heads else { return dims }
      if let width = dims[2].value, width % heads != 0 {
        throw TensorError(.shape, "Attention: the last axis of \(type) does not divide into \(heads) heads")
      }
      return [dims[0], .known(heads), dims[1], dims[2].value.map { .known($0 / heads) } ?? .unknown]
    }
    if let a = parts[0][3].value, let b = parts[1][3].value, a != b {
      throw TensorError(.shape, "Attention: queries have the size \(a) and keys \(b); they should agree")
    }
    if let a = parts[0][1].value, let b = parts[1][1].value, b == 0 || a % b != 0 || parts[2][1] != parts[1][1] {
      throw TensorError(.shape, "Attention: \(a) heads of queries cannot share \(b) heads of keys")
    }
    let past = try optionalTensorType(inputs, 4, of: Self.schema)
    guard (past == nil) == (try optionalTensorType(inputs, 5, of: Self.schema) == nil) else {
      throw TensorError(.operand, "Attention: of past_key and past_value one is missing")
    }
    var places = parts[1][2]
    if let past {
      guard past.dims.map({ $0.count == 4 }) ?? true else {
        throw TensorError(.shape, "Attention: past_key is \(past), and should have 4 axes")
      }
      places = Shapes.sum(past.dims?[2], places)
    }
    let y =
      q.count == 4
      ? [q[0], q[1], q[2], v[3]]
      : [
        q[0], q[1],
        parts[2][3].value.flatMap { size in heads[0].flatMap { DType.elementCount(of: [size, $0]) } }.map(Dim.known)
          ?? .unknown,
      ]
    return [
      .tensor(TensorType(types[0].dtype, y)),
      .tensor(TensorType(types[1].dtype, [k[0], parts[1][1], places, parts[1][3]])),
      .tensor(TensorType(types[2].dtype, [v[0], parts[2][1], places, parts[2][3]])),
      .tensor(TensorType(types[0].dtype, [q[0], parts[0][1], parts[0][2], places])),
    ]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let given = try (0..<3).map { try tensor(inputs, $0, of: Self.schema) }
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let isFlat = given[0].rank == 3
    func heads(_ x: Tensor, _ count: Int?) -> Tensor {
      isFlat ? x.reshaped(to: Tensor([0, 0, count ?? 1, -1])).transposed([0, 2, 1, 3]) : x
    }
    let queries = heads(given[0], settings.queryHeads)
    var keys = heads(given[1], settings.keyHeads)
    var values = heads(given[2], settings.keyHeads)
    let past = try optionalTensor(inputs, 4, of: Self.schema)
    if let past { keys = .concat([past, keys], axis: 2) }
    if let pastValues = try optionalTensor(inputs, 5, of: Self.schema) {
      values = .concat([pastValues, values], axis: 2)
    }
    let (queryHeads, keyHeads) =
      isFlat
      ? (settings.queryHeads ?? 1, settings.keyHeads ?? 1) : (given[0].shape[1], given[1].shape[1])
    let size = isFlat ? given[0].shape[2] / queryHeads : given[0].shape[3]
    let root = (settings.scale.map(Double.init) ?? 1 / Double(max(1, size)).squareRoot()).squareRoot()
    let shared = queryHeads / max(1, keyHeads)
    let allKeys = keys.repeatingHeads(keyHeads, each: shared)
    var scores = (queries * root).matmul((allKeys * root).matricesTransposed())
    var scoresOutput = scores
    if settings.softcap > 0 { scores = (scores / settings.softcap).tanh() * settings.softcap }
    if settings.scoresOutput == 1 { scoresOutput = scores }
    let mask = try mask(
      inputs, queries: queries, keys: keys, pastLength: past?.shapeTensor().gather(Tensor(2)), dtype: scores.dtype)
    var weights: Tensor
    if let mask {
      if settings.scoresOutput == 2 { scoresOutput = scores + mask }
      // Rows that look at nothing get a mask of zeros, so that nothing becomes NaN, and then weights of zero.
      let isBlind = mask.max(axes: [-1], keepDims: true) .== -Double.infinity
      weights = softmax(scores + .where(isBlind, 0, mask))
      weights = .where(isBlind, 0, weights)
    } else {
      if settings.scoresOutput == 2 { scoresOutput = scores }
      weights = softmax(scores)
    }
    if settings.scoresOutput == 3 { scoresOutput = weights }
    let result = weights.matmul(values.asType(weights.dtype).repeatingHeads(keyHeads, each: shared))
    let y = isFlat ? result.transposed([0, 2, 1, 3]).reshaped(to: Tensor([0, 0, -1])) : result
    return [.tensor(y), .tensor(keys), .tensor(values), .tensor(scoresOutput)]
  }

  private func softmax(_ scores: Tensor) -> Tensor {
    guard let precision = settings.softmaxPrecision, precision != scores.dtype else { return scores.softmax() }
    return scores.cast(to: precision).softmax().cast(to: scores.dtype)
  }

  /// What is added to scores: 0 where a query looks, −∞ where it may not; nil when it looks everywhere.
  private func mask(
    _ inputs: [Value?], queries: Tensor, keys: Tensor, pastLength: Tensor?, dtype: DType
  ) throws -> Tensor? {
    let lengths = try optionalTensor(inputs, 6, of: Self.schema)?.reshaped(to: [-1, 1, 1, 1])
    let keyCount = keys.shapeTensor().gather(Tensor(2))
    let queryCount = queries.shapeTensor().gather(Tensor(2))
    let places = Tensor.range(keyCount)
    // How many places a query stands ahead of a key.
    var distance = Tensor.range(queryCount).unsqueezed(axes: [1]) - places
    if let pastLength {
      distance = distance + pastLength
    } else if let lengths {
      distance = distance + (lengths - queryCount)
    }
    var conditions: [Tensor] = []
    if settings.isCausal { conditions.append(distance .>= 0) }
    if let left = settings.leftWindow { conditions.append(distance .<= left) }
    if let right = settings.rightWindow { conditions.append(distance .>= -right) }
    if let lengths { conditions.append(places .< lengths) }
    var added: Tensor?
    if let mask = try optionalTensor(inputs, 3, of: Self.schema) {
      let given = mask.dtype == .bool ? mask : mask.asType(dtype)
      guard given.rank > 0 else { throw TensorError(.shape, "Attention: attn_mask is \(given.type), and has no axes") }
      let missing = (keyCount - given.shapeTensor().gather(Tensor(-1))).unsqueezed(axes: [0])
      let pads = Tensor.concat([Tensor([Int](repeating: 0, count: 2 * given.rank - 1)), missing])
      let filling = given.dtype == .bool ? Tensor([false], shape: []) : try given.scalar(-Double.infinity)
      let whole = try apply(Pad(), to: given, pads, filling)
      if given.dtype == .bool { conditions.append(whole) } else { added = whole }
    }
    guard var isAllowed = conditions.first else { return added }
    for condition in conditions.dropFirst() { isAllowed = try apply(And(), to: isAllowed, condition) }
    if let added { return .where(isAllowed, added, -Double.infinity) }
    return .where(isAllowed, 0, try Tensor.scalar(-Double.infinity, dtype: dtype))
  }
}

extension Tensor {
  /// Each of `headCount` heads, the second of four axes, `count` times in a row.
  func repeatingHeads(_ headCount: Int, each count: Int) -> Tensor {
    guard count > 1 else { return self }
    let spread = unsqueezed(axes: [2]).expanded(to: [1, 1, count, 1, 1])
    let sizes = shapeTensor()
    let shape = Tensor.concat([sizes.slice([0..<1]), Tensor([headCount * count]), sizes.slice([2..<4])])
    return .catching { try apply(Reshape(allowsZero: true), to: spread, shape) }
  }
}
