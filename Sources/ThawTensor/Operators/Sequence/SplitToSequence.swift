import ThawTypes

/// Parts of a tensor along an axis, as a sequence (ONNX SplitToSequence-11, 24).
///
/// The second input is the size of all parts, the last one smaller if need be, or a list of their sizes; without it the
/// parts have size 1, and `keepsAxis` says whether they keep the axis.
public struct SplitToSequence: Composite {
  public var axis: Int
  public var keepsAxis: Bool

  public init(axis: Int = 0, keepsAxis: Bool = true) {
    self.axis = axis
    self.keepsAxis = keepsAxis
  }

  public static let schema = Schema(
    "SplitToSequence", versions: [11, 24],
    inputs: [Input("input"), Input("split", .index, value: true, optional: true)],
    outputs: [Output("output_sequence")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(axis: try node.int("axis", default: 0), keepsAxis: try node.flag("keepdims", default: true))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    ["axis": .int(axis), "keepdims": .int(keepsAxis ? 1 : 0)]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    let hasSizes = inputs.count > 1 && inputs[1] != nil
    guard var dims = input.dims else { return [.sequence(.tensor(TensorType(input.dtype, nil)))] }
    let axis = try Shapes.normalize(axis: axis, rank: dims.count, in: "SplitToSequence")
    if hasSizes { dims[axis] = .unknown } else if keepsAxis { dims[axis] = .known(1) } else { dims.remove(at: axis) }
    return [.sequence(.tensor(TensorType(input.dtype, dims)))]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    let axis = try Shapes.normalize(axis: axis, rank: input.rank, in: "SplitToSequence")
    let split = try optionalTensor(inputs, 1, of: Self.schema)
    var parts: [Tensor] = []
    let sizes = try sizes(of: input.shape[axis], split)
    if !sizes.isEmpty { parts = input.split(sizes, axis: axis) }
    if split == nil, !keepsAxis { parts = parts.map { $0.squeezed(axes: [axis]) } }
    let types = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    guard case .sequence(let element) = types[0] else {
      throw TensorError(.internal, "SplitToSequence: no sequence")
    }
    return [.sequence(parts.map(Value.tensor), of: element)]
  }

  private func sizes(of length: Int, _ split: Tensor?) throws -> [Int] {
    guard let split else { return Array(repeating: 1, count: length) }
    let given = try split.integers()
    guard split.rank == 0 else {
      let sum = given.reduce(0) { $0 &+ $1 }
      guard split.rank == 1, given.allSatisfy({ (0...length).contains($0) }), sum == length else {
        throw TensorError(
          .shape, "SplitToSequence: the sizes \(given) should add up to \(length), the size of axis \(axis)")
      }
      return given
    }
    guard given[0] > 0 else {
      throw TensorError(.range, "SplitToSequence: the size of the parts should be positive and is \(given[0])")
    }
    return stride(from: 0, to: length, by: given[0]).map { min(given[0], length - $0) }
  }
}
