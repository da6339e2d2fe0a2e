/// Goes over a message before protobuf-c does: finds what is broken and says where, and cuts the payloads out.
///
/// protobuf-c copies every `bytes` field, refuses messages over 2 GiB, gives no reason when it fails, and overflows the
/// stack on deep nesting. It is handed the compact message this makes, in which every `raw_data` is a `PayloadToken`;
/// the payloads themselves are never touched.
struct WireScanner {
  private let schema = Schema.onnx
  private let bytes: UnsafeRawBufferPointer
  private let limits: ReadingLimits
  private var messagesLeft: Int
  private var compact: [UInt8] = []
  /// The first byte not yet copied to `compact`.
  private var copied = 0

  /// The largest length that protobuf-c takes.
  private static let longestField = Int(Int32.max)

  /// The compact form of the message named `name` that fills `bytes`.
  ///
  /// - Throws: ``FileError`` with offset and place.
  static func compact(
    _ bytes: UnsafeRawBufferPointer, message name: String, limits: ReadingLimits
  ) throws(FileError) -> [UInt8] {
    var scanner = WireScanner(bytes: bytes, limits: limits)
    try scanner.message(scanner.schema.index(of: name), 0..<bytes.count, depth: 1)
    scanner.copy(upTo: bytes.count)
    return scanner.compact
  }

  private init(bytes: UnsafeRawBufferPointer, limits: ReadingLimits) {
    self.bytes = bytes
    self.limits = limits
    messagesLeft = limits.messages
  }

  private mutating func message(_ index: Int, _ range: Range<Int>, depth: Int) throws(FileError) {
    messagesLeft -= 1
    guard depth <= limits.depth else {
      throw FileError(
        .tooDeep, offset: range.lowerBound, expected: "at most \(limits.depth) levels", found: "more")
    }
    guard messagesLeft >= 0 else {
      throw FileError(
        .tooLarge, offset: range.lowerBound, expected: "at most \(limits.messages) messages", found: "more")
    }
    var reader = WireReader(bytes, offset: range.lowerBound, end: range.upperBound)
    var fieldsLeft = limits.fieldsPerMessage
    while !reader.isAtEnd {
      fieldsLeft -= 1
      guard fieldsLeft >= 0 else {
        throw FileError(
          .tooLarge, offset: reader.offset, expected: "at most \(limits.fieldsPerMessage) fields in a message",
          found: "more")
      }
      let start = reader.offset
      let (number, type) = try reader.tag()
      let fields = schema.messages[index].fields
      if let field = number < fields.count ? fields[Int(number)] : nil {
        do throws(FileError) {
          try value(of: field, type, &reader, depth: depth)
        } catch {
          throw error.inside(place(of: field, number, from: range.lowerBound, to: start))
        }
      } else if type == .lengthPrefixed {
        try otherBytes(&reader)
      } else {
        try reader.skip(type)
      }
    }
  }

  private mutating func value(
    of field: Schema.Field, _ type: WireReader.WireType, _ reader: inout WireReader, depth: Int
  ) throws(FileError) {
    switch (field.kind, type) {
    case (.varint, .varint), (.fixed32, .fixed32), (.fixed64, .fixed64):
      try reader.skip(type)
    case (.varint, .lengthPrefixed) where field.isRepeated,
      (.fixed32, .lengthPrefixed) where field.isRepeated,
      (.fixed64, .lengthPrefixed) where field.isRepeated:
      try packed(field.kind, &reader)
    case (.bytes, .lengthPrefixed):
      try otherBytes(&reader)
    case (.text, .lengthPrefixed):
      try checkText(try otherBytes(&reader))
    case (.payload, .lengthPrefixed):
      copy(upTo: reader.offset)
      let range = try reader.lengthPrefixedField()
      compact.append(UInt8(PayloadToken.size))
      compact += PayloadToken(position: range.lowerBound, count: range.count).bytes
      copied = range.upperBound
      reader.offset = range.upperBound
    case (.message(let inner), .lengthPrefixed):
      try nested(inner, &reader, depth: depth)
    default:
      throw FileError(
        .malformed, offset: reader.offset, expected: field.kind.wireName, found: type.name)
    }
  }

  /// Scans a message inside another. If payloads may be cut out of it, its length is written anew, in five bytes.
  private mutating func nested(_ index: Int, _ reader: inout WireReader, depth: Int) throws(FileError) {
    let isRewritten = schema.messages[index].reachesPayload
    if isRewritten { copy(upTo: reader.offset) }
    let range = try reader.lengthPrefixedField()
    if isRewritten {
      let lengthAt = compact.count
      compact += [0, 0, 0, 0, 0]
      copied = range.lowerBound
      try message(index, range, depth: depth + 1)
      copy(upTo: range.upperBound)
      let length = compact.count - lengthAt - 5
      guard length <= WireScanner.longestField else { throw tooLong(length, at: range.lowerBound) }
      for position in 0..<5 {
        compact[lengthAt + position] = UInt8(length >> (7 * position) & 0x7f) | (position < 4 ? 0x80 : 0)
      }
    } else {
      try checkLength(range)
      try message(index, range, depth: depth + 1)
    }
    reader.offset = range.upperBound
  }

  private func packed(_ kind: Schema.Kind, _ reader: inout WireReader) throws(FileError) {
    let range = try otherBytes(&reader)
    let width = kind == .fixed32 ? 4 : kind == .fixed64 ? 8 : 1
    guard range.count.isMultiple(of: width) else {
      throw FileError(
        .malformed, offset: range.lowerBound, expected: "a multiple of \(width) bytes", found: "\(range.count)")
    }
    if kind == .varint {
      var inner = WireReader(bytes, offset: range.lowerBound, end: range.upperBound)
      while !inner.isAtEnd { _ = try inner.varint() }
    }
  }

  /// Passes over bytes that protobuf-c will copy.
  @discardableResult
  private func otherBytes(_ reader: inout WireReader) throws(FileError) -> Range<Int> {
    let range = try reader.lengthPrefixedField()
    try checkLength(range)
    reader.offset = range.upperBound
    return range
  }

  private mutating func copy(upTo end: Int) {
    compact.append(contentsOf: bytes[copied..<end])
    copied = end
  }

  /// protobuf-c reads a length of at most five bytes that says less than 2 GiB.
  private func checkLength(_ range: Range<Int>) throws(FileError) {
    guard range.count <= WireScanner.longestField else { throw tooLong(range.count, at: range.lowerBound) }
  }

  private func tooLong(_ length: Int, at offset: Int) -> FileError {
    FileError(
      .tooLarge, offset: offset, expected: "less than 2 GiB in a field other than raw_data", found: "\(length) bytes")
  }

  /// A C string ends at a zero byte, so one inside would be lost silently.
  private func checkText(_ range: Range<Int>) throws(FileError) {
    let text = UnsafeRawBufferPointer(rebasing: bytes[range])
    guard let odd = text.firstIndex(where: { $0 == 0 || $0 >= 0x80 }) else { return }
    guard !text[odd...].contains(0), String(validating: text, as: UTF8.self) != nil else {
      throw FileError(.invalidText, offset: range.lowerBound)
    }
  }

  /// The name of a field, with its index if it is repeated. Called only when something is wrong with it.
  private func place(of field: Schema.Field, _ number: UInt32, from start: Int, to end: Int) -> String {
    guard field.isRepeated else { return field.name }
    var reader = WireReader(bytes, offset: start, end: end)
    var index = 0
    while !reader.isAtEnd, let (earlier, type) = try? reader.tag(), (try? reader.skip(type)) != nil {
      if earlier == number { index += 1 }
    }
    return "\(field.name)[\(index)]"
  }
}

extension WireReader {
  /// As `lengthPrefixed()`, for a length that protobuf-c will read: it takes no more than five bytes.
  fileprivate mutating func lengthPrefixedField() throws(FileError) -> Range<Int> {
    let start = offset
    let range = try lengthPrefixed()
    guard offset - start <= 5 else {
      throw FileError(.malformed, offset: start, expected: "a length of at most five bytes", found: "\(offset - start)")
    }
    return range
  }
}

extension Schema.Kind {
  fileprivate var wireName: String {
    switch self {
    case .varint: WireReader.WireType.varint.name
    case .fixed32: WireReader.WireType.fixed32.name
    case .fixed64: WireReader.WireType.fixed64.name
    case .bytes, .text, .payload, .message: WireReader.WireType.lengthPrefixed.name
    }
  }
}
