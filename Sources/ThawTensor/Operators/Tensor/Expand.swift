import ThawTypes

/// A tensor repeated to a shape by broadcasting, which may go both ways (ONNX Expand-8, 13).
public struct Expand: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "Expand", versions: [8, 13], inputs: [Input("input"), Input("shape", .index, value: true)],
    outputs: [Output("output")], batch: .mixing)

  /// What is copied as often as there are samples is a copy for each.
  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    let rank = batch.outputs.first?.count ?? 0
    if let axis = batch[0], batch[1] == nil { return batch.all(rank - batch.shape(0).count + axis) }
    return batch.copied(0)
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = input.dims, let target = try known.integers(1) else {
      return [.tensor(TensorType(input.dtype, nil))]
    }
    guard DType.elementCount(of: target) != nil, let result = Shapes.broadcast(dims, target.map(Dim.known)) else {
      throw TensorError.broadcast("Expand", dims, target.map(Dim.known))
    }
    return [.tensor(TensorType(input.dtype, result))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    let target = try tensor(inputs, 1, of: Self.schema).integers()
    guard DType.elementCount(of: target) != nil, let shape = Shapes.broadcast(input.shape, target) else {
      throw TensorError.broadcast("Expand", input.shape.map(Dim.known), target.map(Dim.known))
    }
    return [.tensor(try input.view(shape: shape, strides: try input.strides(broadcastTo: shape)))]
  }

  /// The gradient has the repeated shape; summing it to the input's is what every broadcast gradient gets.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    [gradients[0], nil]
  }
}

extension Tensor {
  /// This tensor repeated to `shape` by broadcasting; see `Expand`.
  public func expanded(to shape: Tensor) -> Tensor { .catching { try apply(Expand(), to: self, shape) } }

  /// See `Expand`.
  public func expanded(to shape: [Int]) -> Tensor { .catching { try apply(Expand(), to: self, Tensor(shape)) } }
}
