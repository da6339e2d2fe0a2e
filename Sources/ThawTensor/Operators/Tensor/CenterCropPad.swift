import ThawTypes

/// A tensor cropped, or padded with zeros, around its middle to a shape (ONNX CenterCropPad-18).
///
/// Where the difference is odd, the end loses or gets one more.
public struct CenterCropPad: Composite {
  /// The axes that the shape is of; nil for all.
  public var axes: [Int]?

  public init(axes: [Int]? = nil) { self.axes = axes }

  public static let schema = Schema(
    "CenterCropPad", versions: [18], inputs: [Input("input_data"), Input("shape", .index, value: true)],
    outputs: [Output("output_data")], batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(axes: try node.ints("axes")) }

  public func attributes(opset: Int) throws -> [String: Attribute] { axes.map { ["axes": .ints($0)] } ?? [:] }

  private func sizes(_ shape: [Int], rank: Int) throws -> [(axis: Int, size: Int)] {
    let axes = axes ?? Array(0..<rank)
    _ = try Shapes.normalize(axes: axes, rank: rank, in: "CenterCropPad")
    guard shape.count == axes.count, DType.elementCount(of: shape) != nil else {
      throw TensorError(
        .shape, "CenterCropPad: the shape is \(shape), and should have a size for each of \(axes.count) axes")
    }
    return try zip(axes, shape).map { (try Shapes.normalize(axis: $0, rank: rank, in: "CenterCropPad"), $1) }
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    batch.kept(apartFrom: axes ?? Array(batch.shape(0).indices))
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard var dims = input.dims else { return [.tensor(input)] }
    if let shape = try known.integers(1) {
      for (axis, size) in try sizes(shape, rank: dims.count) { dims[axis] = .known(size) }
    } else {
      let open = try axes.map { try Shapes.normalize(axes: $0, rank: dims.count, in: "CenterCropPad") }
      for axis in open ?? Array(dims.indices) { dims[axis] = .unknown }
    }
    return [.tensor(TensorType(input.dtype, dims))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    var pads = [Int](repeating: 0, count: 2 * x.rank)
    for (axis, size) in try sizes(try tensor(inputs, 1, of: Self.schema).integers(), rank: x.rank) {
      let missing = size - x.shape[axis]
      pads[axis] = missing / 2
      pads[x.rank + axis] = missing - missing / 2
    }
    return [.tensor(x.padded(pads))]
  }
}
