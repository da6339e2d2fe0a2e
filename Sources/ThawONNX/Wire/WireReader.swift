/// Reads protobuf's wire format: tags, varints and lengths, each checked against the end of the bytes.
struct WireReader {
  let bytes: UnsafeRawBufferPointer
  var offset: Int
  var end: Int

  init(_ bytes: UnsafeRawBufferPointer, offset: Int, end: Int) {
    self.bytes = bytes
    self.offset = offset
    self.end = end
  }

  var isAtEnd: Bool { offset == end }
  var left: Int { end - offset }

  enum WireType: UInt8 {
    case varint = 0
    case fixed64 = 1
    case lengthPrefixed = 2
    case fixed32 = 5

    var name: String {
      switch self {
      case .varint: "a varint"
      case .fixed64: "eight bytes"
      case .lengthPrefixed: "a length"
      case .fixed32: "four bytes"
      }
    }
  }

  /// Reads a varint of at most `limit` bytes.
  mutating func varint(limit: Int = 10) throws(FileError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    let start = offset
    while true {
      guard offset < end else { throw FileError(.truncated, offset: start, expected: "a number", found: "the end") }
      guard offset - start < limit else {
        throw FileError(.malformed, offset: start, expected: "a number of at most \(limit) bytes", found: "more")
      }
      let byte = bytes[offset]
      offset += 1
      // The bits of a tenth byte beyond the sixty-fourth fall off, as in every protobuf reader.
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  /// Reads a field's number and wire type.
  mutating func tag() throws(FileError) -> (number: UInt32, type: WireType) {
    let start = offset
    let tag = try varint(limit: 5)
    guard let tag = UInt32(exactly: tag), tag >> 3 != 0 else {
      throw FileError(.malformed, offset: start, expected: "a field number", found: "\(tag >> 3)")
    }
    guard let type = WireType(rawValue: UInt8(tag & 7)) else {
      let found = tag & 7 == 3 || tag & 7 == 4 ? "a group, which ONNX does not have" : "\(tag & 7)"
      throw FileError(.malformed, offset: start, expected: "a wire type", found: found)
    }
    return (tag >> 3, type)
  }

  /// Reads a length and gives the range of the bytes it counts, leaving the reader before them.
  mutating func lengthPrefixed() throws(FileError) -> Range<Int> {
    let start = offset
    let length = try varint()
    guard length <= UInt64(left) else {
      throw FileError(.truncated, offset: start, expected: "\(length) bytes", found: "\(left)")
    }
    return offset..<offset + Int(length)
  }

  /// Passes over the value of a field of the given wire type.
  mutating func skip(_ type: WireType) throws(FileError) {
    switch type {
    case .varint: _ = try varint()
    case .fixed64: try skip(8)
    case .fixed32: try skip(4)
    case .lengthPrefixed: offset = try lengthPrefixed().upperBound
    }
  }

  private mutating func skip(_ count: Int) throws(FileError) {
    guard count <= left else {
      throw FileError(.truncated, offset: offset, expected: "\(count) bytes", found: "\(left)")
    }
    offset += count
  }
}
