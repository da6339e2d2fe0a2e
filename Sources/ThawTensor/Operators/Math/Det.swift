import ThawTypes

/// The determinants of square matrices (ONNX Det-11, 22).
public struct Det: Primitive {
  public init() {}
  public init(_ node: NodeReader) throws {}

  public static let schema = Schema(
    "Det", versions: [11, 22], inputs: [Input("X")], batch: .mixing, autogradName: "LinalgDet")

  public func batchAxes(of batch: BatchLayout) -> [BatchAxis?] { batch.kept(apartFrom: [-2, -1]) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let x = try tensorType(inputs, 0, of: Self.schema)
    guard x.dtype.isFloatingPoint else { throw TensorError(.dtype, "Det: X is \(x), and should be floating") }
    guard let dims = x.dims else { return [.tensor(TensorType(x.dtype, nil))] }
    let sizes = dims.suffix(2).compactMap(\.value)
    guard dims.count >= 2, sizes.count < 2 || sizes[0] == sizes[1] else {
      throw TensorError(.shape, "Det: X is \(x), and should be a square matrix or several")
    }
    return [.tensor(TensorType(x.dtype, Array(dims.dropLast(2))))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let x = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(x.type)], known: KnownValues())
    let size = x.shape[x.rank - 1]
    let elements = try x.elements(as: Double.self)
    let batch = Array(x.shape.dropLast(2))
    let results = (0..<batch.reduce(1, *)).map { index in
      Self.determinant(elements[(index * size * size)..<((index + 1) * size * size)], size: size)
    }
    return [.tensor(try Tensor(copying: results, shape: batch).numbers(as: x.dtype))]
  }

  /// By elimination, the greatest element of each column as its pivot.
  private static func determinant(_ elements: ArraySlice<Double>, size: Int) -> Double {
    var rows = (0..<size).map { Array(elements.dropFirst($0 * size).prefix(size)) }
    var result = 1.0
    for column in 0..<size {
      let pivot = (column..<size).max { rows[$0][column].magnitude < rows[$1][column].magnitude } ?? column
      if rows[pivot][column] == 0 { return 0 }
      if pivot != column {
        rows.swapAt(pivot, column)
        result = -result
      }
      result *= rows[column][column]
      for row in (column + 1)..<max(column + 1, size) {
        let factor = rows[row][column] / rows[column][column]
        for index in column..<size { rows[row][index] -= factor * rows[column][index] }
      }
    }
    return result
  }

  public func saved(_ inputs: [Value?], _ outputs: [Value?], needs: InputMask) -> [Value?] { [inputs[0]] }

  /// The cofactors: the determinants of what is left without an element's row and column, with alternating signs.
  ///
  /// They need no inverse, and are right for singular matrices; the time grows with the fifth power of the size.
  public func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    guard let gradient = gradients[0] else { return [nil] }
    let x = try tensor(saved, 0, of: Self.schema)
    let size = x.shape[x.rank - 1]
    let outer = gradient.unsqueezed(axes: [gradient.rank, gradient.rank + 1])
    guard size > 1 else { return [try apply(Expand(), to: outer, x.shapeTensor())] }
    let others = (0..<size).flatMap { left in (0..<size).filter { $0 != left } }
    let places = Tensor(others, shape: [size, size - 1])
    // (…, left row, rows, left column, columns), the matrices then last.
    let minors = x.gather(places, axis: x.rank - 2).gather(places, axis: x.rank)
    let batch = Array(0..<(x.rank - 2))
    let order = batch + [batch.count, batch.count + 2, batch.count + 1, batch.count + 3]
    let signs = (0..<size * size).map { ($0 / size + $0 % size) % 2 == 0 ? 1.0 : -1.0 }
    let cofactors =
      try apply(Det(), to: minors.transposed(order))
      * Tensor(elements: signs, shape: [size, size]).cast(to: x.dtype)
    return [outer * cofactors]
  }
}
