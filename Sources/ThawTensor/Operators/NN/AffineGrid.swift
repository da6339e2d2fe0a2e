import ThawTypes

/// The places of images of a size, from −1 to 1, moved by matrices (ONNX AffineGrid-20; PyTorch's `affine_grid`).
public struct AffineGrid: Composite {
  /// Whether −1 and 1 are the middles of the outermost elements, rather than their edges.
  public var alignsCorners: Bool

  public init(alignsCorners: Bool = false) { self.alignsCorners = alignsCorners }

  public static let schema = Schema(
    "AffineGrid", versions: [20], inputs: [Input("theta"), Input("size", .index, value: true)],
    outputs: [Output("grid")], batch: .mixing, autogradName: "AffineGridGenerator")

  public init(_ node: NodeReader) throws { self.init(alignsCorners: try node.flag("align_corners", default: false)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["align_corners": .int(alignsCorners ? 1 : 0)] }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch[0] == 0 ? batch.all(0) : batch.mixed }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let theta = try tensorType(inputs, 0, of: Self.schema)
    guard theta.dtype.isFloatingPoint else {
      throw TensorError(.dtype, "AffineGrid: theta is \(theta), and should be floating")
    }
    guard let size = try known.integers(1) else { return [.tensor(TensorType(theta.dtype, nil))] }
    let rank = size.count - 2
    guard rank == 2 || rank == 3, size.allSatisfy({ $0 > 0 }), (DType.elementCount(of: size) ?? .max) <= 1 << 28 else {
      throw TensorError(.shape, "AffineGrid: the size is \(size), and should be of images: 4 or 5 positive numbers")
    }
    if let shape = theta.shape, shape != [size[0], rank, rank + 1] {
      throw TensorError(
        .shape,
        "AffineGrid: theta has the shape \(shape), and for the size \(size) it should have "
          + "\([size[0], rank, rank + 1])")
    }
    return [.tensor(TensorType(theta.dtype, shape: [size[0]] + size[2...] + [rank]))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let theta = try tensor(inputs, 0, of: Self.schema)
    let sizes = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues([nil, sizes]))
    let size = try sizes.integers()
    let spatial = Array(size[2...])
    let strides = Strides.contiguous(for: spatial)
    // For each place its coordinates, the last axis' first, and a one.
    let points = (0..<spatial.reduce(1, *)).flatMap { place -> [Double] in
      spatial.indices.reversed().map { axis in
        coordinate(place / strides[axis] % spatial[axis], of: spatial[axis])
      } + [1]
    }
    let base = Tensor(elements: points, shape: [points.count / (spatial.count + 1), spatial.count + 1])
    let grid = base.cast(to: theta.dtype).matmul(theta.transposed([0, 2, 1]))
    return [.tensor(grid.reshaped(to: [size[0]] + spatial + [spatial.count]))]
  }

  private func coordinate(_ index: Int, of size: Int) -> Double {
    guard alignsCorners else { return (2 * Double(index) + 1) / Double(size) - 1 }
    return size == 1 ? 0 : 2 * Double(index) / Double(size - 1) - 1
  }
}
