/// The maximum over all axes behind batch and channels, which stay with size 1 (ONNX GlobalMaxPool-1, 22).
///
/// Of equal maxima the first gets the gradient, as in PyTorch's adaptive pooling and as MaxPool with one window has it.
public struct GlobalMaxPool: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema("GlobalMaxPool", versions: [1, 22], inputs: [Input("X")], batch: .rowwise)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try globallyPooled(try tensorType(inputs, 0, of: Self.schema), in: "GlobalMaxPool"))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try globallyPooled(x.type, in: "GlobalMaxPool")
    if x.rank == 2 { return [.tensor(x)] }
    let count = x.shape[2...].reduce(1, *)
    guard count > 0 else {
      throw TensorError(.shape, "GlobalMaxPool: X is \(x.type), and there is no maximum of no elements")
    }
    let pooled = try apply(Reshape(), to: x, Tensor([0, 0, count])).maxPool(kernel: [count])
    return [.tensor(pooled.reshaped(to: Tensor([0, 0] + x.shape[2...].map { _ in 1 })))]
  }
}

extension Tensor {
  /// The maximum over all axes behind batch and channels; see `GlobalMaxPool`.
  public func globalMaxPool() -> Tensor { .catching { try apply(GlobalMaxPool(), to: self) } }
}
