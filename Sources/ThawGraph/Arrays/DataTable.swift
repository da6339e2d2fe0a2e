import ThawONNX

/// Named columns of numbers, read from text.
public struct DataTable: Sendable {
  private let table: Table
  private let indices: [String: Int]

  init(_ table: Table) {
    self.table = table
    indices = Dictionary(table.names.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  /// The names of the columns in their order; their numbers, from "1", where there is no header.
  public var names: [String] { table.names }
  public var rowCount: Int { table.rowCount }

  /// The place of a column, nil when there is none of the name.
  public func index(of name: String) -> Int? { indices[name] }

  /// The first cell of a column that is no number.
  public func firstText(in column: Int) -> (line: Int, text: String)? {
    table.firstText(in: column).map { ($0.line, $0.text) }
  }

  /// Columns side by side: `[rows, columns]`.
  public func array(columns: [Int]) -> RowArray { RowArray(table, columns: columns) }
}
