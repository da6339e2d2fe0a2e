import ThawTypes

/// The number of elements (ONNX Size-1, 13, 19, 21, 23, 24, 25).
public struct Size: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "Size", versions: [1, 13, 19, 21, 23, 24, 25], inputs: [Input("data", .index)],
    outputs: [Output("size", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "a shape does not change with the values"))

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.outputs.map { _ in .count } }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    _ = try tensorType(inputs, 0, of: Self.schema)
    return [.tensor(TensorType(.int64, []))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    [.tensor(try tensor(inputs, 0, of: Self.schema).shapeTensor().product())]
  }
}
