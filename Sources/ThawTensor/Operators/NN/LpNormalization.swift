import ThawTypes

/// Slices along an axis divided by their norm: the sum of the magnitudes (p = 1) or the root of the sum of the squares
/// (p = 2) (ONNX LpNormalization-1, 22).
///
/// A slice of zeros stays as it is.
public struct LpNormalization: Composite {
  public var axis: Int
  public var p: Int

  public init(axis: Int = -1, p: Int = 2) {
    self.axis = axis
    self.p = p
  }

  public static let schema = Schema(
    "LpNormalization", versions: [1, 22], inputs: [Input("input")], outputs: [Output("output")], batch: .mixing)

  public init(_ node: NodeReader) throws {
    self.init(axis: try node.int("axis", default: -1), p: try node.int("p", default: 2))
    guard p == 1 || p == 2 else {
      throw TensorError(.unsupported, "LpNormalization: the attribute p is \(p); it may be 1 or 2")
    }
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["axis": .int(axis), "p": .int(p)] }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.kept(apartFrom: [axis]) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    if let dims = input.dims { _ = try Shapes.normalize(axis: axis, rank: dims.count, in: "LpNormalization") }
    return [.tensor(input)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let norm = x.norm(p, axes: [axis], keepDims: true)
    return [.tensor(x / .where(norm .== 0, 1, norm))]
  }
}

extension Tensor {
  /// The p-norm along axes: the p-th root of the sum of the magnitudes' p-th powers.
  ///
  /// The gradient where all elements are 0 is 0.
  func norm(_ p: Int, axes: [Int], keepDims: Bool) -> Tensor {
    .catching {
      let options = ReductionOptions(keepDims: keepDims)
      if p == 1 { return try apply(ReduceL1(options: options), to: self, Tensor(axes)) }
      if p == 2 { return try apply(ReduceL2(options: options), to: self, Tensor(axes)) }
      return (abs() ** Double(p)).sum(axes: axes, keepDims: keepDims).root(p)
    }
  }

  /// The p-th root of numbers that are not negative; its gradient at 0 is 0.
  func root(_ p: Int) -> Tensor {
    let isZero = self .== 0
    return .where(isZero, 0, Tensor.where(isZero, 1, self) ** (1 / Double(p)))
  }
}
