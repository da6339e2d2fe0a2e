/// The header of a `.npy` file: a magic, a version, and a Python dictionary with type, order and shape.
struct NpyHeader: Equatable {
  var descr: String
  var isFortranOrder: Bool
  var shape: [Int]

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// No shape needs more; a longer header is an attempt to keep the reader busy.
  private static let longest = 1 << 16

  /// Reads a header and says where the data begins.
  static func read(_ bytes: UnsafeRawBufferPointer) throws(FileError) -> (NpyHeader, dataOffset: Int) {
    guard !bytes.isEmpty else { throw FileError(.empty, expected: "a .npy array") }
    guard bytes.starts(with: magic) else {
      throw FileError(.wrongFormat, offset: 0, expected: "a .npy array", found: "other bytes")
    }
    var cursor = ByteCursor(bytes, at: 6)
    guard let major = cursor.next(UInt8.self), cursor.next(UInt8.self) != nil else { throw cutOff(6) }
    guard (1...3).contains(major) else {
      throw FileError(.unsupported, offset: 6, expected: ".npy version 1 to 3", found: "\(major)")
    }
    let length = major == 1 ? cursor.next(UInt16.self).map(Int.init) : cursor.next(UInt32.self).map(Int.init)
    guard let length else { throw cutOff(8) }
    guard length <= longest else {
      throw FileError(.tooLarge, offset: 8, expected: "a header of at most \(longest) bytes", found: "\(length)")
    }
    guard length <= bytes.count - cursor.offset else { throw cutOff(cursor.offset) }
    let text = String(decoding: bytes[cursor.offset..<cursor.offset + length], as: UTF8.self)
    do throws(FileError) {
      return (try NpyHeader(parsing: text), cursor.offset + length)
    } catch {
      var error = error
      error.offset = cursor.offset
      throw error
    }
  }

  private static func cutOff(_ offset: Int) -> FileError {
    FileError(.truncated, offset: offset, expected: "the header of a .npy array", found: "the end")
  }

  /// The bytes of the header, so long that the data begins at a multiple of 64.
  func encoded() -> [UInt8] {
    let dims = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    let order = isFortranOrder ? "True" : "False"
    var text = "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': (\(dims)), }"
    // Version 2 has two bytes more for the length.
    let isLong = text.utf8.count + 65 > 0xffff
    let prefix = isLong ? 12 : 10
    text += String(repeating: " ", count: 63 - (prefix + text.utf8.count) % 64) + "\n"
    var bytes = NpyHeader.magic + [isLong ? 2 : 1, 0]
    if isLong {
      bytes.append(littleEndian: UInt32(text.utf8.count))
    } else {
      bytes.append(littleEndian: UInt16(text.utf8.count))
    }
    return bytes + Array(text.utf8)
  }
}

extension NpyHeader {
  /// Reads the dictionary: exactly the keys descr, fortran_order and shape, in any order.
  init(parsing text: String) throws(FileError) {
    var parser = Parser(text: Array(text.utf8))
    var descr: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try parser.expect("{")
    while !parser.skips("}") {
      let key = try parser.string()
      try parser.expect(":")
      switch key {
      case "descr": descr = try parser.string()
      case "fortran_order": isFortranOrder = try parser.boolean()
      case "shape": shape = try parser.tuple()
      default: throw Parser.unexpected("a key of a .npy header", key)
      }
      if !parser.skips(",") {
        try parser.expect("}")
        break
      }
    }
    guard let descr, let isFortranOrder, let shape else {
      throw Parser.unexpected("the keys descr, fortran_order and shape", "fewer")
    }
    self.init(descr: descr, isFortranOrder: isFortranOrder, shape: shape)
  }

  /// As much of Python's syntax as headers use.
  private struct Parser {
    let text: [UInt8]
    var position = 0

    init(text: [UInt8]) { self.text = text }

    static func unexpected(_ expected: String, _ found: String) -> FileError {
      FileError(.malformed, place: "header", expected: expected, found: found)
    }

    /// The next character after white space, nil at the end.
    mutating func peek() -> UInt8? {
      while position < text.count, text[position] == 0x20 || (0x09...0x0d).contains(text[position]) { position += 1 }
      return position < text.count ? text[position] : nil
    }

    mutating func skips(_ character: Unicode.Scalar) -> Bool {
      guard peek() == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func expect(_ character: Unicode.Scalar) throws(FileError) {
      guard skips(character) else { throw Parser.unexpected("\(character)", rest) }
    }

    mutating func string() throws(FileError) -> String {
      guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
        if peek() == UInt8(ascii: "[") {
          throw FileError(
            .unsupported, place: "header", expected: "one type for all elements", found: "a record type",
            advice: "save each of its fields as an array")
        }
        throw Parser.unexpected("a text", rest)
      }
      let start = position + 1
      guard let end = text[start...].firstIndex(of: quote) else { throw Parser.unexpected("the end of a text", "none") }
      position = end + 1
      return String(decoding: text[start..<end], as: UTF8.self)
    }

    mutating func boolean() throws(FileError) -> Bool {
      _ = peek()
      for (word, value) in [("True", true), ("False", false)] where text[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
      throw Parser.unexpected("True or False", rest)
    }

    mutating func tuple() throws(FileError) -> [Int] {
      var numbers: [Int] = []
      try expect("(")
      while !skips(")") {
        _ = peek()
        let digits = text[position...].prefix { (0x30...0x39).contains($0) }
        guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
          throw Parser.unexpected("a dimension", rest)
        }
        position += digits.count
        // Python 2 wrote long integers so.
        if position < text.count, text[position] == UInt8(ascii: "L") { position += 1 }
        numbers.append(number)
        if !skips(",") {
          try expect(")")
          break
        }
      }
      return numbers
    }

    private var rest: String {
      position < text.count ? String(decoding: text[position...].prefix(20), as: UTF8.self) : "the end"
    }
  }
}
