import ThawTypes

/// Attention without softmax, as a state that each place of a sequence adds to and reads (ONNX LinearAttention-27;
/// Katharopoulos and others, 2020; Yang and others, 2024).
///
/// Queries, keys and values are (batch, places, heads × size), the state (batch, heads of keys, size of keys, size of
/// values). Heads of queries share those of keys. It is computed in float32 where the inputs are narrower.
public struct LinearAttention: Composite {
  /// How a state follows from the one before; the raw values are ONNX's.
  public enum Rule: String, Hashable, Sendable, CaseIterable {
    case linear, gated, delta
    case gatedDelta = "gated_delta"

    /// Whether the state before is multiplied by exp(decay).
    var decays: Bool { self == .gated || self == .gatedDelta }
    /// Whether what the state already holds for a key is taken off the value, and beta weighs the rest.
    var corrects: Bool { self == .delta || self == .gatedDelta }
  }

  public var rule: Rule
  public var queryHeads: Int
  public var keyHeads: Int
  /// What results are multiplied by; 0 for 1 / √size.
  public var scale: Float

  public init(rule: Rule = .gatedDelta, queryHeads: Int, keyHeads: Int, scale: Float = 0) {
    self.rule = rule
    self.queryHeads = queryHeads
    self.keyHeads = keyHeads
    self.scale = scale
  }

  public static let schema = Schema(
    "LinearAttention", versions: [27],
    inputs: [
      Input("query"), Input("key"), Input("value"), Input("past_state", optional: true),
      Input("decay", optional: true), Input("beta", optional: true),
    ], outputs: [Output("output"), Output("present_state")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    let text = try node.string("update_rule") ?? "gated_delta"
    guard let rule = Rule(rawValue: text) else {
      throw TensorError(
        .unsupported,
        "LinearAttention: the attribute update_rule is '\(text)'; it may be linear, gated, delta or gated_delta")
    }
    // How places are taken together changes no result.
    node.ignore("chunk_size")
    self.init(
      rule: rule, queryHeads: try node.required("q_num_heads", try node.int("q_num_heads")),
      keyHeads: try node.required("kv_num_heads", try node.int("kv_num_heads")),
      scale: try node.float("scale", default: 0))
    guard keyHeads > 0, queryHeads > 0, queryHeads % keyHeads == 0 else {
      throw TensorError(
        .operand,
        "LinearAttention: q_num_heads is \(queryHeads), and should be a multiple of kv_num_heads, \(keyHeads)")
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    [
      "update_rule": .text(rule.rawValue), "q_num_heads": .int(queryHeads), "kv_num_heads": .int(keyHeads),
      "scale": .float(scale),
    ]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let isApart = batch.inputs.indices.allSatisfy { batch.input($0) == nil || batch[$0] == 0 }
    return isApart ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let types = try (0..<3).map { try tensorType(inputs, $0, of: Self.schema) }
    let state = try optionalTensorType(inputs, 3, of: Self.schema)
    for (index, name, isUsed) in [(4, "decay", rule.decays), (5, "beta", rule.corrects)] {
      guard (try optionalTensorType(inputs, index, of: Self.schema) != nil) == isUsed else {
        throw TensorError(
          .operand,
          "LinearAttention: the update_rule \(rule.rawValue) \(isUsed ? "needs" : "does not take") the input \(name)")
      }
    }
    let dtype = types[0].dtype
    guard types.allSatisfy({ $0.dtype == dtype && $0.dtype.isFloatingPoint }) else {
      throw TensorError(
        .dtype,
        "LinearAttention: query is \(types[0]), key \(types[1]) and value \(types[2]); they should have one floating "
          + "type")
    }
    let stateType = state?.dtype ?? dtype
    guard let q = types[0].dims, let k = types[1].dims, let v = types[2].dims else {
      return [.tensor(TensorType(dtype, nil)), .tensor(TensorType(stateType, nil))]
    }
    guard q.count == 3, k.count == 3, v.count == 3 else {
      throw TensorError(
        .shape,
        "LinearAttention: query is \(types[0]), key \(types[1]) and value \(types[2]); they should be (batch, places, "
          + "heads × size)")
    }
    func size(_ dim: Dim, _ heads: Int, _ name: String) throws -> Int? {
      guard let width = dim.value else { return nil }
      guard width % heads == 0 else {
        throw TensorError(
          .shape, "LinearAttention: the last axis of \(name), \(width), does not divide into \(heads) heads")
      }
      return width / heads
    }
    let ofQueries = try size(q[2], queryHeads, "query")
    let ofKeys = try size(k[2], keyHeads, "key")
    let ofValues = try size(v[2], keyHeads, "value")
    if let ofQueries, let ofKeys, ofQueries != ofKeys {
      throw TensorError(
        .shape, "LinearAttention: queries have the size \(ofQueries) and keys \(ofKeys); they should agree")
    }
    func dim(_ size: Int?) -> Dim { size.map(Dim.known) ?? .unknown }
    let held = [q[0], .known(keyHeads), dim(ofQueries ?? ofKeys), dim(ofValues)]
    if let state, let dims = state.dims {
      let fits = dims.count == 4 && zip(dims, held).allSatisfy { $0.value == nil || $1.value == nil || $0 == $1 }
      guard fits else {
        throw TensorError(
          .shape, "LinearAttention: past_state is \(state), and should be \(TensorType(stateType, held))")
      }
    }
    let width = ofValues.map { $0.multipliedReportingOverflow(by: queryHeads) }
    return [
      .tensor(TensorType(dtype, [q[0], q[1], dim(width.flatMap { $0.overflow ? nil : $0.partialValue })])),
      .tensor(TensorType(stateType, held)),
    ]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let given = try (0..<3).map { try tensor(inputs, $0, of: Self.schema) }
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let dtype = given[0].dtype
    let compute: DType = dtype == .float64 ? .float64 : .float32
    /// (batch, heads, places, size)
    func heads(_ x: Tensor, _ count: Int) -> Tensor {
      x.asType(compute).reshaped(to: Tensor([0, 0, count, -1])).transposed([0, 2, 1, 3])
    }
    let (queries, keys, values) = (heads(given[0], queryHeads), heads(given[1], keyHeads), heads(given[2], keyHeads))
    let past = try optionalTensor(inputs, 3, of: Self.schema)
    let decay = try optionalTensor(inputs, 4, of: Self.schema).map { heads($0, keyHeads).exp() }
    let beta = try optionalTensor(inputs, 5, of: Self.schema).map { heads($0, min(keyHeads, $0.shape.last ?? 1)) }
    let (sizes, valueSizes) = (keys.shapeTensor(), values.shapeTensor())
    let (batch, size) = (sizes.slice([0..<2]), sizes.slice([3..<4]))
    var state =
      past?.asType(compute)
      ?? keys.zeros(shape: .concat([batch, size, valueSizes.slice([3..<4])]))
    let factor = scale == 0 ? 1 / Double(max(1, given[0].shape[2] / queryHeads)).squareRoot() : Double(scale)
    // Queries that share a head of keys are rows of one matrix.
    let rows = queries.reshaped(to: Tensor([0, keyHeads, queryHeads / keyHeads, -1, queries.shape[3]]))
    var results: [Tensor] = []
    for place in 0..<given[0].shape[1] {
      func at(_ x: Tensor, axis: Int = 2) -> Tensor { x.gather(Tensor([place]), axis: axis) }
      if let decay { state = state * at(decay).transposed([0, 1, 3, 2]) }
      let key = at(keys)
      var value = at(values)
      if let beta { value = at(beta) * (value - key.matmul(state)) }
      state = state + key.transposed([0, 1, 3, 2]).matmul(value)
      results.append(at(rows, axis: 3).squeezed(axes: [3]).matmul(state))
    }
    // (batch, heads of keys, queries that share one, size of values) each.
    let result =
      results.isEmpty
      ? queries.zeros(shape: .concat([given[0].shapeTensor().slice([0..<2]), valueSizes.slice([3..<4]) * queryHeads]))
      : Tensor.concat(results.map { $0.reshaped(to: Tensor([0, 1, -1])) }, axis: 1) * factor
    return [.tensor(result.asType(dtype)), .tensor(state.asType(past?.dtype ?? dtype))]
  }
}
