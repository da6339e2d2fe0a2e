import ThawKernels
import ThawTypes

/// The gradients of `LayerNormalization` with respect to X, Scale and B, from the statistics that it gave.
///
/// The gradients of Scale and B have the shape of a row.
public struct LayerNormalizationGradient: Expandable {
  public var axis: Int
  public var epsilon: Float

  public init(axis: Int = -1, epsilon: Float = 1e-5) {
    self.axis = axis
    self.epsilon = epsilon
  }

  public static let schema = Schema(
    "LayerNormalizationGradient", domain: .thaw, versions: [1],
    inputs: [Input("dY"), Input("X"), Input("Scale", .weight), Input("Mean"), Input("InvStdDev")],
    outputs: [Output("dX", optional: true), Output("dScale", optional: true), Output("dB", optional: true)],
    batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(axis: try node.int("axis", default: -1), epsilon: try node.float("epsilon", default: 1e-5))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["axis": .int(axis), "epsilon": .float(epsilon)]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let gradient = try tensorType(inputs, 0, of: Self.schema)
    let x = try tensorType(inputs, 1, of: Self.schema)
    let scale = try tensorType(inputs, 2, of: Self.schema)
    try LayerRows.check(x, weights: [scale], axis: axis, in: "LayerNormalizationGradient")
    if let shape = gradient.shape, let other = x.shape {
      let rows = try LayerRows(other, axis: axis, in: "LayerNormalizationGradient")
      guard shape == other else {
        throw TensorError(.shape, "LayerNormalizationGradient: dY has shape \(shape) and X \(other); they should agree")
      }
      for index in 3..<5 {
        guard let found = try tensorType(inputs, index, of: Self.schema).shape, found != rows.statisticsShape else {
          continue
        }
        throw TensorError(
          .shape,
          "LayerNormalizationGradient: input \(index) (\(Self.schema.inputs[index].name)) should have shape "
            + "\(rows.statisticsShape) and has \(found)")
      }
    }
    let row = try x.dims.map { dims in
      Array(dims[try Shapes.normalize(axis: axis, rank: dims.count, in: "LayerNormalizationGradient")...])
    }
    let weight = ValueType.tensor(TensorType(scale.dtype, row))
    return [.tensor(x), weight, weight]
  }

  private func operands(_ inputs: [Value?]) throws -> (tensors: [Tensor], rows: LayerRows, dtype: DType) {
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let tensors = try (0..<5).map { try tensor(inputs, $0, of: Self.schema) }
    let rows = try LayerRows(tensors[1].shape, axis: axis, in: "LayerNormalizationGradient")
    return (tensors, rows, .widest(tensors.map(\.dtype)))
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (tensors, rows, dtype) = try operands(inputs)
    return try withErrors {
      var operands = try tensors.map { try $0.asType(dtype).contiguous() }
      operands[2] = try rows.vector(tensors[2], as: dtype)
      let shapes = [tensors[1].shape, rows.rowShape, rows.rowShape]
      let results = try compute(
        rows.request(.backward, dtype: dtype, epsilon: epsilon), operands,
        outputs: shapes.enumerated().map { wanted[$0] ? (dtype, $1) : nil })
      return zip(results, [tensors[1].dtype, tensors[2].dtype, tensors[2].dtype]).map { result, type in
        (result?.asType(type)).map(Value.tensor)
      }
    }
  }

  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (tensors, rows, dtype) = try operands(inputs)
    let wide = tensors.map { $0.asType(dtype) }
    let (dy, scale, mean, inverse) = (wide[0], wide[2], wide[3], wide[4])
    let normalized = (wide[1] - mean) * inverse
    let scaled = dy * scale
    let inner = rows.rowShape.indices.map { rows.outerAxes.count + $0 }
    let slope = (scaled * normalized).mean(axes: inner, keepDims: true)
    func column(_ values: Tensor) -> Value {
      .tensor((rows.outerAxes.isEmpty ? values : values.sum(axes: rows.outerAxes)).asType(tensors[2].dtype))
    }
    let dx = inverse * (scaled - scaled.mean(axes: inner, keepDims: true) - normalized * slope)
    return [
      wanted[0] ? .tensor(dx.asType(tensors[1].dtype)) : nil, wanted[1] ? column(dy * normalized) : nil,
      wanted[2] ? column(dy) : nil,
    ]
  }
}
