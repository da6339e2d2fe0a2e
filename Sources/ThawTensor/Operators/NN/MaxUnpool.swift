import ThawTypes

/// Elements put back where a MaxPool took them from, zeros elsewhere (ONNX MaxUnpool-9, 11, 22).
public struct MaxUnpool: Composite {
  public var window: SlidingWindow

  public init(window: SlidingWindow) { self.window = window }

  public static let schema = Schema(
    "MaxUnpool", versions: [9, 11, 22],
    inputs: [Input("X"), Input("I", .index), Input("output_shape", .index, value: true, optional: true)],
    outputs: [Output("output")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(window: try SlidingWindow(node, hasDilations: false))
    _ = try node.required("kernel_shape", window.kernel)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { window.attributes }

  public var minimumOpset: Int { 9 }

  /// The shape that the indices count in.
  private func pooledShape(_ shape: [Int]) throws -> [Int] {
    let space = try SlidingWindow.spatial(shape, in: "MaxUnpool")
    guard window.kernel?.count == space.count else {
      throw TensorError(
        .operand,
        "MaxUnpool: the attribute kernel_shape is \(window.kernel ?? []), and the input has \(space.count) spatial axes"
      )
    }
    let axes = try window.axes(kernel: space.map { _ in nil }, in: "MaxUnpool")
    let sizes = try zip(space, axes).map { size, axis -> Int in
      let (span, overflow) = (size - 1).multipliedReportingOverflow(by: axis.stride)
      let (total, overflow2) = span.addingReportingOverflow((axis.extent ?? 1) - axis.pads.begin - axis.pads.end)
      guard !overflow, !overflow2, total >= 0 else {
        throw TensorError(
          .shape, "MaxUnpool: no input of the pool gives \(size) places along spatial axis \(axis.index)")
      }
      return total
    }
    return shape[..<2] + sizes
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    let indices = try tensorType(inputs, 1, of: Self.schema)
    if let a = x.shape, let b = indices.shape, a != b {
      throw TensorError(.shape, "MaxUnpool: X has the shape \(a) and I \(b); they should agree")
    }
    if let shape = try known.integers(2) { return [.tensor(TensorType(x.dtype, shape: shape))] }
    guard let dims = x.dims else { return [.tensor(x)] }
    guard let shape = x.shape, inputs.count < 3 || inputs[2] == nil else {
      return [.tensor(TensorType(x.dtype, dims.enumerated().map { $0 < 2 ? $1 : .unknown }))]
    }
    return [.tensor(TensorType(x.dtype, shape: try pooledShape(shape)))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let indices = try tensor(inputs, 1, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let shape = try pooledShape(x.shape)
    guard let count = DType.elementCount(of: shape) else {
      throw TensorError(.shape, "MaxUnpool: there is no tensor of shape \(shape)")
    }
    let flat = try Tensor.full([count], 0, dtype: x.dtype)
      .scatterElements(indices.reshaped(to: [-1]), x.reshaped(to: [-1]))
    let result = flat.reshaped(to: shape)
    guard let target = try optionalTensor(inputs, 2, of: Self.schema)?.integers() else { return [.tensor(result)] }
    guard target.count == shape.count, zip(target, shape).allSatisfy({ $0 >= $1 }) else {
      throw TensorError(.shape, "MaxUnpool: output_shape is \(target), and should be at least \(shape)")
    }
    return [.tensor(result.padded(shape.map { _ in 0 } + zip(target, shape).map { $0 - $1 }))]
  }
}
