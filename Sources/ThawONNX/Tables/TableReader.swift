extension Table {
  /// How text is read as a table.
  public struct Reading: Equatable, Sendable {
    /// Whether the first row holds the names of the columns.
    public var hasHeader = true
    /// The column that holds classes by name.
    public var classColumn = ""
    /// The names of the classes, in the order of their numbers from 0; none where they are numbers already.
    public var classes: [String] = []

    /// Makes the default: a header, and numbers only.
    public init() {}
  }

  /// Reads comma-, tab- or semicolon-separated text, UTF-8, which may be compressed with gzip.
  ///
  /// RFC 4180: fields may be quoted, lines end in CR LF or LF. Every row has as many fields as the first. A field that
  /// is no number is only noted: nobody may need its column.
  ///
  /// - Throws: ``FileError`` that names the line.
  public init(
    decoding source: ByteRegion, _ reading: Reading = Reading(), budget: MemoryBudget = .unlimited
  ) throws(FileError) {
    var builder: TableBuilder?
    try source.withUnsafeBytes { bytes throws(FileError) in
      guard !bytes.isEmpty else { throw FileError(.empty, expected: "a table") }
      let take = { (piece: UnsafeRawBufferPointer) throws(FileError) in
        var piece = piece
        if builder == nil {
          if piece.starts(with: [0xff, 0xfe]) || piece.starts(with: [0xfe, 0xff]) {
            throw FileError(.unsupported, expected: "UTF-8", found: "UTF-16", advice: "save it as UTF-8")
          }
          if piece.starts(with: [0xef, 0xbb, 0xbf]) { piece = UnsafeRawBufferPointer(rebasing: piece[3...]) }
          builder = TableBuilder(reading, delimiter: DelimitedScanner.delimiter(of: piece), budget)
        }
        try builder?.scan(piece)
      }
      if bytes.starts(with: [0x1f, 0x8b]) {
        try Inflater.inflate(bytes, .gzip, take)
      } else {
        try take(bytes)
      }
    }
    guard let table = try builder?.finish() else { throw FileError(.empty, expected: "a table") }
    self = table
  }
}

/// Makes a table of records.
private final class TableBuilder {
  private var scanner: DelimitedScanner
  private let reading: Table.Reading
  private let cells: Spool
  private let classes: [String: Int64]
  private var names: [String]?
  private var classColumn: Int?
  private var columns: [Table.Column] = []
  private var lines = LineNumbers()
  private var rowCount = 0
  /// The cells of a row.
  private var row: [Int64] = []

  init(_ reading: Table.Reading, delimiter: UInt8, _ budget: MemoryBudget) {
    self.reading = reading
    scanner = DelimitedScanner(delimiter: delimiter)
    cells = Spool(budget)
    classes = Dictionary(reading.classes.enumerated().map { ($1, Int64($0)) }) { first, _ in first }
  }

  func scan(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    try scanner.scan(bytes) { record throws(FileError) in try add(record) }
  }

  func finish() throws(FileError) -> Table {
    try scanner.finish { record throws(FileError) in try add(record) }
    guard let names else { throw FileError(.empty, expected: "a table") }
    return Table(names: names, rowCount: rowCount, cells: try cells.finish(), columns: columns, lines: lines)
  }

  private func add(_ record: DelimitedRecord) throws(FileError) {
    if let names {
      guard record.ends.count == names.count else {
        throw FileError(
          .malformedTable, place: "line \(record.line)", expected: "\(names.count) fields, as in the first line",
          found: "\(record.ends.count)")
      }
      try addRow(record)
    } else {
      let names = reading.hasHeader ? try header(record) : (1...record.ends.count).map(String.init)
      self.names = names
      classColumn = classes.isEmpty ? nil : names.firstIndex(of: reading.classColumn)
      columns = Array(repeating: Table.Column(), count: names.count)
      row = Array(repeating: 0, count: names.count)
      if !reading.hasHeader { try addRow(record) }
    }
  }

  private func header(_ record: DelimitedRecord) throws(FileError) -> [String] {
    let fields = record.ends.indices.map { record.field($0) }
    guard fields.contains(where: { NumberText($0) == .text }) else {
      throw FileError(
        .malformedTable, place: "line \(record.line)", expected: "the names of the columns", found: "numbers only",
        advice: "give --no-header if the first line is data already")
    }
    var names: [String] = []
    var known: Set<String> = []
    for (index, field) in fields.enumerated() {
      guard var name = String(validating: field, as: UTF8.self) else {
        throw FileError(.invalidText, place: "line \(record.line)", found: "column \(index + 1)")
      }
      while name.first == " " { name.removeFirst() }
      while name.last == " " { name.removeLast() }
      // Data frames leave the name of their index out.
      if name.isEmpty { name = "\(index + 1)" }
      guard known.insert(name).inserted else {
        throw FileError(.duplicateName, place: "line \(record.line)", found: "two columns named '\(name)'")
      }
      names.append(name)
    }
    return names
  }

  private func addRow(_ record: DelimitedRecord) throws(FileError) {
    for column in row.indices {
      let field = record.field(column)
      let number = column == classColumn ? classNumber(field) : NumberText(field)
      switch number {
      case .whole(let value):
        row[column] =
          columns[column].floatingFrom == .max ? value : Int64(bitPattern: Double(value).bitPattern)
      case .number(let value):
        columns[column].floatingFrom = min(columns[column].floatingFrom, rowCount)
        row[column] = Int64(bitPattern: value.bitPattern)
      case .text:
        row[column] = 0
        guard columns[column].text == nil else { continue }
        columns[column].text = Table.TextCell(
          line: record.line, text: String(decoding: field.prefix(40), as: UTF8.self))
      }
    }
    // The row's cells are 8-byte numbers in the machine's order, as they are read.
    var failure: FileError?
    row.withUnsafeBytes { bytes in
      do throws(FileError) { try cells.append(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
    lines.note(row: rowCount, line: record.line)
    rowCount += 1
  }

  private func classNumber(_ field: ArraySlice<UInt8>) -> NumberText {
    classes[String(decoding: field, as: UTF8.self)].map { .whole($0) } ?? .text
  }
}
