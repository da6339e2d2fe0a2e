/// The mean over all axes behind batch and channels, which stay with size 1 (ONNX GlobalAveragePool-1, 22).
public struct GlobalAveragePool: Composite {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema("GlobalAveragePool", versions: [1, 22], inputs: [Input("X")], batch: .rowwise)

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try globallyPooled(try tensorType(inputs, 0, of: Self.schema), in: "GlobalAveragePool"))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try globallyPooled(x.type, in: "GlobalAveragePool")
    return [.tensor(x.rank == 2 ? x : x.mean(axes: Array(2..<x.rank), keepDims: true))]
  }
}

/// The type of a tensor with its axes behind batch and channels pooled to one element.
func globallyPooled(_ x: TensorType, in name: String) throws -> TensorType {
  guard x.dtype.isFloatingPoint else {
    throw TensorError(.dtype, "\(name): the input is \(x.dtype), and only floating-point numbers are pooled")
  }
  guard let dims = x.dims else { return TensorType(x.dtype, nil) }
  guard dims.count >= 2 else {
    throw TensorError(.shape, "\(name): the input is \(x), and should have a batch and a channel axis")
  }
  return TensorType(x.dtype, dims[..<2] + dims[2...].map { _ in .known(1) })
}

extension Tensor {
  /// The mean over all axes behind batch and channels; see `GlobalAveragePool`.
  public func globalAveragePool() -> Tensor { .catching { try apply(GlobalAveragePool(), to: self) } }
}
