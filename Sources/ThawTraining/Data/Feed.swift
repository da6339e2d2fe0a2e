import ThawGraph
import ThawTensor
import ThawTypes

/// An array on its way to a model: which rows, in which type, scaled or not.
struct Feed {
  let name: String
  let array: RowArray
  /// The type that the model or the loss takes.
  let dtype: DType
  let scaling: DataReading.Scaling?
  /// The rows that are part of the data set; all when nil.
  let selection: [Int]?
  let source: String

  /// How many rows there are.
  var count: Int { selection?.count ?? array.shape.first ?? 0 }

  /// Some rows, converted.
  func rows(_ rows: [Int]) throws -> Tensor { try converted(raw(rows)) }

  private func raw(_ rows: [Int]) throws -> Tensor {
    try array.rows(selection.map { selection in rows.map { selection[$0] } } ?? rows)
  }

  private func converted(_ tensor: Tensor) throws -> Tensor {
    guard let scaling else { return tensor.dtype == dtype ? tensor : try withErrors { tensor.cast(to: dtype) } }
    return try withErrors {
      (tensor.cast(to: .float64) * scaling.factor + scaling.offset).cast(to: dtype)
    }
  }

  /// Whether numbers could change that should not, or could be none.
  var needsCheck: Bool { dtype.isFloatingPoint || array.dtype != dtype }

  /// Checks rows: floating numbers are finite, whole ones fit.
  ///
  /// - Returns: the rows, converted.
  /// - Throws: `TrainingError` of kind `data` that names the row, or the line and column.
  @discardableResult
  func check(_ range: Range<Int>) throws -> Tensor {
    let raw = try raw(Array(range))
    let converted = try converted(raw)
    if dtype.isFloatingPoint {
      guard let place = try converted.firstNonFinite() else { return converted }
      throw error("holds \(place.value)", at: place.index, in: range, "every number should be finite")
    }
    guard raw.dtype != dtype, raw.dtype.isInteger || raw.dtype.isFloatingPoint else { return converted }
    let given = try raw.elements(as: Double.self)
    let kept = try converted.elements(as: Double.self)
    guard let index = given.indices.first(where: { given[$0] != kept[$0] }) else { return converted }
    let number = given[index]
    let text = Int(exactly: number).map { "\($0)" } ?? "\(number)"
    throw error("holds \(text)", at: index, in: range, "the model takes \(dtype), which cannot be that")
  }

  private func error(_ what: String, at index: Int, in range: Range<Int>, _ rule: String) -> TrainingError {
    TrainingError(.data, "\(source): the array '\(name)' \(what) in \(place(of: index, in: range)); \(rule)")
  }

  /// Where a user finds an element of some rows, by its index in them.
  func place(of index: Int, in range: Range<Int>) -> String {
    let size = max(array.shape.dropFirst().reduce(1, *), 1)
    let row = range.lowerBound + index / size
    return array.place(of: (selection?[row] ?? row) * size + index % size)
  }
}
