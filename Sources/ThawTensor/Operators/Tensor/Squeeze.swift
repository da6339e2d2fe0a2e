/// A tensor without some, or all, of its axes of size 1 (ONNX Squeeze-1, 11, 13, 21, 23, 24, 25).
public struct Squeeze: Primitive {
  public init() {}

  public static let schema = Schema(
    "Squeeze", versions: [1, 11, 13, 21, 23, 24, 25],
    inputs: [Input("data"), Input("axes", .index, value: true, optional: true)], outputs: [Output("squeezed")],
    batch: .reshaping)

  public init(_ node: NodeReader) throws {
    if node.version < 13, let axes = try node.ints("axes") {
      node.supply(try Tensor(copying: axes, shape: nil), asInput: 1)
    }
  }

  public var minimumOpset: Int { 13 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    let hasAxes = inputs.count > 1 && inputs[1] != nil
    guard let dims = data.dims, hasAxes ? known[1] != nil : data.shape != nil else {
      return [.tensor(TensorType(data.dtype, nil))]
    }
    let kept = try keptAxes(dims, squeezing: try known.integers(1))
    return [.tensor(TensorType(data.dtype, kept.map { dims[$0] }))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let axes = try optionalTensor(inputs, 1, of: Self.schema)?.integers()
    let kept = try keptAxes(data.shape.map(Dim.known), squeezing: axes)
    let shape = kept.map { data.shape[$0] }
    if case .strings(let strings) = data.contents { return [.tensor(try Tensor(strings: strings, shape: shape))] }
    return [.tensor(try data.view(shape: shape, strides: kept.map { data.strides?[$0] ?? 0 }))]
  }

  private func keptAxes(_ dims: [Dim], squeezing axes: [Int]?) throws -> [Int] {
    guard let axes else { return dims.indices.filter { dims[$0] != .known(1) } }
    let squeezed = try Shapes.normalize(axes: axes, rank: dims.count, in: "Squeeze")
    for axis in squeezed {
      if let size = dims[axis].value, size != 1 {
        throw TensorError(.shape, "Squeeze: axis \(axis) has size \(size), and only axes of size 1 can be left out")
      }
    }
    return dims.indices.filter { !squeezed.contains($0) }
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    return [try apply(Reshape(allowsZero: true), to: gradient, try tensor(saved, 0, of: Self.schema)), nil]
  }
}

extension Tensor {
  /// This tensor without these axes of size 1, or without all such; see `Squeeze`.
  public func squeezed(axes: [Int]? = nil) -> Tensor {
    .catching { try apply(Squeeze(), to: self, axes.map { Tensor($0) }) }
  }
}
