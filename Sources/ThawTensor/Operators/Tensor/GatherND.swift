import ThawKernels
import ThawTypes

/// Elements or slices picked by coordinates (ONNX GatherND-11, 12, 13).
///
/// The last axis of the indices holds the coordinates of one slice; the first `batchRank` axes are shared with the data.
public struct GatherND: Primitive {
  public var batchRank: Int

  public init(batchRank: Int = 0) { self.batchRank = batchRank }

  public static let schema = Schema(
    "GatherND", versions: [11, 12, 13], inputs: [Input("data"), Input("indices", .index)],
    outputs: [Output("output")], batch: .mixing, autogradName: "Index")

  public init(_ node: NodeReader) throws {
    self.init(batchRank: node.version >= 12 ? try node.int("batch_dims", default: 0) : 0)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    batchRank == 0 ? [:] : ["batch_dims": .int(batchRank)]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    switch (batch[0], batch[1]) {
    case (nil, let place?) where batch.isSame(0) && place >= batchRank && place < batch.shape(1).count - 1:
      return batch.all(place)
    case (let place?, let other?) where place == other && place < batchRank: return batch.all(place)
    default: return batch.mixed
    }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    let indices = try tensorType(inputs, 1, of: Self.schema)
    guard let dims = data.dims, let indexDims = indices.dims else { return [.tensor(TensorType(data.dtype, nil))] }
    guard batchRank >= 0, batchRank < indexDims.count, batchRank <= dims.count else {
      throw TensorError(
        .shape,
        "GatherND: batch_dims is \(batchRank), and should be below the indices' rank \(indexDims.count) and at most "
          + "the data's, \(dims.count)")
    }
    guard let depth = indexDims.last?.value else { return [.tensor(TensorType(data.dtype, nil))] }
    guard depth <= dims.count - batchRank else {
      throw TensorError(
        .shape, "GatherND: \(depth) coordinates are given for \(dims.count - batchRank) axes of data \(data)")
    }
    for (a, b) in zip(dims, indexDims).prefix(batchRank) where a.value != nil && b.value != nil && a != b {
      throw TensorError(.shape, "GatherND: data \(data) and indices \(indices) differ in their first \(batchRank) axes")
    }
    return [.tensor(TensorType(data.dtype, indexDims.dropLast() + dims[(batchRank + depth)...]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    guard let shape = try outputTypes(inputs.map { $0?.type }, known: KnownValues())[0].tensor?.shape else {
      throw TensorError(.internal, "GatherND: no shape from known shapes")
    }
    let indices = try tensor(inputs, 1, of: Self.schema)
    let slices = try SliceNumbers(indices, of: data.shape, batchRank: batchRank, in: "GatherND")
    let request = GatherRequest(
      itemSize: data.dtype.itemSize, outer: 1, length: slices.length, inner: slices.inner,
      indexCount: slices.numbers.count, indexType: .int64)
    return [.tensor(try compute(request, data.contiguous(), slices.numbers, dtype: data.dtype, shape: shape))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [inputs[1], (inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    let indices = try tensor(saved, 0, of: Self.schema)
    let shape = try tensor(saved, 1, of: Self.schema)
    if batchRank == 0 { return [gradient.zeros(shape: shape).scatterND(indices, gradient, reduction: .add), nil] }
    return [gradient.added(at: try apply(self, to: .elementNumbers(shape), indices), inShape: shape), nil]
  }
}

extension Tensor {
  /// Elements or slices at coordinates; see `GatherND`.
  public func gatherND(_ indices: Tensor) -> Tensor { .catching { try apply(GatherND(), to: self, indices) } }
}
