/// One line of delimited text, or several where quotes hold line breaks.
struct DelimitedRecord {
  /// The line it begins in, counted from 1.
  var line = 1
  /// All fields, one after another.
  var bytes: [UInt8] = []
  /// Where in `bytes` each field ends.
  var ends: [Int] = []

  func field(_ index: Int) -> ArraySlice<UInt8> { bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }
}

/// Splits delimited text into records (RFC 4180), from pieces of any size.
///
/// Lines end in CR LF, LF or CR. Empty ones are allowed at the end only. What a record may hold is limited, so that
/// neither a quote that is never closed nor a line without end fills the memory.
struct DelimitedScanner {
  private static let longestRecord = 1 << 26
  private static let mostFields = 1 << 20

  private enum State { case start, plain, quoted, quoteInQuoted }

  private let delimiter: UInt8
  private var record = DelimitedRecord()
  private var state = State.start
  private var line = 1
  private var quoteLine = 1
  private var emptyLine: Int?
  private var isAfterReturn = false

  init(delimiter: UInt8) { self.delimiter = delimiter }

  /// The delimiter of a text: what the first line has outside quotes, of tab, comma and semicolon in this order.
  static func delimiter(of text: UnsafeRawBufferPointer) -> UInt8 {
    var isQuoted = false
    var found: Set<UInt8> = []
    for byte in text {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      found.insert(byte)
    }
    return [UInt8(ascii: "\t"), UInt8(ascii: ","), UInt8(ascii: ";")].first { found.contains($0) }
      ?? UInt8(ascii: ",")
  }

  /// Reads on.
  ///
  /// - Throws: ``FileError`` that names the line, or what `take` throws.
  mutating func scan(
    _ bytes: UnsafeRawBufferPointer, _ take: (DelimitedRecord) throws(FileError) -> Void
  ) throws(FileError) {
    for byte in bytes {
      let continuesReturn = isAfterReturn && byte == UInt8(ascii: "\n")
      isAfterReturn = false
      if continuesReturn { continue }
      switch (state, byte) {
      case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
      case (.quoted, _):
        if byte == UInt8(ascii: "\n") { line += 1 }
        try append(byte)
      case (.quoteInQuoted, UInt8(ascii: "\"")):
        try append(byte)
        state = .quoted
      case (_, delimiter): try endField()
      case (_, UInt8(ascii: "\n")), (_, UInt8(ascii: "\r")):
        isAfterReturn = byte == UInt8(ascii: "\r")
        try endRecord(take)
      case (.quoteInQuoted, _):
        throw FileError(
          .malformedTable, place: "line \(line)", expected: "a delimiter or the end of the line after a closing quote",
          found: "other text")
      case (.start, UInt8(ascii: "\"")):
        state = .quoted
        quoteLine = line
      default:
        try append(byte)
        state = .plain
      }
    }
  }

  /// Ends the last record, which needs no line break.
  mutating func finish(_ take: (DelimitedRecord) throws(FileError) -> Void) throws(FileError) {
    guard state != .quoted else { throw unclosed("the end of the file") }
    if state != .start || !record.ends.isEmpty { try endRecord(take) }
  }

  private mutating func append(_ byte: UInt8) throws(FileError) {
    guard byte != 0 else {
      throw FileError(.malformedTable, place: "line \(line)", expected: "text", found: "a zero byte")
    }
    record.bytes.append(byte)
    guard record.bytes.count <= DelimitedScanner.longestRecord else {
      if state == .quoted { throw unclosed("more than \(DelimitedScanner.longestRecord) bytes") }
      throw FileError(
        .tooLarge, place: "line \(line)", expected: "at most \(DelimitedScanner.longestRecord) bytes", found: "more")
    }
  }

  private func unclosed(_ found: String) -> FileError {
    FileError(.malformedTable, place: "line \(quoteLine)", expected: "a closing quote", found: found)
  }

  private mutating func endField() throws(FileError) {
    record.ends.append(record.bytes.count)
    state = .start
    guard record.ends.count < DelimitedScanner.mostFields else {
      throw FileError(
        .tooLarge, place: "line \(line)", expected: "fewer than \(DelimitedScanner.mostFields) fields", found: "more")
    }
  }

  private mutating func endRecord(_ take: (DelimitedRecord) throws(FileError) -> Void) throws(FileError) {
    defer {
      line += 1
      record.line = line
    }
    if state == .start, record.ends.isEmpty {
      emptyLine = emptyLine ?? line
      return
    }
    if let emptyLine {
      throw FileError(.malformedTable, place: "line \(emptyLine)", expected: "a row", found: "an empty line")
    }
    try endField()
    try take(record)
    record.bytes.removeAll(keepingCapacity: true)
    record.ends.removeAll(keepingCapacity: true)
  }
}
