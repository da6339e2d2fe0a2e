/// Rows divided by the root of the mean of their squares, then scaled (ONNX Runtime's SimplifiedLayerNormalization-1,
/// which it has in ONNX's own domain); see `RMSNormalization`.
public struct SimplifiedLayerNormalization: Composite {
  public var normalization: RMSNormalization

  public init(_ normalization: RMSNormalization) { self.normalization = normalization }

  public static let schema = Schema(
    "SimplifiedLayerNormalization", versions: [1], inputs: [Input("X"), Input("scale", .weight)], batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(try RMSNormalization(node)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { try normalization.attributes(opset: opset) }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { normalization.batchAxes(of: batch) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    try normalization.outputTypes(inputs, known: known)
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    try apply(normalization, to: inputs, wanted: wanted)
  }
}
