import ThawKernels
import ThawTypes

/// Slices picked by indices along an axis (ONNX Gather-1, 11, 13).
public struct Gather: Primitive {
  public var axis: Int

  public init(axis: Int = 0) { self.axis = axis }

  public static let schema = Schema(
    "Gather", versions: [1, 11, 13], inputs: [Input("data"), Input("indices", .index)], outputs: [Output("output")],
    batch: .mixing, autogradName: "IndexSelect")

  public init(_ node: NodeReader) throws { self.init(axis: try node.int("axis", default: 0)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["axis": .int(axis)] }

  /// Samples stay apart as indices into one table, or as tables beside each other that the same indices read.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let axis = axis < 0 ? axis + batch.shape(0).count : axis
    switch (batch[0], batch[1]) {
    case (nil, let place?) where batch.isSame(0): return batch.all(axis + place)
    case (let place?, nil) where batch.isSame(1) && place != axis:
      return batch.all(place < axis ? place : place + batch.shape(1).count - 1)
    default: return batch.mixed
    }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    let indices = try tensorType(inputs, 1, of: Self.schema)
    guard let dims = data.dims else { return [.tensor(TensorType(data.dtype, nil))] }
    let axis = try Shapes.normalize(axis: axis, rank: dims.count, in: "Gather")
    guard let indexDims = indices.dims else { return [.tensor(TensorType(data.dtype, nil))] }
    return [.tensor(TensorType(data.dtype, dims[..<axis] + indexDims + dims[(axis + 1)...]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let axis = try Shapes.normalize(axis: axis, rank: data.rank, in: "Gather")
    let indices = try tensor(inputs, 1, of: Self.schema).indices(below: data.shape[axis], axis: axis, in: "Gather")
    return [.tensor(try data.gathered(indices, axis: axis))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[1], (inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    let indices = try tensor(saved, 0, of: Self.schema)
    return [try apply(GatherGradient(axis: axis), to: gradient, indices, try tensor(saved, 1, of: Self.schema)), nil]
  }
}

extension Tensor {
  /// Slices in memory at row-major indices that have been checked.
  func gathered(_ indices: Tensor, axis: Int) throws -> Tensor {
    let inner = shape[(axis + 1)...]
    let request = GatherRequest(
      itemSize: dtype.itemSize, outer: shape[..<axis].reduce(1, *), length: shape[axis], inner: inner.reduce(1, *),
      indexCount: indices.count, indexType: indices.dtype)
    return try compute(
      request, try contiguous(), indices, dtype: dtype, shape: Array(shape[..<axis]) + indices.shape + Array(inner))
  }

  /// Slices at `indices` along `axis`; see `Gather`.
  public func gather(_ indices: Tensor, axis: Int = 0) -> Tensor {
    .catching { try apply(Gather(axis: axis), to: self, indices) }
  }
}
