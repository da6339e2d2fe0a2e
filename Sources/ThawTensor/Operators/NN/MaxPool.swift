import ThawKernels
import ThawTypes

/// The maximum in each window, and where it is (ONNX MaxPool-1, 8, 10, 11, 12, 22).
///
/// Of equal maxima the first one, row-major, is meant: it gets the gradient, as in PyTorch. Padding is never the
/// maximum; a window of nothing else is refused. The indices are flat over the whole input.
public struct MaxPool: Primitive {
  public var window: SlidingWindow
  /// Whether the number of windows is rounded up.
  public var ceilMode: Bool
  /// Whether the indices count the first spatial axis fastest (ONNX's `storage_order` 1).
  public var columnMajorIndices: Bool

  public init(window: SlidingWindow, ceilMode: Bool = false, columnMajorIndices: Bool = false) {
    self.window = window
    self.ceilMode = ceilMode
    self.columnMajorIndices = columnMajorIndices
  }

  public static let schema = Schema(
    "MaxPool", versions: [1, 8, 10, 11, 12, 22], inputs: [Input("X")],
    outputs: [Output("Y"), Output("Indices", optional: true, differentiable: false)], batch: .rowwise)

  public init(_ node: NodeReader) throws {
    let window = try SlidingWindow(node, hasDilations: node.version >= 10)
    self.init(
      window: window, ceilMode: node.version >= 10 ? try node.flag("ceil_mode", default: false) : false,
      columnMajorIndices: node.version >= 8 ? try node.flag("storage_order", default: false) : false)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    pooling.attributes(columnMajorIndices ? ["storage_order": .int(1)] : [:])
  }

  public var minimumOpset: Int { ceilMode || window.dilations != nil ? 10 : columnMajorIndices ? 8 : 1 }

  private var pooling: Pooling { Pooling(name: "MaxPool", window: window, ceilMode: ceilMode) }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    // Indices count the elements of the whole batch.
    batch.outputs.indices.map { $0 == 0 ? batch.rowwise()[0] : nil }
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let y = try pooling.outputType(try tensorType(inputs, 0, of: Self.schema))
    return [.tensor(y), .tensor(TensorType(.int64, y.dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try pooling.outputType(x.type)
    let geometry = try pooling.geometry(over: x.shape)
    let request = pooling.request(
      .maximum, .forward, dtype: x.dtype, planes: x.shape, geometry: geometry, columnMajor: columnMajorIndices,
      hasIndices: wanted[1])
    let shape = x.shape[..<2] + geometry.output
    let results = try compute(
      request, [x.contiguous()], outputs: [(x.dtype, Array(shape)), wanted[1] ? (.int64, Array(shape)) : nil])
    return results.map { $0.map(Value.tensor) }
  }

  public func outputsToSave(needs: InputMask) -> OutputMask { .only(1) }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [outputs[1], (inputs[0]?.tensor?.spatialShape()).map(Value.tensor)]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let operation = MaxPoolGradient(window: window, ceilMode: ceilMode, columnMajorIndices: columnMajorIndices)
    return [
      try apply(operation, to: gradient, try tensor(saved, 0, of: Self.schema), try tensor(saved, 1, of: Self.schema))
    ]
  }
}

extension Tensor {
  /// The maximum in each window over the axes behind batch and channels; see `MaxPool`.
  public func maxPool(
    kernel: [Int], strides: [Int]? = nil, pads: [Int]? = nil, dilations: [Int]? = nil, autoPad: AutoPad = .notSet,
    ceilMode: Bool = false
  ) -> Tensor {
    let window = SlidingWindow(kernel: kernel, strides: strides, pads: pads, dilations: dilations, autoPad: autoPad)
    return .catching { try apply(MaxPool(window: window, ceilMode: ceilMode), to: self) }
  }
}
