import ThawTypes

/// A sum of two tensors, and perhaps a bias, whose rows are normalized; the sum is the fourth output.
///
/// The rows are the last axis. The second tensor may lack the batch axis, or have it with size 1. Between the two
/// outputs lie those of statistics, which ONNX Runtime computes for training.
protocol SkipNormalization: Composite {
  /// The place of the bias among the inputs.
  static var bias: Int { get }
  /// What the sum goes through, with the inputs behind the two summands and before the bias.
  var normalization: any Operator { get }
}

extension Schema {
  /// The schema of a sum that is normalized by these weights.
  static func skipNormalization(_ name: String, weights: [Input]) -> Schema {
    Schema(
      name, domain: .microsoft, versions: [1],
      inputs: [Input("input"), Input("skip")] + weights + [Input("bias", .weight, optional: true)],
      outputs: [
        Output("output"), Output("mean", optional: true), Output("inv_std_var", optional: true),
        Output("input_skip_bias_sum", optional: true),
      ], batch: .mixing)
  }
}

extension SkipNormalization {
  /// Rows stay apart.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let rank = batch.shape(0).count
    let isApart =
      batch[1].map { $0 + rank - batch.shape(1).count == batch[0] }
      ?? batch.isSame(1, fromEnd: rank - (batch[0] ?? 0))
    guard let axis = batch[0], axis != rank - 1, isApart, batch.inputs.indices.dropFirst(2).allSatisfy(batch.isSame)
    else { return batch.mixed }
    return batch.all(axis)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let summands = try [0, 1].map { ValueType.tensor(try tensorType(inputs, $0, of: Self.schema)) }
    var sum = try Add().outputTypes(summands, known: KnownValues())[0]
    if let bias = try optionalTensorType(inputs, Self.bias, of: Self.schema) {
      sum = try Add().outputTypes([sum, .tensor(bias)], known: KnownValues())[0]
    }
    let types = try normalization.outputTypes([sum] + weights(inputs), known: KnownValues())
    let statistics = ValueType.tensor(
      TensorType(.float32, sum.tensor?.dims.map { $0.dropLast() + [.known(1)] }))
    return [types[0], statistics, statistics, sum]
  }

  private func weights<Element>(_ inputs: [Element?]) -> [Element?] {
    (2..<Self.bias).map { $0 < inputs.count ? inputs[$0] : nil }
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    guard !wanted[1], !wanted[2] else {
      throw TensorError(
        .unsupported,
        "\(Self.schema.name): the outputs mean and inv_std_var are for ONNX Runtime's training, and are not computed")
    }
    let summands = try [0, 1].map { try tensor(inputs, $0, of: Self.schema) }
    var sum = summands[0] + summands[1]
    if let bias = try optionalTensor(inputs, Self.bias, of: Self.schema) { sum = sum + bias }
    let output = try apply(normalization, to: [.tensor(sum)] + weights(inputs), wanted: .only(0))[0]
    return [output, nil, nil, .tensor(sum)]
  }
}
