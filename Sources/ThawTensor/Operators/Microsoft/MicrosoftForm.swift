import ThawTypes

/// QuantizeLinear or DequantizeLinear in ONNX Runtime's domain, which models below opset 21 have for the types that
/// ONNX's own has since, such as int4 and uint16.
protocol MicrosoftForm: Composite {
  associatedtype Published: Composite
  /// The same as ONNX has it.
  var published: Published { get }
  init(axis: Int, blockSize: Int)
}

extension MicrosoftForm {
  public static var schema: Schema {
    let schema = Published.schema
    return Schema(
      schema.name, domain: .microsoft, versions: [1], inputs: schema.inputs, outputs: schema.outputs, batch: .mixing,
      differentiability: schema.differentiability)
  }

  public init(_ node: NodeReader) throws {
    let quantization = try Quantization(node)
    self.init(axis: quantization.axis, blockSize: quantization.blockSize)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { try published.attributes(opset: 21) }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { published.batchAxes(of: batch) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    try published.outputTypes(inputs, known: known)
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { try apply(published, to: inputs) }
}
