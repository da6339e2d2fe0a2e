import ThawTypes

/// The sum of the embeddings of words, places and segments, normalized row by row (ONNX Runtime's
/// EmbedLayerNormalization-1, domain com.microsoft); see `LayerNormalization`.
///
/// Inputs are input_ids and segment_ids (batch, places), the three tables, gamma, beta, a mask and position_ids. Outputs
/// are the rows (batch, places, size), how many places each sample's mask lets through (int32), and the sum.
public struct EmbedLayerNormalization: Composite {
  public var epsilon: Float

  public init(epsilon: Float = 1e-12) { self.epsilon = epsilon }

  public static let schema = Schema(
    "EmbedLayerNormalization", domain: .microsoft, versions: [1],
    inputs: [
      Input("input_ids", .index), Input("segment_ids", .index, optional: true), Input("word_embedding", .weight),
      Input("position_embedding", .weight), Input("segment_embedding", .weight, optional: true),
      Input("gamma", .weight), Input("beta", .weight), Input("mask", .index, optional: true),
      Input("position_ids", .index, optional: true),
    ],
    outputs: [
      Output("output"), Output("mask_index", optional: true, differentiable: false),
      Output("embedding_sum", optional: true),
    ], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    let type = try node.int("mask_index_type", default: 0)
    guard type == 0 else {
      throw TensorError(
        .unsupported, "EmbedLayerNormalization: the attribute mask_index_type is \(type), and only 0 is supported")
    }
    self.init(epsilon: try node.float("epsilon", default: 1e-12))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["epsilon": .float(epsilon)] }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let isApart =
      (2..<7).allSatisfy(batch.isSame)
      && [1, 7, 8].allSatisfy { batch[$0] == 0 || batch.isSame($0, fromEnd: 2) }
    return batch[0] == 0 && isApart ? batch.all(0) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let ids = try tensorType(inputs, 0, of: Self.schema)
    if let dims = ids.dims, dims.count != 2 {
      throw TensorError(.shape, "EmbedLayerNormalization: input_ids is \(ids), and should have a batch and places")
    }
    let words = try tensorType(inputs, 2, of: Self.schema)
    for table in [words, try tensorType(inputs, 3, of: Self.schema)] where table.dims.map({ $0.count != 2 }) ?? false {
      throw TensorError(.shape, "EmbedLayerNormalization: a table of embeddings is \(table), and should have 2 axes")
    }
    guard
      (try optionalTensorType(inputs, 1, of: Self.schema) == nil)
        == (try optionalTensorType(inputs, 4, of: Self.schema) == nil)
    else {
      throw TensorError(
        .operand, "EmbedLayerNormalization: of segment_ids and segment_embedding one is missing")
    }
    let sum = ValueType.tensor(
      TensorType(words.dtype, (ids.dims ?? [.unknown, .unknown]) + [words.dims?.last ?? .unknown]))
    let output = try LayerNormalization(epsilon: epsilon).outputTypes(
      [sum, .tensor(try tensorType(inputs, 5, of: Self.schema)), .tensor(try tensorType(inputs, 6, of: Self.schema))],
      known: KnownValues())[0]
    return [output, .tensor(TensorType(.int32, [ids.dims?.first ?? .unknown])), sum]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let ids = try tensor(inputs, 0, of: Self.schema)
    let places =
      try optionalTensor(inputs, 8, of: Self.schema) ?? Tensor.range(ids.shapeTensor().gather(Tensor(1)))
    var sum =
      try tensor(inputs, 2, of: Self.schema).gather(ids) + tensor(inputs, 3, of: Self.schema).gather(places)
    if let segments = try optionalTensor(inputs, 1, of: Self.schema) {
      sum = sum + (try tensor(inputs, 4, of: Self.schema)).gather(segments)
    }
    let output = try apply(
      LayerNormalization(epsilon: epsilon), to: [.tensor(sum), inputs[5], inputs[6]], wanted: .only(0))[0]
    let mask = try optionalTensor(inputs, 7, of: Self.schema)
    let counts = (mask.map { $0 .== 1 } ?? (ids .< ids)).cast(to: .int32).sum(axes: [1])
    return [output, .tensor(counts), .tensor(sum)]
  }
}
