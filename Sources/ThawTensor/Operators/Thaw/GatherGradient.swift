import ThawKernels
import ThawTypes

/// The gradient of `Gather`: slices added up, at their indices, in a tensor of the given shape.
public struct GatherGradient: Expandable {
  public var axis: Int

  public init(axis: Int) { self.axis = axis }

  public static let schema = Schema(
    "GatherGradient", domain: .thaw, versions: [1],
    inputs: [Input("dY"), Input("indices", .index), Input("shape", .index, value: true)], outputs: [Output("dX")],
    batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(axis: try node.int("axis", default: 0)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["axis": .int(axis)] }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let dtype = try tensorType(inputs, 0, of: Self.schema).dtype
    return [.tensor(TensorType(dtype, try known.dims(2, of: inputs)))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let shape = try tensor(inputs, 2, of: Self.schema).integers()
    let axis = try Shapes.normalize(axis: axis, rank: shape.count, in: "GatherGradient")
    let indices = try tensor(inputs, 1, of: Self.schema).indices(below: shape[axis], axis: axis, in: "GatherGradient")
    guard gradient.shape == Array(shape[..<axis]) + indices.shape + Array(shape[(axis + 1)...]) else {
      throw TensorError(
        .shape,
        "GatherGradient: a gradient of shape \(gradient.shape) is not that of indices of shape "
          + "\(indices.shape) along axis \(axis) of \(shape)")
    }
    let result = try Tensor.full(shape, 0, dtype: gradient.dtype).copied()
    let request = ScatterRequest(
      reduction: .add, dtype: gradient.dtype, outer: shape[..<axis].reduce(1, *), length: shape[axis],
      inner: shape[(axis + 1)...].reduce(1, *), indexCount: indices.count, indexType: indices.dtype)
    try compute(request, [try gradient.contiguous(), indices], onto: [result])
    return [.tensor(result)]
  }

  /// ScatterElements, with the indices repeated over the slices.
  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let indices = try tensor(inputs, 1, of: Self.schema).reshaped(to: [-1])
    let shape = try tensor(inputs, 2, of: Self.schema)
    let axis = try Shapes.normalize(axis: axis, rank: shape.count, in: "GatherGradient")
    let slices = Tensor.concat([
      shape.slice([0..<axis]), indices.shapeTensor(), shape.slice([(axis + 1)..<shape.count]),
    ])
    let others = (0..<shape.count).filter { $0 != axis }
    let rows = try apply(Reshape(allowsZero: true), to: gradient, slices)
    let spread = indices.unsqueezed(axes: others).expanded(to: slices)
    return [.tensor(gradient.zeros(shape: shape).scatterElements(spread, rows, axis: axis, reduction: .add))]
  }
}

extension KnownValues {
  /// The dimensions that input `index`, a shape, gives; as many unknown ones where only their number is known.
  func dims(_ index: Int, of inputs: [ValueType?]) throws -> [Dim]? {
    if let shape = try integers(index) { return shape.map(Dim.known) }
    guard index < inputs.count, let rank = inputs[index]?.tensor?.shape?.first else { return nil }
    return Array(repeating: .unknown, count: rank)
  }
}
