import ThawTypes

/// The upper or lower triangle of matrices, zero elsewhere (ONNX Trilu-14).
///
/// The second input shifts the diagonal: a positive number up and to the right.
public struct Trilu: Composite {
  public var upper: Bool

  public init(upper: Bool = true) { self.upper = upper }

  public static let schema = Schema(
    "Trilu", versions: [14], inputs: [Input("input"), Input("k", .index, optional: true)],
    outputs: [Output("output")], batch: .mixing)

  public init(_ node: NodeReader) throws { self.init(upper: try node.flag("upper", default: true)) }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["upper": .int(upper ? 1 : 0)] }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.kept(apartFrom: [-2, -1]) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    if let dims = input.dims, dims.count < 2 {
      throw TensorError(.shape, "Trilu: the input is \(input), and should be a matrix or several")
    }
    return [.tensor(input)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes(inputs.map { $0?.type }, known: KnownValues())
    let shift = try optionalTensor(inputs, 1, of: Self.schema)?.reshaped(to: [] as [Int]) ?? Tensor(0)
    let diagonals = Tensor.diagonals(of: input)
    let isKept = upper ? diagonals .>= shift : diagonals .<= shift
    return [.tensor(input.dtype == .string ? .where(isKept, input, .nothing) : .where(isKept, input, 0))]
  }
}

extension Tensor {
  /// For each place of a matrix, which diagonal it is on: its column less its row.
  static func diagonals(of matrix: Tensor) -> Tensor {
    let shape = matrix.shapeTensor()
    return .range(shape.gather(Tensor(-1))) - Tensor.range(shape.gather(Tensor(-2))).unsqueezed(axes: [1])
  }

  /// The upper triangle, from the diagonal that is `diagonal` above the main one; see `Trilu`.
  public func upperTriangle(diagonal: Int = 0) -> Tensor {
    .catching { try apply(Trilu(), to: self, Tensor(diagonal)) }
  }

  /// The lower triangle, up to the diagonal that is `diagonal` above the main one; see `Trilu`.
  public func lowerTriangle(diagonal: Int = 0) -> Tensor {
    .catching { try apply(Trilu(upper: false), to: self, Tensor(diagonal)) }
  }
}
