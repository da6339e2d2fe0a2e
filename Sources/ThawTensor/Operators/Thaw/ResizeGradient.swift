import ThawTypes

/// The gradient of `Resize`: each result's gradient shared out to the elements it was computed from.
public struct ResizeGradient: Expandable {
  public var resizing: Resizing

  public init(_ resizing: Resizing) { self.resizing = resizing }

  public static let schema = Schema(
    "ResizeGradient", domain: .thaw, versions: [1],
    inputs: [
      Input("dY"), Input("shape", .index, value: true), Input("roi", .index, value: true, optional: true),
      Input("scales", .index, value: true, optional: true), Input("sizes", .index, value: true, optional: true),
    ], outputs: [Output("dX")], batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(try Resizing(node)) }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    try resizing.attributes(opset: 11, in: "ResizeGradient")
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let gradient = try tensorType(inputs, 0, of: Self.schema)
    return [.tensor(TensorType(gradient.dtype, try known.dims(1, of: inputs, in: "ResizeGradient")))]
  }

  private func operands(_ inputs: [Value?]) throws -> (gradient: Tensor, tables: [InterpolationTable]) {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let shape = try tensor(inputs, 1, of: Self.schema).integers()
    let tables = try resizing.tables(shape, inputs.map { $0?.tensor }, from: 2, in: "ResizeGradient")
    var expected = shape
    for table in tables { expected[table.axis.axis] = table.axis.resultSize }
    guard gradient.shape == expected else {
      throw TensorError(
        .shape, "ResizeGradient: the gradient has the shape \(gradient.shape), and the result \(expected)")
    }
    return (gradient, tables)
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (gradient, tables) = try operands(inputs)
    return [.tensor(try tables.reduce(gradient) { try $1.apply(to: $0, .backward) })]
  }

  /// Along each axis a product with the matrix of weights.
  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let (gradient, tables) = try operands(inputs)
    let result = try tables.reduce(gradient) { gradient, table in
      let matrix = try table.matrix(gradient.dtype)
      let last = gradient.rank - 1
      var order = Array(0...last)
      order.swapAt(table.axis.axis, last)
      if table.axis.axis == last { return gradient.matmul(matrix) }
      return gradient.transposed(order).matmul(matrix).transposed(order)
    }
    return [.tensor(result)]
  }
}
