import ThawTypes

/// A tensor repeated along its axes (ONNX Tile-1, 6, 13).
///
/// The second input has a number for each axis. Version 1 has one number, and the axis as a third input
/// (`hasOldInputs`).
public struct Tile: Primitive {
  /// Whether the inputs are one number and an axis, as version 1 has them.
  public var hasOldInputs: Bool

  public init(hasOldInputs: Bool = false) { self.hasOldInputs = hasOldInputs }
  public init(_ node: NodeReader) throws { self.init(hasOldInputs: node.version < 6) }

  public static let schema = Schema(
    "Tile", versions: [1, 6, 13],
    inputs: [
      Input("input"), Input("repeats", .index, value: true), Input("axis", .index, value: true, optional: true),
    ], outputs: [Output("output")], batch: .mixing, autogradName: "Repeat")

  public func attributes(opset: Int) throws -> [String: Attribute] {
    guard hasOldInputs == (opset < 6) else {
      throw TensorError(.unsupported, "Tile: opset \(opset) has other inputs than the operation")
    }
    return [:]
  }

  public var minimumOpset: Int { hasOldInputs ? 1 : 13 }

  /// How often each axis is repeated, whatever the version; nil when it is not known.
  private func repeats(_ second: Tensor?, _ third: Tensor?, rank: Int) throws -> [Int]? {
    guard hasOldInputs else { return try second?.integers() }
    guard let counts = try second?.elements(as: Double.self), let axes = try third?.elements(as: Double.self) else {
      return nil
    }
    guard counts.count == 1, axes.count == 1, let count = Int(exactly: counts[0]), let axis = Int(exactly: axes[0])
    else {
      throw TensorError(.shape, "Tile: tiles are \(counts) and the axis \(axes); both should be one whole number")
    }
    var repeats = [Int](repeating: 1, count: rank)
    repeats[try Shapes.normalize(axis: axis, rank: rank, in: "Tile")] = count
    return repeats
  }

  private func repeats(_ inputs: [Value?], rank: Int) throws -> [Int] {
    let axis = try optionalTensor(inputs, 2, of: Self.schema)
    guard let repeats = try repeats(try tensor(inputs, 1, of: Self.schema), axis, rank: rank) else {
      throw TensorError(.operand, "Tile: input 2 (axis) is missing")
    }
    return repeats
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    guard let axis = batch[0], !hasOldInputs, let repeats = batch.integers(1), axis < repeats.count else {
      return batch.mixed
    }
    return batch.kept(apartFrom: repeats.indices.filter { repeats[$0] != 1 })
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = input.dims else { return [.tensor(input)] }
    guard let repeats = try repeats(known[1], known[2], rank: dims.count) else {
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
    let repeats = try repeats(inputs, rank: input.rank)
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
    [(inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }, inputs[1], inputs.count > 2 ? inputs[2] : nil]
  }

  /// The copies' gradients added up.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil, nil, nil] }
    let shape = try tensor(saved, 0, of: Self.schema)
    let repeats = hasOldInputs ? Tensor(try repeats(saved, rank: shape.count)) : try tensor(saved, 1, of: Self.schema)
    let pairs = Tensor.concat([repeats.unsqueezed(axes: [1]), shape.unsqueezed(axes: [1])], axis: 1)
    let copies = try apply(Reshape(allowsZero: true), to: gradient, pairs.reshaped(to: [-1]))
    return [shape.count == 0 ? gradient : copies.sum(axes: (0..<shape.count).map { 2 * $0 }), nil, nil]
  }
}

extension Tile: Superseded {
  package var isSuperseded: Bool { hasOldInputs }
  package func successor(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    return [.tensor(try apply(Tile(), to: input, Tensor(try repeats(inputs, rank: input.rank))))]
  }
}

extension Tensor {
  /// This tensor repeated along each of its axes; see `Tile`.
  public func tiled(_ repeats: [Int]) -> Tensor { .catching { try apply(Tile(), to: self, Tensor(repeats)) } }
}
