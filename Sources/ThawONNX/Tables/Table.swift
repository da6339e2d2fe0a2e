/// Numbers in rows and named columns, from text.
///
/// A cell takes eight bytes: a whole number, or a floating one from the row on in which its column has the first. The
/// cells are in memory while a budget allows it, and in a file without a name beyond.
public struct Table: Sendable {
  /// The names of the columns; their numbers, from "1", where the text has no header.
  public let names: [String]
  /// The rows below the header.
  public let rowCount: Int
  let cells: ByteRegion
  let columns: [Column]
  let lines: LineNumbers

  /// What is known of a column's cells.
  struct Column: Equatable, Sendable {
    /// The first row whose cell is no whole number; all cells from there on are floating.
    var floatingFrom = Int.max
    /// The first cell that is no number.
    var text: TextCell?
  }

  /// A cell that is no number.
  public struct TextCell: Equatable, Sendable {
    /// The line of the file, from 1.
    public let line: Int
    /// The beginning of the text.
    public let text: String
  }

  /// Whether the cells are in memory, and not in a file.
  package var isInMemory: Bool { cells.isInMemory }

  /// Whether all cells of a column are whole numbers.
  public func isWhole(_ column: Int) -> Bool { columns[column].floatingFrom == .max }

  /// The first cell of a column that is no number.
  public func firstText(in column: Int) -> TextCell? { columns[column].text }

  /// The line of the file in which a row begins, from 1.
  public func line(ofRow row: Int) -> Int { lines.line(of: row) }

  /// The cells of some rows and columns, row by row, as whole numbers; of a floating cell, its bits.
  public func wholeNumbers(rows: some Sequence<Int>, columns: [Int]) -> [Int64] {
    map(rows, columns) { bits, _ in bits }
  }

  /// The cells of some rows and columns, row by row.
  public func numbers(rows: some Sequence<Int>, columns: [Int]) -> [Double] {
    map(rows, columns) { bits, isFloating in
      isFloating ? Double(bitPattern: UInt64(bitPattern: bits)) : Double(bits)
    }
  }

  private func map<Number>(
    _ rows: some Sequence<Int>, _ chosen: [Int], _ number: (Int64, _ isFloating: Bool) -> Number
  ) -> [Number] {
    let floatingFrom = chosen.map { columns[$0].floatingFrom }
    return cells.withUnsafeBytes { cells in
      var numbers: [Number] = []
      for row in rows {
        let start = row * names.count
        for (place, column) in chosen.enumerated() {
          let bits = cells.load(fromByteOffset: (start + column) * 8, as: Int64.self)
          numbers.append(number(bits, row >= floatingFrom[place]))
        }
      }
      return numbers
    }
  }
}

/// In which line each row begins; most rows begin one line after the row before.
struct LineNumbers: Sendable {
  private var jumps: [(row: Int, line: Int)] = []

  /// Notes the line of the next row.
  mutating func note(row: Int, line: Int) {
    guard let last = jumps.last, line - last.line == row - last.row else {
      jumps.append((row, line))
      return
    }
  }

  func line(of row: Int) -> Int {
    var (low, high) = (0, jumps.count)
    while low < high {
      let middle = (low + high) / 2
      if jumps[middle].row <= row { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? row + 1 : jumps[low - 1].line + row - jumps[low - 1].row
  }
}
