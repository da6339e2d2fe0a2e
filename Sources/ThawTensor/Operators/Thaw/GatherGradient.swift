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
    let gradient = try tensorType(inputs, 0, of: Self.schema)
    let dims = try known.dims(2, of: inputs, in: "GatherGradient")
    guard let dims else { return [.tensor(TensorType(gradient.dtype, nil))] }
    let axis = try Shapes.normalize(axis: axis, rank: dims.count, in: "GatherGradient")
    if let found = gradient.shape, let indexShape = try tensorType(inputs, 1, of: Self.schema).shape {
      let rest = dims[..<axis] + indexShape.map(Dim.known) + dims[(axis + 1)...]
      guard found.count == rest.count, zip(found, rest).allSatisfy({ $1.value == nil || $1.value == $0 }) else {
        throw TensorError(
          .shape,
          "GatherGradient: a gradient of shape \(found) is not that of indices of shape \(indexShape) along axis "
            + "\(axis) of \(TensorType(gradient.dtype, dims))")
      }
    }
    return [.tensor(TensorType(gradient.dtype, dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let shapeTensor = try tensor(inputs, 2, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues([nil, nil, shapeTensor]))
    let shape = try shapeTensor.integers()
    let axis = try Shapes.normalize(axis: axis, rank: shape.count, in: "GatherGradient")
    let indices = try tensor(inputs, 1, of: Self.schema).indices(below: shape[axis], axis: axis, in: "GatherGradient")
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
  ///
  /// - Throws: `TensorError` of kind `shape` when one is negative.
  func dims(_ index: Int, of inputs: [ValueType?], in name: String) throws -> [Dim]? {
    if let shape = try integers(index) {
      guard DType.elementCount(of: shape) != nil else {
        throw TensorError(.shape, "\(name): there is no tensor of shape \(shape)")
      }
      return shape.map(Dim.known)
    }
    guard index < inputs.count else { return nil }
    return inputs[index]?.tensor?.unknownDims
  }
}

extension TensorType {
  /// As many unknown dimensions as a shape of this type has numbers; nil when that is not known, or no rank.
  var unknownDims: [Dim]? {
    guard let rank = shape?.first, rank <= 64 else { return nil }
    return Array(repeating: .unknown, count: rank)
  }
}
