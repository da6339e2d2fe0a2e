import ThawGraph

/// Columns as they are chosen: names with commas between them, `A-B` for a range, `*` for all.
struct ColumnList {
  private let items: [Item]

  private enum Item {
    case all(count: Int)
    case range(ClosedRange<Int>)
  }

  /// - Throws: `TrainingError` of kind `data` for a name that no column has.
  init(_ text: String, in table: DataTable, _ source: String) throws {
    // A name may hold a comma or a hyphen itself.
    if let index = table.index(of: text) {
      items = [.range(index...index)]
      return
    }
    items = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      let name = part.drop { $0 == " " }
      if name == "*" { return .all(count: table.names.count) }
      if let index = table.index(of: String(name)) { return .range(index...index) }
      for hyphen in name.indices where name[hyphen] == "-" {
        guard
          let first = table.index(of: String(name[..<hyphen])),
          let last = table.index(of: String(name[name.index(after: hyphen)...])), first <= last
        else { continue }
        return .range(first...last)
      }
      throw TrainingError(
        .data,
        "\(source): there is no column '\(name)'; the columns are \(table.names.map { "'\($0)'" }.shortened(to: 20))")
    }
  }

  /// The places of the columns; `*` leaves out `excluded`.
  func indices(without excluded: [Int]) -> [Int] {
    items.flatMap { item in
      switch item {
      case .all(let count): (0..<count).filter { !excluded.contains($0) }
      case .range(let range): Array(range)
      }
    }
  }
}
