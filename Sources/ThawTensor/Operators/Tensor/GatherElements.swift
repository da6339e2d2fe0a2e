import ThawKernels
import ThawTypes

/// Elements picked one by one along an axis (ONNX GatherElements-11, 13).
public struct GatherElements: Primitive {
  public var axis: Int

  public init(axis: Int = 0) { self.axis = axis }

  public static let schema = Schema(
    "GatherElements", versions: [11, 13], inputs: [Input("data"), Input("indices", .index)],
    outputs: [Output("output")], batch: .mixing, autogradName: "Gather")

  public init(_ node: NodeReader) throws { self.init(axis: try node.int("axis", default: 0)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["axis": .int(axis)] }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let axis = axis < 0 ? axis + batch.shape(0).count : axis
    return batch[0] == batch[1] && batch[0] != axis ? batch.all(batch[0]) : batch.mixed
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    let indices = try tensorType(inputs, 1, of: Self.schema)
    if let dims = data.dims, let indexDims = indices.dims {
      let axis = try Shapes.normalize(axis: axis, rank: dims.count, in: "GatherElements")
      try checkIndexed(indexDims, dims, axis: axis, in: "GatherElements")
    }
    return [.tensor(TensorType(data.dtype, indices.dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let indices = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes([.tensor(data.type), .tensor(indices.type)], known: KnownValues())
    let axis = try Shapes.normalize(axis: axis, rank: data.rank, in: "GatherElements")
    let checked = try indices.indices(below: data.shape[axis], axis: axis, in: "GatherElements")
    let request = GatherElementsRequest(
      itemSize: data.dtype.itemSize, dataShape: data.shape, indexShape: indices.shape, axis: axis,
      indexType: indices.dtype)
    return [.tensor(try compute(request, data.contiguous(), checked, dtype: data.dtype, shape: indices.shape))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[1], (inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    let indices = try tensor(saved, 0, of: Self.schema)
    let zeros = gradient.zeros(shape: try tensor(saved, 1, of: Self.schema))
    return [zeros.scatterElements(indices, gradient, axis: axis, reduction: .add), nil]
  }
}

extension Tensor {
  /// The elements at `indices` along `axis`, one for each index; see `GatherElements`.
  public func gatherElements(_ indices: Tensor, axis: Int = 0) -> Tensor {
    .catching { try apply(GatherElements(axis: axis), to: self, indices) }
  }
}
