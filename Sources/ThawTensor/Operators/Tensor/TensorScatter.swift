import ThawTypes

/// A cache with new slices written along an axis, for each sample from a place of its own on (ONNX TensorScatter-24).
public struct TensorScatter: Composite {
  public var axis: Int
  /// Whether what goes beyond the end goes on at the beginning.
  public var isCircular: Bool

  public init(axis: Int = -2, isCircular: Bool = false) {
    self.axis = axis
    self.isCircular = isCircular
  }

  public static let schema = Schema(
    "TensorScatter", versions: [24],
    inputs: [Input("past_cache"), Input("update"), Input("write_indices", .index, optional: true)],
    outputs: [Output("present_cache")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    let mode = try node.string("mode") ?? "linear"
    guard mode == "linear" || mode == "circular" else {
      throw TensorError(.unsupported, "TensorScatter: the attribute mode is '\(mode)'; it may be linear or circular")
    }
    self.init(axis: try node.int("axis", default: -2), isCircular: mode == "circular")
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["axis": .int(axis), "mode": .text(isCircular ? "circular" : "linear")]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let cache = try tensorType(inputs, 0, of: Self.schema)
    let update = try tensorType(inputs, 1, of: Self.schema)
    guard let dims = cache.dims, let updateDims = update.dims else { return [.tensor(cache)] }
    let axis = try Shapes.normalize(axis: axis, rank: dims.count, in: "TensorScatter")
    let fits =
      dims.count == updateDims.count && axis > 0
      && dims.indices.allSatisfy { index in
        guard let size = dims[index].value, let new = updateDims[index].value else { return true }
        return index == axis ? new <= size : new == size
      }
    guard fits, cache.dtype == update.dtype else {
      throw TensorError(
        .shape,
        "TensorScatter: the cache is \(cache) and the update \(update); they should agree but for axis \(axis), which "
          + "is not the first")
    }
    return [.tensor(cache)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let cache = try tensor(inputs, 0, of: Self.schema)
    let update = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let axis = try Shapes.normalize(axis: axis, rank: cache.rank, in: "TensorScatter")
    let after = [Int](repeating: 1, count: cache.rank - 1 - axis)
    var places = Tensor.range(update.shapeTensor().gather(Tensor(axis))).reshaped(to: [-1] + after)
    if let starts = try optionalTensor(inputs, 2, of: Self.schema) {
      places = places + starts.reshaped(to: [-1] + [Int](repeating: 1, count: cache.rank - 1))
    }
    if isCircular { places = try apply(Mod(), to: places, cache.shapeTensor().gather(Tensor(axis))) }
    let indices = places.expanded(to: update.shapeTensor())
    return [.tensor(cache.scatterElements(indices, update, axis: axis))]
  }
}
