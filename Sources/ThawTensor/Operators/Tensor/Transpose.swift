import ThawTypes

/// The axes in another order, as a view of the same memory (ONNX Transpose-1, 13, 21, 23, 24, 25).
public struct Transpose: Primitive {
  /// Which axis of the input each axis of the output is; nil for all in reverse.
  public var permutation: [Int]?

  public init(permutation: [Int]? = nil) { self.permutation = permutation }

  public static let schema = Schema(
    "Transpose", versions: [1, 13, 21, 23, 24, 25], inputs: [Input("data")], outputs: [Output("transposed")],
    batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(permutation: try node.ints("perm")) }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    permutation.map { ["perm": .ints($0)] } ?? [:]
  }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    guard let axis = batch[0], let order = try? order(rank: batch.shape(0).count) else { return batch.mixed }
    return batch.all(order.firstIndex(of: axis))
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let data = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = data.dims else {
      return [.tensor(TensorType(data.dtype, permutation.map { Array(repeating: .unknown, count: $0.count) }))]
    }
    return [.tensor(TensorType(data.dtype, try order(rank: dims.count).map { dims[$0] }))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let data = try tensor(inputs, 0, of: Self.schema)
    let order = try order(rank: data.rank)
    let strides = try data.strides(broadcastTo: data.shape)
    return [.tensor(try data.view(shape: order.map { data.shape[$0] }, strides: order.map { strides[$0] }))]
  }

  private func order(rank: Int) throws -> [Int] {
    guard let permutation else { return Array((0..<rank).reversed()) }
    guard permutation.sorted() == Array(0..<rank) else {
      throw TensorError(
        .shape, "Transpose: the permutation \(permutation) should name each of the \(rank) axes of the input once")
    }
    return permutation
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    let inverse = permutation.map { order in order.indices.sorted { order[$0] < order[$1] } }
    return [try gradients[0].map { try apply(Transpose(permutation: inverse), to: $0) }]
  }
}

extension Tensor {
  /// The axes in another order, all reversed when it is left out; see `Transpose`.
  public func transposed(_ permutation: [Int]? = nil) -> Tensor {
    .catching { try apply(Transpose(permutation: permutation), to: self) }
  }
}
