import ThawTypes

/// A tensor repeated along its axes (ONNX Tile-6, 13).
public struct Tile: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "Tile", versions: [6, 13], inputs: [Input("input"), Input("repeats", .index, value: true)],
    outputs: [Output("output")], batch: .mixing, autogradName: "Repeat")

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    guard let axis = batch[0], let repeats = batch.integers(1), axis < repeats.count else { return batch.mixed }
    return batch.kept(apartFrom: repeats.indices.filter { repeats[$0] != 1 })
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = input.dims else { return [.tensor(input)] }
    guard let repeats = try known.integers(1) else {
      return [.tensor(TensorType(input.dtype, dims.map { _ in .unknown }))]
    }
    try check(repeats, rank: dims.count)
    let result = try zip(dims, repeats).map { dim, count -> Dim in
      if count == 1 { return dim }
      return try dim.value.map { .known(try Self.product($0, count)) } ?? (count == 0 ? .known(0) : .unknown)
    }
    return [.tensor(TensorType(input.dtype, result))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    let repeats = try tensor(inputs, 1, of: Self.schema).integers()
    try check(repeats, rank: input.rank)
    let shape = try zip(input.shape, repeats).map { try Self.product($0, $1) }
    guard DType.elementCount(of: shape) != nil else {
      throw TensorError(.memory, "Tile: a tensor of shape \(input.shape) repeated \(repeats) times fits no memory")
    }
    // Each axis becomes two: which copy, which element.
    let strides = try input.strides(broadcastTo: input.shape)
    let copies = try input.view(
      shape: zip(repeats, input.shape).flatMap { [$0, $1] }, strides: strides.flatMap { [0, $0] })
    return [.tensor(try copies.contiguous().view(shape: shape, strides: Strides.contiguous(for: shape)))]
  }

  private func check(_ repeats: [Int], rank: Int) throws {
    guard repeats.count == rank, repeats.allSatisfy({ $0 >= 0 }) else {
      throw TensorError(
        .shape, "Tile: the repeats \(repeats) should be \(rank) numbers, one for each axis, none of them negative")
    }
  }

  private static func product(_ size: Int, _ count: Int) throws -> Int {
    let (product, overflow) = size.multipliedReportingOverflow(by: count)
    guard !overflow else {
      throw TensorError(.memory, "Tile: an axis of size \(size) cannot be repeated \(count) times")
    }
    return product
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }, inputs[1]]
  }

  /// The copies' gradients added up.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil] }
    let shape = try tensor(saved, 0, of: Self.schema)
    let repeats = try tensor(saved, 1, of: Self.schema)
    let pairs = Tensor.concat([repeats.unsqueezed(axes: [1]), shape.unsqueezed(axes: [1])], axis: 1)
    let copies = try apply(Reshape(allowsZero: true), to: gradient, pairs.reshaped(to: [-1]))
    return [shape.count == 0 ? gradient : copies.sum(axes: (0..<shape.count).map { 2 * $0 }), nil]
  }
}

extension Tensor {
  /// This tensor repeated along each of its axes; see `Tile`.
  public func tiled(_ repeats: [Int]) -> Tensor { .catching { try apply(Tile(), to: self, Tensor(repeats)) } }
}
