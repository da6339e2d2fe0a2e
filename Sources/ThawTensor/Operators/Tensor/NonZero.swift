import ThawTypes

/// The coordinates of the elements that are not 0, row-major, one row for each axis (ONNX NonZero-9, 13).
public struct NonZero: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "NonZero", versions: [9, 13], inputs: [Input("X", .index, value: true)],
    outputs: [Output("Y", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "a place is a whole number"))

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let rank = try tensorType(inputs, 0, of: Self.schema).dims?.count
    let count = try known[0].map { try places($0).count }
    return [.tensor(TensorType(.int64, [rank.map(Dim.known) ?? .unknown, count.map(Dim.known) ?? .unknown]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let places = try places(x)
    let strides = Strides.contiguous(for: x.shape)
    let coordinates = x.shape.indices.flatMap { axis in places.map { $0 / strides[axis] % x.shape[axis] } }
    return [.tensor(try Tensor(copying: coordinates, shape: [x.rank, places.count]))]
  }

  /// The row-major numbers of the elements that are not 0.
  private func places(_ x: Tensor) throws -> [Int] {
    let isSet = x.dtype == .string ? try x.strings().map { !$0.isEmpty } : try x.elements(as: Bool.self)
    return isSet.indices.filter { isSet[$0] }
  }
}

extension Tensor {
  /// The coordinates of the elements that are not 0; see `NonZero`.
  public func nonZero() -> Tensor { .catching { try apply(NonZero(), to: self) } }
}
