import ThawTypes

/// One at the first of the greatest elements along an axis, zero elsewhere (ONNX Hardmax-1, 11, 13).
///
/// Before version 13 the axis splits the tensor into a matrix, whose rows are taken whole (`flattensFromAxis`).
public struct Hardmax: Composite {
  public var axis: Int
  public var flattensFromAxis: Bool

  public init(axis: Int = -1, flattensFromAxis: Bool = false) {
    self.axis = axis
    self.flattensFromAxis = flattensFromAxis
  }

  public static let schema = Schema(
    "Hardmax", versions: [1, 11, 13], inputs: [Input("input")],
    outputs: [Output("output", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "which element is the greatest changes in jumps"))

  public init(_ node: NodeReader) throws {
    self.init(
      axis: try node.int("axis", default: node.version < 13 ? 1 : -1), flattensFromAxis: node.version < 13)
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    guard flattensFromAxis == (opset < 13) else {
      throw TensorError(
        .unsupported, "Hardmax as written before opset 13 takes rows from its axis on, which opset \(opset) cannot say")
    }
    return ["axis": .int(axis)]
  }

  public var minimumOpset: Int { flattensFromAxis ? 1 : 13 }

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] {
    flattensFromAxis ? batch.kept(before: axis) : batch.kept(apartFrom: [axis])
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let input = try tensorType(inputs, 0, of: Self.schema)
    if let dims = input.dims { _ = try Shapes.normalize(axis: axis, rank: dims.count, in: "Hardmax") }
    return [.tensor(input)]
  }

  public func body(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    let axis = try Shapes.normalize(axis: axis, rank: x.rank, in: "Hardmax")
    guard flattensFromAxis else { return [.tensor(Self.hardmax(x, axis: axis))] }
    let rows = Self.hardmax(x.flatten(axis: axis), axis: 1)
    return [.tensor(try apply(Reshape(allowsZero: true), to: rows, x.shapeTensor()))]
  }

  private static func hardmax(_ x: Tensor, axis: Int) -> Tensor {
    let places = Tensor.range(x.shapeTensor().gather(Tensor(axis)))
      .reshaped(to: [-1] + [Int](repeating: 1, count: x.rank - 1 - axis))
    return (x.argMax(axis: axis, keepDims: true) .== places).cast(to: x.dtype)
  }
}

extension Hardmax: Superseded {
  package var isSuperseded: Bool { flattensFromAxis }
  package func successor(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { try body(inputs, wanted: wanted) }
}
