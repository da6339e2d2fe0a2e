import ThawKernels
import ThawTypes

/// The gradient of `MaxPool`, from dY, the indices of the maxima and the input's spatial sizes.
///
/// Where windows overlap, an element may be the maximum of several and gets the sum. Indices that leave their plane of
/// the input, which no MaxPool gives, count for nothing.
public struct MaxPoolGradient: Expandable {
  public var window: SlidingWindow
  public var ceilMode: Bool
  public var columnMajorIndices: Bool

  public init(window: SlidingWindow, ceilMode: Bool = false, columnMajorIndices: Bool = false) {
    self.window = window
    self.ceilMode = ceilMode
    self.columnMajorIndices = columnMajorIndices
  }

  public static let schema = Schema(
    "MaxPoolGradient", domain: .thaw, versions: [1],
    inputs: [Input("dY"), Input("Indices", .index), Input("size", .index, value: true)], outputs: [Output("dX")],
    batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(
      window: try SlidingWindow(node), ceilMode: try node.flag("ceil_mode", default: false),
      columnMajorIndices: try node.flag("storage_order", default: false))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    pooling.attributes(columnMajorIndices ? ["storage_order": .int(1)] : [:])
  }

  private var pooling: Pooling { Pooling(name: "MaxPoolGradient", window: window, ceilMode: ceilMode) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let gradient = try tensorType(inputs, 0, of: Self.schema)
    let indices = try tensorType(inputs, 1, of: Self.schema)
    guard indices.dtype == .int64 else {
      throw TensorError(.dtype, "MaxPoolGradient: the indices should be int64 and are \(indices.dtype)")
    }
    if let shape = gradient.shape, let other = indices.shape, shape != other {
      throw TensorError(
        .shape, "MaxPoolGradient: the indices should have the gradient's shape \(shape) and have \(other)")
    }
    return [.tensor(try pooling.gradientType(gradient, size: try known.integers(2)))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let indices = try tensor(inputs, 1, of: Self.schema)
    let size = try tensor(inputs, 2, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues([nil, nil, size]))
    let shape = gradient.shape[..<2] + (try size.integers())
    let request = pooling.request(
      .maximum, .backward, dtype: gradient.dtype, planes: gradient.shape,
      geometry: try pooling.geometry(over: Array(shape)), columnMajor: columnMajorIndices, hasIndices: true)
    return [
      .tensor(
        try compute(
          request, gradient.contiguous(), indices.contiguous(), dtype: gradient.dtype, shape: Array(shape)))
    ]
  }

  /// ScatterElements onto zeros, everything flat: MaxUnpool would lose what overlapping windows share.
  public func expansion(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let gradient = try tensor(inputs, 0, of: Self.schema)
    let indices = try tensor(inputs, 1, of: Self.schema)
    let size = try tensor(inputs, 2, of: Self.schema)
    let space = try size.integers()
    let laidOut = columnMajorIndices ? Array(space.reversed()) : space
    let shape = Tensor.concat([try apply(Shape(start: 0, end: 2), to: gradient), Tensor(laidOut)], axis: 0)
    let scattered = gradient.zeros(shape: shape).reshaped(to: [-1]).scatterElements(
      indices.reshaped(to: [-1]), gradient.reshaped(to: [-1]), reduction: .add
    ).reshaped(to: shape)
    let order = [0, 1] + (2..<gradient.rank).reversed()
    return [.tensor(columnMajorIndices ? scattered.transposed(order) : scattered)]
  }
}
