import ThawTypes

/// Numbers divided by a scale, rounded, and shifted by a zero point, in a narrow type
/// (ONNX QuantizeLinear-10, 13, 19, 21, 23, 24, 25, 28).
///
/// What the type cannot hold becomes the nearest number it can.
public struct QuantizeLinear: Composite {
  let quantization: Quantization
  /// The result's type where no zero point tells it; uint8 when nil.
  public let dtype: DType?
  /// The type to divide in; nil for the input's.
  public let precision: DType?
  /// To float8: whether what is too large becomes the largest number.
  public let saturates: Bool

  public init(
    axis: Int = 1, blockSize: Int = 0, to dtype: DType? = nil, precision: DType? = nil, saturates: Bool = true
  ) {
    var quantization = Quantization()
    quantization.axis = axis
    quantization.blockSize = blockSize
    self.quantization = quantization
    self.dtype = dtype
    self.precision = precision
    self.saturates = saturates
  }

  public static let schema = Schema(
    "QuantizeLinear", versions: [10, 13, 19, 21, 23, 24, 25, 28],
    inputs: [Input("x", .index), Input("y_scale", .index), Input("y_zero_point", .index, optional: true)],
    outputs: [Output("y", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "rounding changes in jumps"))

  public init(_ node: NodeReader) throws {
    func type(_ name: String) throws -> DType? {
      try node.int(name).flatMap { $0 == 0 ? nil : DType(rawValue: Int32(clamping: $0)) }
    }
    let quantization = try Quantization(node)
    self.init(
      axis: quantization.axis, blockSize: quantization.blockSize, to: try type("output_dtype"),
      precision: try type("precision"), saturates: try node.flag("saturate", default: true))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes = opset < 13 && quantization == Quantization() ? [:] : quantization.attributes
    if let dtype { attributes["output_dtype"] = .int(Int(dtype.rawValue)) }
    if let precision { attributes["precision"] = .int(Int(precision.rawValue)) }
    if !saturates { attributes["saturate"] = .int(0) }
    return attributes
  }

  public var minimumOpset: Int {
    if precision != nil { return 23 }
    if dtype != nil || quantization.blockSize > 0 { return 21 }
    return saturates ? 13 : 19
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { quantization.batchAxes(of: batch) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let zeroPoint = try optionalTensorType(inputs, 2, of: Self.schema)
    for scale in [try tensorType(inputs, 1, of: Self.schema), zeroPoint].compactMap({ $0 }) {
      try quantization.check(scale, for: x, in: "QuantizeLinear")
    }
    if let zeroPoint, let dtype, dtype != zeroPoint.dtype {
      throw TensorError(.dtype, "QuantizeLinear: output_dtype is \(dtype), and the zero point \(zeroPoint.dtype)")
    }
    let result = zeroPoint?.dtype ?? dtype ?? .uint8
    guard result.quantizedRange != nil || (result.isFloatingPoint && result.bitWidth <= 8) else {
      throw TensorError(.dtype, "QuantizeLinear: numbers are not quantized to \(result)")
    }
    return [.tensor(TensorType(result, x.dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let scale = try tensor(inputs, 1, of: Self.schema)
    let zeroPoint = try optionalTensor(inputs, 2, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    // Whole numbers by a whole scale are not divided as such: the quotient is rounded, not truncated.
    let divided: DType = scale.dtype.isFloatingPoint ? scale.dtype : .float64
    let wide = precision ?? (x.dtype.isFloatingPoint ? DType.widest([x.dtype, divided]) : divided)
    let spread = try quantization.spread(scale, over: x, in: "QuantizeLinear")
    let quotient = x.asType(wide) / spread.asType(wide)
    let result = zeroPoint?.dtype ?? dtype ?? .uint8
    let shift = try zeroPoint.map { try quantization.spread($0, over: x, in: "QuantizeLinear") }
    guard result.isFloatingPoint else { return [.tensor(try quotient.quantized(to: result, zeroPoint: shift))] }
    return [.tensor(try apply(Cast(to: result, saturates: saturates), to: quotient))]
  }
}
