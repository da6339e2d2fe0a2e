import ThawONNX
import ThawTensor
import ThawTypes

/// An array whose first axis counts rows, which are read when they are asked for: from memory, or from a file.
public struct RowArray: Sendable {
  public let dtype: DType
  public let shape: [Int]
  private let contents: Contents

  private enum Contents: Sendable {
    case tensor(Tensor)
    /// Row-major numbers of a file, whatever their alignment.
    case bytes(ByteRegion)
    /// Columns of a table, side by side.
    case table(Table, columns: [Int])
  }

  /// An array in memory; where its rows do not lie one behind the other they are copied, once.
  public init(_ tensor: Tensor) {
    self.init(tensor.dtype, tensor.shape, .tensor((try? tensor.contiguous()) ?? tensor))
  }

  /// An array of a file.
  init(_ data: TensorData) throws {
    // Truth values may have to be normalized, and narrow types unpacked.
    guard let bytes = data.bytes, data.dtype.bitWidth >= 8, data.dtype != .bool else {
      self.init(try Tensor(data))
      return
    }
    self.init(data.dtype, data.dims, .bytes(bytes))
  }

  /// Columns of a table: whole numbers as int64 where all are, float64 otherwise.
  init(_ table: Table, columns: [Int]) {
    self.init(
      columns.allSatisfy(table.isWhole) ? .int64 : .float64, [table.rowCount, columns.count],
      .table(table, columns: columns))
  }

  /// Row-major numbers.
  init(_ dtype: DType, _ shape: [Int], _ bytes: ByteRegion) { self.init(dtype, shape, .bytes(bytes)) }

  private init(_ dtype: DType, _ shape: [Int], _ contents: Contents) {
    self.dtype = dtype
    self.shape = shape
    self.contents = contents
  }

  public var type: TensorType { TensorType(dtype, shape: shape) }

  /// Whether the numbers were written as text, so that their type says nothing.
  public var isText: Bool { if case .table = contents { true } else { false } }

  /// Whether the numbers are in memory, and not in a file that they are read from batch by batch.
  public var isInMemory: Bool {
    switch contents {
    case .tensor: true
    case .bytes(let bytes): bytes.isInMemory
    case .table(let table, _): table.isInMemory
    }
  }

  /// The same numbers in rows of another shape with as many elements.
  public func reshaped(rowShape: [Int]) throws -> RowArray {
    guard let count = shape.first, rowShape.reduce(1, *) == shape.dropFirst().reduce(1, *) else {
      throw TensorError(.shape, "rows of shape \(Array(shape.dropFirst())) cannot become rows of shape \(rowShape)")
    }
    return RowArray(dtype, [count] + rowShape, contents)
  }

  /// Some rows, in this order. Neighbours in memory are looked at where they are; everything else is copied.
  ///
  /// - Throws: `TensorError` of kind `range` for a row that is not there, `FileError` when the file has changed.
  public func rows(_ rows: [Int]) throws -> Tensor {
    let count = shape.first ?? 0
    if let row = rows.first(where: { $0 < 0 || $0 >= count }) {
      throw TensorError(.range, "there is no row \(row); there are \(count)")
    }
    let rowShape = Array(shape.dropFirst())
    switch contents {
    case .tensor(let tensor):
      let chosen = try tensor.rows(rows)
      return tensor.shape == shape ? chosen : try withErrors { chosen.reshaped(to: [rows.count] + rowShape) }
    case .bytes(let region):
      try region.mapping?.checkUnchanged()
      // A file could change after it was looked at: its numbers are copied.
      if region.isInMemory, let view = view(of: region, rows) { return view }
      return try region.withUnsafeBytes { try Tensor(rows: rows, of: $0, dtype: dtype, rowShape: rowShape) }
    case .table(let table, let columns):
      let shape = [rows.count] + rowShape
      return dtype == .int64
        ? Tensor(elements: table.wholeNumbers(rows: rows, columns: columns), shape: shape)
        : Tensor(elements: table.numbers(rows: rows, columns: columns), shape: shape)
    }
  }

  /// Rows that lie one behind the other; nil where they do not, or not at addresses of numbers.
  private func view(of region: ByteRegion, _ rows: [Int]) -> Tensor? {
    let rowShape = Array(shape.dropFirst())
    let size = rowShape.reduce(dtype.itemSize, *)
    guard rows.areConsecutive, let first = rows.first else { return nil }
    let part = region[first * size..<(first + rows.count) * size]
    guard part.isAligned(to: dtype.itemSize) else { return nil }
    return Tensor(viewing: part.unsafeBytes, owner: part, dtype: dtype, shape: [rows.count] + rowShape)
  }

  /// All rows.
  ///
  /// - Throws: as `rows(_:)`.
  public func tensor() throws -> Tensor {
    if case .tensor(let tensor) = contents, tensor.shape == shape { return tensor }
    return try rows(Array(0..<(shape.first ?? 0)))
  }

  /// Where a user finds an element, by its row-major index: "row 3", or "line 5, column 'age'" for text.
  public func place(of element: Int) -> String {
    let size = max(shape.dropFirst().reduce(1, *), 1)
    let row = element / size
    guard case .table(let table, let columns) = contents else { return "row \(row)" }
    return "line \(table.line(ofRow: row)), column '\(table.names[columns[element % size]])'"
  }
}
