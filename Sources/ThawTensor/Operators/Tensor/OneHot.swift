import ThawTypes

/// One value where an index points to along a new axis, another elsewhere (ONNX OneHot-9, 11, 28).
///
/// Negative indices count from the end; those outside the depth point nowhere.
public struct OneHot: Composite {
  public var axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public static let schema = Schema(
    "OneHot", versions: [9, 11, 28],
    inputs: [Input("indices", .index), Input("depth", .index, value: true), Input("values", .setting)],
    outputs: [Output("output")], batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(axis: try node.int("axis", default: -1)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["axis": .int(axis)] }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    guard let place = batch[0], batch.isSame(1), batch.isSame(2) else { return batch.mixed }
    return batch.all(place < (axis < 0 ? axis + batch.shape(0).count + 1 : axis) ? place : place + 1)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let indices = try tensorType(inputs, 0, of: Self.schema)
    _ = try tensorType(inputs, 1, of: Self.schema)
    let values = try tensorType(inputs, 2, of: Self.schema)
    let depth = try known[1].map(depth)
    guard var dims = indices.dims else { return [.tensor(TensorType(values.dtype, nil))] }
    let axis = try Shapes.normalize(axis: axis, rank: dims.count + 1, in: "OneHot")
    dims.insert(depth.map(Dim.known) ?? .unknown, at: axis)
    return [.tensor(TensorType(values.dtype, dims))]
  }

  private func depth(_ tensor: Tensor) throws -> Int {
    let number = try tensor.item().rounded(.towardZero)
    guard let depth = Int(exactly: number), depth >= 0 else {
      throw TensorError(.range, "OneHot: the depth should be a number of classes and is \(number)")
    }
    return depth
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    var indices = try tensor(inputs, 0, of: Self.schema)
    let count = try tensor(inputs, 1, of: Self.schema)
    let values = try tensor(inputs, 2, of: Self.schema)
    if !count.isTraced { _ = try depth(count) }
    if indices.dtype != .int64 { indices = indices.cast(to: .int64) }
    let depth = (count.dtype == .int64 ? count : count.cast(to: .int64)).reshaped(to: [] as [Int])
    let axis = try Shapes.normalize(axis: axis, rank: indices.rank + 1, in: "OneHot")
    let classes = Tensor.range(depth).reshaped(to: [-1] + Array(repeating: 1, count: indices.rank - axis))
    let wrapped = Tensor.where(indices .< 0, indices + depth, indices)
    let isHot = wrapped.unsqueezed(axes: [axis]) .== classes
    return [.tensor(.where(isHot, values.gather(Tensor(1)), values.gather(Tensor(0))))]
  }
}

extension Tensor {
  /// One along a new axis where these indices point, zero elsewhere, in float32; see `OneHot`.
  public func oneHot(depth: Int, axis: Int = -1) -> Tensor {
    .catching { try apply(OneHot(axis: axis), to: self, Tensor(depth), Tensor([0, 1] as [Float])) }
  }
}
