import ThawTypes

/// Attention of places to each other, with the weights of queries, keys and values in one matrix (ONNX Runtime's
/// Attention-1, domain com.microsoft); see `Attention`.
///
/// Inputs are rows (batch, places, features), weights (features, 3 size), a bias (3 size), a mask, what was before
/// (2, batch, heads, places, size of a head), and what is added to scores. The mask is a number for each place (batch,
/// places) or each pair of places (batch, places, places), 0 for what is not looked at, or how many places of each sample
/// are (batch), and from which on (2 batch). Outputs are rows (batch, places, size) and what a next call has as past.
public struct MicrosoftAttention: Composite {
  public var heads: Int
  /// Whether a place looks at itself and at those before it only.
  public var isCausal: Bool
  /// What products are multiplied by; nil for 1 / √size of a head.
  public var scale: Float?
  /// What is added to the score of a place that is not looked at.
  public var maskedScore: Float
  /// The sizes of queries, keys and values; nil where all are a third of the weights.
  public var sizes: [Int]?

  public init(
    heads: Int, isCausal: Bool = false, scale: Float? = nil, maskedScore: Float = -10000, sizes: [Int]? = nil
  ) {
    self.heads = heads
    self.isCausal = isCausal
    self.scale = scale
    self.maskedScore = maskedScore
    self.sizes = sizes
  }

  public static let schema = Schema(
    "Attention", domain: .microsoft, versions: [1],
    inputs: [
      Input("input"), Input("weights", .weight), Input("bias", .weight, optional: true),
      Input("mask_index", .index, optional: true), Input("past", optional: true),
      Input("attention_bias", optional: true),
    ], outputs: [Output("output"), Output("present", optional: true)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    let heads = try node.required("num_heads", try node.int("num_heads"))
    guard heads > 0 else {
      throw TensorError(.operand, "Attention: the attribute num_heads is \(heads), and should be at least 1")
    }
    let sizes = try node.ints("qkv_hidden_sizes")
    if let sizes, sizes.count != 3 || sizes.contains(where: { !(1...(1 << 31)).contains($0) || $0 % heads != 0 }) {
      throw TensorError(
        .operand,
        "Attention: the attribute qkv_hidden_sizes is \(sizes), and should be three numbers up to 2³¹ that \(heads) heads "
          + "divide")
    }
    for name in ["do_rotary", "past_present_share_buffer"] where try node.flag(name, default: false) {
      throw TensorError(.unsupported, "Attention: the attribute \(name) is 1, and Thaw computes without it only")
    }
    node.ignore("rotary_embedding_dim")
    self.init(
      heads: heads, isCausal: try node.flag("unidirectional", default: false), scale: try node.float("scale"),
      maskedScore: try node.float("mask_filter_value", default: -10000), sizes: sizes)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = [
      "num_heads": .int(heads), "unidirectional": .int(isCausal ? 1 : 0), "mask_filter_value": .float(maskedScore),
    ]
    attributes["scale"] = scale.map(Attribute.float)
    attributes["qkv_hidden_sizes"] = sizes.map(Attribute.ints)
    return attributes
  }

  private var inner: Attention {
    var settings = Attention.Settings()
    (settings.isCausal, settings.queryHeads, settings.keyHeads, settings.scale) = (isCausal, heads, heads, scale)
    return Attention(settings)
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    // A mask of two numbers for each sample has them apart.
    let isApart =
      batch.isSame(1) && batch.isSame(2) && batch.input(4) == nil
      && (batch[3] == 0 && batch.shape(3).first == batch.sampleCount || batch.isSame(3) && batch.input(3) == nil)
      && (batch[5] == 0 || batch.isSame(5, fromEnd: 4))
    return batch[0] == 0 && isApart ? batch.outputs.indices.map { .along($0) } : batch.mixed
  }

  /// The sizes of queries, keys and values.
  private func parts(_ weights: TensorType) throws -> [Int]? {
    guard let dims = weights.dims else { return sizes }
    guard dims.count == 2 else {
      throw TensorError(.shape, "Attention: weights is \(weights), and should be a matrix")
    }
    guard let width = dims[1].value else { return sizes }
    let parts = sizes ?? [width / 3, width / 3, width / 3]
    guard parts.reduce(0, +) == width, parts.allSatisfy({ $0 % heads == 0 }), parts[0] == parts[1] else {
      throw TensorError(
        .shape,
        "Attention: weights is \(weights), and should have as many columns as queries, keys and values together, which "
          + "\(heads) heads divide")
    }
    return parts
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let weights = try tensorType(inputs, 1, of: Self.schema)
    if let dims = x.dims, dims.count != 3 {
      throw TensorError(.shape, "Attention: input is \(x), and should have a batch, places and features")
    }
    let parts = try parts(weights)
    let product = try MatMul().outputTypes([.tensor(x), .tensor(weights)], known: KnownValues())[0]
    if let bias = try optionalTensorType(inputs, 2, of: Self.schema) {
      _ = try Add().outputTypes([product, .tensor(bias)], known: KnownValues())
    }
    let past = try optionalTensorType(inputs, 4, of: Self.schema)
    if let dims = past?.dims, dims.count != 5 || dims[0].value ?? 2 != 2 {
      throw TensorError(
        .shape, "Attention: past is \(past?.description ?? ""), and should have the axes 2, batch, heads, places, size")
    }
    if let mask = try optionalTensorType(inputs, 3, of: Self.schema)?.dims, !(1...3).contains(mask.count) {
      throw TensorError(
        .unsupported, "Attention: mask_index has \(mask.count) axes, and Thaw takes masks of 1 to 3 axes here")
    }
    let (batch, places) = (x.dims?[0] ?? .unknown, x.dims?[1] ?? .unknown)
    let all = past.map { Shapes.sum($0.dims?[3], places) } ?? places
    let size = parts.map { Dim.known($0[2]) } ?? .unknown
    let head = parts.map { $0[0] == $0[2] ? Dim.known($0[0] / heads) : .unknown } ?? .unknown
    return [
      .tensor(TensorType(x.dtype, [batch, places, size])),
      .tensor(TensorType(x.dtype, [.known(2), batch, .known(heads), all, head])),
    ]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let x = try tensor(inputs, 0, of: Self.schema)
    let weights = try tensor(inputs, 1, of: Self.schema)
    guard let sizes = try parts(weights.type) else { throw TensorError(.internal, "Attention: no sizes are known") }
    var product = x.matmul(weights)
    if let bias = try optionalTensor(inputs, 2, of: Self.schema) { product = product + bias }
    let past = try optionalTensor(inputs, 4, of: Self.schema).map { past in
      past.split(into: 2).map { Value.tensor($0.squeezed(axes: [0])) }
    }
    let pastLength = try optionalTensor(inputs, 4, of: Self.schema)?.shapeTensor().gather(Tensor(3))
    var added = try mask(inputs, x, pastLength: pastLength)
    if let more = try optionalTensor(inputs, 5, of: Self.schema) { added = added.map { $0 + more } ?? more }
    let parts = product.split(sizes, axis: 2).map(Value.tensor)
    let outputs = try apply(
      inner, to: parts + [added.map(Value.tensor)] + (past ?? []), wanted: OutputMask([true, wanted[1], wanted[1]]))
    guard wanted[1] else { return [outputs[0], nil] }
    let present = try [1, 2].map { try tensor(outputs, $0, of: Attention.schema).unsqueezed(axes: [0]) }
    return [outputs[0], .tensor(.concat(present))]
  }

  /// What is added to scores, nil where there is no mask.
  private func mask(_ inputs: [Value?], _ x: Tensor, pastLength: Tensor?) throws -> Tensor? {
    guard let mask = try optionalTensor(inputs, 3, of: Self.schema) else { return nil }
    let looks: Tensor
    switch mask.rank {
    case 1:
      let count = x.shapeTensor().gather(Tensor(1))
      let places = Tensor.range(pastLength.map { $0 + count } ?? count)
      guard mask.count != x.shape[0] else {
        looks = (places .< mask.cast(to: .int64).reshaped(to: [-1, 1, 1, 1])).cast(to: x.dtype)
        break
      }
      guard mask.count == 2 * x.shape[0] else {
        throw TensorError(
          .shape, "Attention: mask_index is \(mask.type), and should hold one or two numbers for each of the batch")
      }
      let bounds = mask.cast(to: .int64).reshaped(to: [2, -1, 1, 1, 1]).split(into: 2)
      let isBeforeEnd = (places .< bounds[0].squeezed(axes: [0])).cast(to: x.dtype)
      looks = isBeforeEnd * (places .>= bounds[1].squeezed(axes: [0])).cast(to: x.dtype)
    case 2: looks = (mask .> 0).cast(to: x.dtype).unsqueezed(axes: [1, 2])
    default: looks = (mask .> 0).cast(to: x.dtype).unsqueezed(axes: [1])
    }
    return (1 - looks) * maskedScore
  }
}
