import ThawTypes

/// GELU of a tensor and a bias for each element of its last axis.
protocol BiasedGelu: Composite {
  static var approximates: Bool { get }
}

extension BiasedGelu {
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.elementwise() }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard let bias = try optionalTensorType(inputs, 1, of: Self.schema) else { return [.tensor(x)] }
    return try Add().outputTypes([.tensor(x), .tensor(bias)], known: KnownValues())
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let x = try tensor(inputs, 0, of: Self.schema)
    let sum = try optionalTensor(inputs, 1, of: Self.schema).map { x + $0 } ?? x
    return [.tensor(sum.gelu(approximate: Self.approximates))]
  }
}
