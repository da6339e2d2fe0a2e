/// Rows of text in columns, no wider than a terminal.
package struct TextTable {
  package struct Column {
    let title: String
    let isRight: Bool
    /// Whether long entries may lose their ends where the table would be too wide.
    let mayShrink: Bool

    package static func left(_ title: String, mayShrink: Bool = false) -> Column {
      Column(title: title, isRight: false, mayShrink: mayShrink)
    }

    package static func right(_ title: String) -> Column { Column(title: title, isRight: true, mayShrink: false) }
  }

  private let columns: [Column]
  private var rows: [[String]] = []
  private static let gap = "  "
  private static let narrowest = 6

  package init(_ columns: [Column]) { self.columns = columns }

  package mutating func add(_ row: [String]) { rows.append(row) }

  /// A line for the titles and one for each row; columns without entries are left out.
  ///
  /// - Parameter width: the most characters of a line; columns that may not shrink can exceed it.
  package func text(width: Int) -> String {
    let shown = columns.indices.filter { column in rows.contains { !$0[column].isEmpty } }
    var widths = columns.indices.map { column in rows.map { $0[column].count }.reduce(columns[column].title.count, max)
    }
    var excess = shown.reduce(-Self.gap.count) { $0 + widths[$1] + Self.gap.count } - width
    while excess > 0 {
      let widest = shown.filter { columns[$0].mayShrink && widths[$0] > Self.narrowest }.max { widths[$0] < widths[$1] }
      guard let widest else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return ([columns.map(\.title)] + rows).map { row in
      let cells = shown.map { column in
        let text = row[column].count > widths[column] ? row[column].prefix(widths[column] - 1) + "…" : row[column]
        let space = String(repeating: " ", count: widths[column] - text.count)
        return columns[column].isRight ? space + text : text + space
      }
      let line = cells.joined(separator: Self.gap)
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
