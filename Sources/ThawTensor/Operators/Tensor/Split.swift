import ThawTypes

/// Parts of a tensor along an axis, as views of the same memory (ONNX Split-1, 2, 11, 13, 18).
///
/// The second input gives the sizes of the parts; without it they are equal, the last one smaller if need be.
public struct Split: Primitive {
  public var axis: Int
  public var outputCount: Int
  /// Whether the parts are equal, rather than of the sizes that the second input has.
  public var isEven: Bool

  public init(axis: Int, outputCount: Int, isEven: Bool = false) {
    self.axis = axis
    self.outputCount = outputCount
    self.isEven = isEven
  }

  public static let schema = Schema(
    "Split", versions: [1, 2, 11, 13, 18],
    inputs: [Input("input"), Input("split", .index, value: true, optional: true)],
    outputs: [Output("outputs", variadic: true)], batch: .mixing)

  public init(_ node: NodeReader) throws {
    axis = try node.int("axis", default: 0)
    outputCount = node.outputCount
    isEven = !node.hasInput(1)
    if node.version < 13, let sizes = try node.ints("split") {
      node.supply(try Tensor(copying: sizes, shape: nil), asInput: 1)
      isEven = false
    }
    guard node.version >= 18, let count = try node.int("num_outputs") else { return }
    guard isEven, count == node.outputCount else {
      throw TensorError(
        .operand,
        "Split: num_outputs is \(count) for a node with \(node.outputCount) outputs"
          + (isEven ? "" : " and sizes as an input; one of the two should be given"))
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    isEven && opset >= 18 ? ["axis": .int(axis), "num_outputs": .int(outputCount)] : ["axis": .int(axis)]
  }

  public var minimumOpset: Int { 13 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.kept(apartFrom: [axis]) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    let unknown = TensorType(input.dtype, nil)
    guard var dims = input.dims else { return Array(repeating: .tensor(unknown), count: outputCount) }
    let axis = try Shapes.normalize(axis: axis, rank: dims.count, in: "Split")
    let given = try known.integers(1)
    let sizes: [Dim]
    if let length = dims[axis].value, isEven || given != nil {
      sizes = try self.sizes(of: length, given: given).map(Dim.known)
    } else if isEven && outputCount == 1 {
      sizes = [dims[axis]]
    } else {
      sizes = given?.map(Dim.known) ?? Array(repeating: .unknown, count: outputCount)
    }
    return sizes.map { size in
      dims[axis] = size
      return .tensor(TensorType(input.dtype, dims))
    }
  }

  private func sizes(of length: Int, given: [Int]?) throws -> [Int] {
    if isEven {
      guard outputCount > 0 else { return [] }
      let size = length / outputCount + (length % outputCount == 0 ? 0 : 1)
      return (0..<outputCount).map { min(size, max(0, length - $0 * size)) }
    }
    guard let given else { throw TensorError(.operand, "Split: input 1 (split) is missing") }
    let sum = given.reduce(0) { $0 &+ $1 }
    guard given.count == outputCount, given.allSatisfy({ (0...length).contains($0) }), sum == length else {
      throw TensorError(
        .shape,
        "Split: the sizes \(given) should be \(outputCount) numbers that add up to \(length), the size of axis "
          + "\(axis)")
    }
    return given
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    let axis = try Shapes.normalize(axis: axis, rank: input.rank, in: "Split")
    let given = try optionalTensor(inputs, 1, of: Self.schema)?.integers()
    let strides = try input.strides(broadcastTo: input.shape)
    var shape = input.shape
    var start = 0
    return try sizes(of: input.shape[axis], given: given).map { size in
      shape[axis] = size
      defer { start += size }
      return .tensor(try input.view(shape: shape, strides: strides, offsetBy: start * strides[axis]))
    }
  }

  public func outputsToSave(needs: InputMask) -> OutputMask { .all }

  /// The shapes of the parts, for those that no gradient comes back from.
  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    outputs.map { $0?.tensor.map { .tensor($0.shapeTensor()) } }
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let some = gradients.lazy.compactMap({ $0 }).first else { return [nil, nil] }
    let parts = try gradients.enumerated().map { index, gradient in
      try gradient ?? some.zeros(shape: try tensor(saved, index, of: Self.schema))
    }
    return [.concat(parts, axis: axis), nil]
  }
}

extension Tensor {
  /// Parts of these sizes along an axis; see `Split`.
  public func split(_ sizes: [Int], axis: Int = 0) -> [Tensor] {
    parts(Split(axis: axis, outputCount: sizes.count), sizes: Tensor(sizes))
  }

  /// Equal parts along an axis, the last one smaller if need be; see `Split`.
  public func split(into count: Int, axis: Int = 0) -> [Tensor] {
    parts(Split(axis: axis, outputCount: count, isEven: true), sizes: nil)
  }

  private func parts(_ split: Split, sizes: Tensor?) -> [Tensor] {
    do {
      return try apply(split, to: [.tensor(self), sizes.map(Value.tensor)]).compactMap { $0?.tensor }
    } catch {
      return (0..<split.outputCount).map { _ in .poisoned(by: error) }
    }
  }
}
