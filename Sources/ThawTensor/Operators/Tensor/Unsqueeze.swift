/// A tensor with axes of size 1 put in (ONNX Unsqueeze-1, 11, 13, 21, 23, 24, 25).
public struct Unsqueeze: Primitive {
  public init() {}

  public static let schema = Schema(
    "Unsqueeze", versions: [1, 11, 13, 21, 23, 24, 25], inputs: [Input("data"), Input("axes", .index, value: true)],
    outputs: [Output("expanded")], batch: .reshaping)

  public init(_ node: NodeReader) throws {
    if node.version < 13 {
      node.supply(try Tensor(copying: try node.required("axes", try node.ints("axes")), shape: nil), asInput: 1)
    }
  }

  public var minimumOpset: Int { 13 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = data.dims, let axes = try known.integers(1) else {
      return [.tensor(TensorType(data.dtype, nil))]
    }
    return [.tensor(TensorType(data.dtype, try insert(.known(1), into: dims, at: axes)))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let axes = try tensor(inputs, 1, of: Self.schema).integers()
    let shape = try insert(1, into: data.shape, at: axes)
    if case .strings(let strings) = data.contents { return [.tensor(try Tensor(strings: strings, shape: shape))] }
    return [.tensor(try data.view(shape: shape, strides: try insert(0, into: data.strides ?? [], at: axes)))]
  }

  private func insert<D>(_ new: D, into list: [D], at axes: [Int]) throws -> [D] {
    let rank = list.count + axes.count
    let axes = try Shapes.normalize(axes: axes, rank: rank, in: "Unsqueeze")
    var rest = list[...]
    return (0..<rank).map { axes.contains($0) ? new : rest.removeFirst() }
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[1]] }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    return [try apply(Squeeze(), to: gradient, try tensor(saved, 0, of: Self.schema)), nil]
  }
}

extension Tensor {
  /// This tensor with axes of size 1 at these places of the result; see `Unsqueeze`.
  public func unsqueezed(axes: [Int]) -> Tensor { .catching { try apply(Unsqueeze(), to: self, Tensor(axes)) } }
}
