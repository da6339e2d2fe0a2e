import ThawTypes

/// Quantized numbers less a zero point, times a scale (ONNX DequantizeLinear-10, 13, 19, 21, 23, 24, 25, 28).
///
/// Gradients reach the scale; quantized numbers are whole and have none.
public struct DequantizeLinear: Composite {
  let quantization: Quantization
  /// The result's type; nil for the scale's.
  public let dtype: DType?

  public init(axis: Int = 1, blockSize: Int = 0, to dtype: DType? = nil) {
    var quantization = Quantization()
    quantization.axis = axis
    quantization.blockSize = blockSize
    self.quantization = quantization
    self.dtype = dtype
  }

  public static let schema = Schema(
    "DequantizeLinear", versions: [10, 13, 19, 21, 23, 24, 25, 28],
    inputs: [Input("x", .index), Input("x_scale", .setting), Input("x_zero_point", .index, optional: true)],
    outputs: [Output("y")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    let quantization = try Quantization(node)
    self.init(
      axis: quantization.axis, blockSize: quantization.blockSize,
      to: try node.int("output_dtype").flatMap { $0 == 0 ? nil : DType(rawValue: Int32(clamping: $0)) })
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes = opset < 13 && quantization == Quantization() ? [:] : quantization.attributes
    if let dtype { attributes["output_dtype"] = .int(Int(dtype.rawValue)) }
    return attributes
  }

  public var minimumOpset: Int { dtype != nil ? 23 : quantization.blockSize > 0 ? 21 : 13 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { quantization.batchAxes(of: batch) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let scale = try tensorType(inputs, 1, of: Self.schema)
    for other in [scale, try optionalTensorType(inputs, 2, of: Self.schema)].compactMap({ $0 }) {
      try quantization.check(other, for: x, in: "DequantizeLinear")
    }
    let result = dtype ?? scale.dtype
    guard result.isFloatingPoint, x.dtype.isInteger || x.dtype.isFloatingPoint else {
      throw TensorError(.dtype, "DequantizeLinear: from \(x.dtype) with a scale of \(scale.dtype) no \(result) is made")
    }
    return [.tensor(TensorType(result, x.dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let scale = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let wide: DType = scale.dtype == .float64 ? .float64 : .float32
    var numbers = x.asType(wide)
    if let zeroPoint = try optionalTensor(inputs, 2, of: Self.schema) {
      numbers = numbers - (try quantization.spread(zeroPoint, over: x, in: "DequantizeLinear")).asType(wide)
    }
    let spread = try quantization.spread(scale, over: x, in: "DequantizeLinear")
    return [.tensor((numbers * spread.asType(wide)).asType(dtype ?? scale.dtype))]
  }
}
