import ThawKernels
import ThawTypes

/// A copy of a tensor with elements put in one by one along an axis (ONNX ScatterElements-11, 13, 16, 18).
///
/// Where an index repeats under the reduction `none`, the last update stays.
public struct ScatterElements: Scattering {
  public var axis: Int
  public var reduction: ScatterMode

  public init(axis: Int = 0, reduction: ScatterMode = .none) {
    self.axis = axis
    self.reduction = reduction
  }

  public static let schema = Schema(
    "ScatterElements", versions: [11, 13, 16, 18],
    inputs: [Input("data"), Input("indices", .index), Input("updates")], outputs: [Output("output")], batch: .mixing,
    autogradName: "Scatter")

  public init(_ node: NodeReader) throws {
    self.init(
      axis: try node.int("axis", default: 0), reduction: try ScatterMode(node, since: 16, maxSince: 18))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    reduction == .none ? ["axis": .int(axis)] : ["axis": .int(axis), "reduction": .text(reduction.rawValue)]
  }

  public var minimumOpset: Int {
    switch reduction {
    case .none: 11
    case .add, .mul: 16
    case .max, .min: 18
    }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    let indices = try tensorType(inputs, 1, of: Self.schema)
    try check(data, indices, try tensorType(inputs, 2, of: Self.schema))
    return [.tensor(data)]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let indices = try tensor(inputs, 1, of: Self.schema)
    let updates = try tensor(inputs, 2, of: Self.schema)
    try check(data.type, indices.type, updates.type)
    let axis = try Shapes.normalize(axis: axis, rank: data.rank, in: "ScatterElements")
    let checked = try indices.indices(below: data.shape[axis], axis: axis, in: "ScatterElements")
    let result = try data.copied()
    let request = ScatterElementsRequest(
      reduction: reduction.kernel, dtype: data.dtype, dataShape: data.shape, indexShape: indices.shape, axis: axis,
      indexType: indices.dtype)
    try compute(request, [try updates.contiguous(), checked], onto: [result])
    return [.tensor(result)]
  }

  private func check(_ data: TensorType, _ indices: TensorType, _ updates: TensorType) throws {
    guard data.dtype == updates.dtype else {
      throw TensorError(
        .dtype,
        "ScatterElements: data is \(data.dtype) and updates are \(updates.dtype): cast one with Cast (cast(to:))")
    }
    try checkReduces(data.dtype)
    guard let dims = data.dims else { return }
    let axis = try Shapes.normalize(axis: axis, rank: dims.count, in: "ScatterElements")
    if let indexDims = indices.dims { try checkIndexed(indexDims, dims, axis: axis, in: "ScatterElements") }
    if let given = indices.shape, let found = updates.shape, given != found {
      throw TensorError(
        .shape, "ScatterElements: indices have the shape \(given) and updates \(found); they should agree")
    }
  }

  func with(_ reduction: ScatterMode) -> ScatterElements { ScatterElements(axis: axis, reduction: reduction) }

  func picked(_ tensor: Tensor, _ indices: Tensor) -> Tensor { tensor.gatherElements(indices, axis: axis) }
}

/// Checks that indices fit a tensor from which, or into which, single elements are taken along an axis.
func checkIndexed(_ indices: [Dim], _ data: [Dim], axis: Int, in name: String) throws {
  func list(_ dims: [Dim]) -> String { "[\(dims.map(\.description).joined(separator: ", "))]" }
  guard indices.count == data.count else {
    throw TensorError(
      .shape, "\(name): the indices have the shape \(list(indices)) and data \(list(data)); their ranks should be equal"
    )
  }
  for other in data.indices where other != axis {
    if let size = indices[other].value, let limit = data[other].value, size > limit {
      throw TensorError(
        .shape,
        "\(name): the indices have the shape \(list(indices)) and data \(list(data)); apart from axis \(axis) "
          + "the indices may not be larger")
    }
  }
}

extension Tensor {
  /// This tensor with `updates` put in at `indices` along `axis`; see `ScatterElements`.
  public func scatterElements(
    _ indices: Tensor, _ updates: Tensor, axis: Int = 0, reduction: ScatterMode = .none
  ) -> Tensor {
    .catching { try apply(ScatterElements(axis: axis, reduction: reduction), to: self, indices, updates) }
  }
}
