import Foundation
import Testing

@testable import ThawONNX

@Suite("Tables of text") struct TableTests {
  /// Text, and the table it is.
  struct Good: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    var reading = Table.Reading()
    let names: [String]
    let rows: [[Double]]
  }

  private static func reading(
    header: Bool = true, classColumn: String = "", classes: [String] = []
  ) -> Table.Reading {
    var reading = Table.Reading()
    (reading.hasHeader, reading.classColumn, reading.classes) = (header, classColumn, classes)
    return reading
  }

  static let good: [Good] = [
    Good(testDescription: "plain", text: "a,b\n1,2\n3,4\n", names: ["a", "b"], rows: [[1, 2], [3, 4]]),
    Good(testDescription: "no last line break", text: "a,b\n1,2", names: ["a", "b"], rows: [[1, 2]]),
    Good(testDescription: "CR LF", text: "a,b\r\n1,2\r\n3,4\r\n", names: ["a", "b"], rows: [[1, 2], [3, 4]]),
    Good(testDescription: "CR", text: "a\r1\r2\r", names: ["a"], rows: [[1], [2]]),
    Good(testDescription: "empty lines at the end", text: "a,b\n1,2\n\n\r\n", names: ["a", "b"], rows: [[1, 2]]),
    Good(testDescription: "a byte order mark", text: "\u{feff}a,b\n1,2\n", names: ["a", "b"], rows: [[1, 2]]),
    Good(testDescription: "tabs", text: "a,x\tb\n1\t2\n", names: ["a,x", "b"], rows: [[1, 2]]),
    Good(testDescription: "semicolons", text: "a;b\n1;2\n", names: ["a", "b"], rows: [[1, 2]]),
    Good(
      testDescription: "quotes", text: "\"a,\"\"1\"\"\",\"b\nc\"\n\"1\",\"2\"\n", names: ["a,\"1\"", "b\nc"],
      rows: [[1, 2]]),
    Good(testDescription: "blanks", text: " a , b \n 1 ,\t2\n", names: ["a", "b"], rows: [[1, 2]]),
    Good(testDescription: "a nameless index", text: ",b\n0,2\n", names: ["1", "b"], rows: [[0, 2]]),
    Good(
      testDescription: "no header", text: "1,2\n3,4\n", reading: reading(header: false), names: ["1", "2"],
      rows: [[1, 2], [3, 4]]),
    Good(testDescription: "a header only", text: "a,b\n", names: ["a", "b"], rows: []),
    Good(
      testDescription: "forms of numbers", text: "a\n-0.5\n+3\n1e3\n.25\n2.\n1E-2\n-12.5e+1\n9007199254740993\n",
      names: ["a"], rows: [[-0.5], [3], [1000], [0.25], [2], [0.01], [-125], [9_007_199_254_740_992]]),
    Good(
      testDescription: "a fraction after whole numbers", text: "a\n1\n2\n3.5\n4\n", names: ["a"],
      rows: [[1], [2], [3.5], [4]]),
    Good(
      testDescription: "infinite", text: "a\n1e999\n-inf\n", names: ["a"],
      rows: [[.infinity], [-.infinity]]),
    Good(
      testDescription: "classes", text: "a,kind\n1,cat\n2,\"dog\"\n",
      reading: reading(classColumn: "kind", classes: ["dog", "cat"]), names: ["a", "kind"], rows: [[1, 1], [2, 0]]),
  ]

  @Test("what it holds", arguments: good)
  func read(row: Good) throws {
    let table = try Table(decoding: ByteRegion(Array(row.text.utf8)), row.reading)
    #expect(table.names == row.names)
    #expect(table.rowCount == row.rows.count)
    let all = Array(row.names.indices)
    #expect(all.allSatisfy { table.firstText(in: $0) == nil })
    #expect(table.numbers(rows: 0..<table.rowCount, columns: all) == row.rows.flatMap(\.self))
  }

  @Test("every whole number of 64 bits stays what it is; fractions that are whole are whole")
  func whole() throws {
    let table = try Table(decoding: ByteRegion(Array("a,b\n9223372036854775807,1.0\n-9223372036854775808,2e0\n".utf8)))
    #expect(table.isWhole(0) && table.isWhole(1))
    #expect(table.wholeNumbers(rows: [1, 0], columns: [0, 1]) == [.min, 2, .max, 1])
  }

  @Test("numbers are those that the standard library reads from the same digits")
  func digits() throws {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      let value = Double(bitPattern: generator.next())
      guard value.isFinite else { continue }
      let short = Double(Int.random(in: -1_000_000...1_000_000)) / 1000
      for text in ["\(value)", "\(short)"] {
        let number: Double? =
          switch NumberText(Array(text.utf8)[...]) {
          case .whole(let whole): Double(whole)
          case .number(let number): number
          case .text: nil
          }
        #expect(number == Double(text), "\(text)")
      }
    }
  }

  @Test(
    "text in a column is noted with its line, not refused", arguments: ["", "x", "1,5", "0x10", "--1", "1 2", "true"])
  func text(cell: String) throws {
    let table = try Table(decoding: ByteRegion(Array("a,b\n\n".utf8.dropLast())))
    #expect(table.firstText(in: 0) == nil)
    let other = try Table(decoding: ByteRegion(Array("a;b\n\"1\n\";2\n3;\(cell)\n4;y\n".utf8)))
    #expect(other.firstText(in: 1) == Table.TextCell(line: 4, text: cell))
    #expect(other.line(ofRow: 0) == 2 && other.line(ofRow: 1) == 4 && other.line(ofRow: 2) == 5)
  }

  static let bad: [(text: String, message: String)] = [
    ("", "the file is empty: expected a table"),
    ("\n\n", "the file is empty: expected a table"),
    (
      "1,2\n3,4\n",
      "the table is not well-formed in line 1: expected the names of the columns, found numbers only; give --no-header "
        + "if the first line is data already"
    ),
    (
      "a,b\n1,2\n3\n",
      "the table is not well-formed in line 3: expected 2 fields, as in the first line, found 1"
    ),
    ("a,b\n1,2,3\n", "the table is not well-formed in line 2: expected 2 fields, as in the first line, found 3"),
    ("a\n1\n\n2\n", "the table is not well-formed in line 3: expected a row, found an empty line"),
    ("a,a\n", "a name occurs twice in line 1: found two columns named 'a'"),
    (
      "a,b\n1,\"2\n3,4\n", "the table is not well-formed in line 2: expected a closing quote, found the end of the file"
    ),
    (
      "a\n\"1\"2\n",
      "the table is not well-formed in line 2: expected a delimiter or the end of the line after a closing quote, "
        + "found other text"
    ),
    ("a\n1\u{0}\n", "the table is not well-formed in line 2: expected text, found a zero byte"),
  ]

  @Test("what is wrong is named with its line", arguments: bad)
  func refused(text: String, message: String) throws {
    let error = try #require(throws: FileError.self) { try Table(decoding: ByteRegion(Array(text.utf8))) }
    #expect("\(error)" == message)
  }

  @Test("UTF-16 is named, not misread")
  func utf16() throws {
    let bytes: [UInt8] = [0xff, 0xfe, 0x61, 0, 0x0a, 0]
    let error = try #require(throws: FileError.self) { try Table(decoding: ByteRegion(bytes)) }
    #expect(error.kind == .unsupported && error.advice == "save it as UTF-8")
  }

  @Test("a .gz file of several parts is one text")
  func compressed() throws {
    // Python's gzip.compress of "a,target\n1,0\n" and of "2.5,1\n".
    let parts =
      "H4sIAAAAAAACA0vUKUksSk8t4TLUMeACAHcUUfANAAAAH4sIAAAAAAACAzPSM9Ux5AIA28+rVgYAAAA="
    let bytes = try #require(Data(base64Encoded: parts))
    let table = try Table(decoding: ByteRegion([UInt8](bytes)))
    #expect(table.numbers(rows: 0..<table.rowCount, columns: [0, 1]) == [1, 0, 2.5, 1])
    for count in [2, 12, 20, bytes.count - 1] {
      #expect(throws: FileError.self) { try Table(decoding: ByteRegion([UInt8](bytes.prefix(count)))) }
    }
  }

  @Test("a header of more and more columns stops at a limit")
  func limits() throws {
    let commas = ByteRegion([UInt8](repeating: UInt8(ascii: ","), count: 1 << 20))
    #expect(
      throws: FileError(
        .tooLarge, place: "line 1", expected: "fewer than 1048576 fields", found: "more")
    ) { try Table(decoding: commas) }
  }

  @Test("no bytes trap the reader, and memory stays within the budget", arguments: 0..<40)
  func anyBytes(seed: UInt64) throws {
    var state = seed &+ 1
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    let pieces = [
      "a", "1", ",", ",", "\n", "\n", "\"", "\r\n", "\t", ";", "1e999", "nan", "-", ".", "\u{feff}", "é",
      "12345678901234567890123",
      "1e-400", " ", "+1",
    ]
    let budget = MemoryBudget(limit: 1 << 16)
    for _ in 0..<50 {
      var bytes = Array("a,b\n".utf8)
      for _ in 0..<next(60) { bytes += Array(pieces[next(pieces.count)].utf8) }
      for _ in 0..<next(3) where !bytes.isEmpty { bytes[next(bytes.count)] = UInt8(next(256)) }
      if let table = try? Table(decoding: ByteRegion(bytes), budget: budget) {
        let numbers = table.numbers(rows: 0..<table.rowCount, columns: Array(table.names.indices))
        #expect(numbers.count == table.rowCount * table.names.count)
      }
    }
    #expect(budget.held == 0 && budget.peak <= budget.limit)
  }
}
