import ThawTypes

/// A tensor as a matrix: the axes before one make the rows (ONNX Flatten-1, 9, 11, 13, 21, 23, 24, 25).
public struct Flatten: Primitive {
  /// Counted from the end when negative; may be the rank, which gives a single column.
  public var axis: Int

  public init(axis: Int = 1) { self.axis = axis }

  public static let schema = Schema(
    "Flatten", versions: [1, 9, 11, 13, 21, 23, 24, 25], inputs: [Input("input")], outputs: [Output("output")],
    batch: .reshaping, autogradName: "View")

  public init(_ node: NodeReader) throws { self.init(axis: try node.int("axis", default: 1)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["axis": .int(axis)] }

  public var minimumOpset: Int { axis < 0 ? 11 : 1 }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    guard let dims = input.dims else { return [.tensor(TensorType(input.dtype, [.unknown, .unknown]))] }
    let axis = try split(rank: dims.count)
    return [.tensor(TensorType(input.dtype, [product(dims[..<axis]), product(dims[axis...])]))]
  }

  /// A name stays where only ones stand beside it.
  private func product(_ dims: ArraySlice<Dim>) -> Dim {
    let others = dims.filter { $0 != .known(1) }
    if others.count == 1 { return others[others.startIndex] }
    if others.contains(.known(0)) { return .known(0) }
    let sizes = others.compactMap(\.value)
    guard sizes.count == others.count else { return .unknown }
    return DType.elementCount(of: sizes).map(Dim.known) ?? .unknown
  }

  private func split(rank: Int) throws -> Int {
    guard axis >= -rank, axis <= rank else {
      throw TensorError(
        .range, "Flatten: axis \(axis) is out of range for a tensor of rank \(rank) (expected \(-rank) to \(rank))")
    }
    return axis < 0 ? axis + rank : axis
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    let axis = try split(rank: input.rank)
    let shape = [input.shape[..<axis].reduce(1, *), input.shape[axis...].reduce(1, *)]
    if case .strings(let strings) = input.contents { return [.tensor(try Tensor(strings: strings, shape: shape))] }
    return [.tensor(try input.contiguous().view(shape: shape, strides: Strides.contiguous(for: shape)))]
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] {
    [(inputs[0]?.tensor).map { .tensor($0.shapeTensor()) }]
  }

  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    return [try apply(Reshape(allowsZero: true), to: gradient, try tensor(saved, 0, of: Self.schema))]
  }
}

extension Tensor {
  /// This tensor as a matrix, the axes before `axis` making the rows; see `Flatten`.
  public func flatten(axis: Int = 1) -> Tensor { .catching { try apply(Flatten(axis: axis), to: self) } }
}
