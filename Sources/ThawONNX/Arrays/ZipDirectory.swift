/// Finds and reads the central directory of a zip archive.
struct ZipDirectory {
  private var offset: Int
  private var count: Int

  /// Looks for the end record, which a comment of up to 64 KiB may follow, and for its zip64 form.
  init(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var cursor = ByteCursor(bytes)
    let lowest = max(0, bytes.count - 22 - 0xffff)
    var end = bytes.count - 22
    while end >= lowest, bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self).littleEndian != 0x0605_4b50 {
      end -= 1
    }
    guard end >= lowest else {
      throw cursor.next(UInt32.self) == 0x0403_4b50
        ? FileError(.truncated, expected: "the list of members at the end of the archive", found: "none")
        : FileError(.wrongFormat, expected: "a zip archive", found: "other bytes")
    }
    cursor.offset = end + 10
    guard let count = cursor.next(UInt16.self), cursor.next(UInt32.self) != nil, let offset = cursor.next(UInt32.self)
    else { throw ZipDirectory.cutOff(end) }
    self.offset = Int(offset)
    self.count = Int(count)
    if count == .max || offset == .max { try readZip64(bytes, before: end) }
  }

  private mutating func readZip64(_ bytes: UnsafeRawBufferPointer, before end: Int) throws(FileError) {
    var locator = ByteCursor(bytes, at: end - 20)
    // Archives that happen to have 65,535 members need no zip64 record.
    guard end >= 20, locator.next(UInt32.self) == 0x0706_4b50 else { return }
    locator.offset = end - 12
    guard let position = locator.next(UInt64.self), let position = Int(exactly: position) else {
      throw ZipDirectory.cutOff(end)
    }
    var record = ByteCursor(bytes, at: position)
    guard record.next(UInt32.self) == 0x0606_4b50 else {
      throw FileError(.malformed, offset: position, expected: "the zip64 end record", found: "other bytes")
    }
    record.offset = position + 32
    guard
      let count = record.next(UInt64.self), record.next(UInt64.self) != nil, let offset = record.next(UInt64.self),
      let count = Int(exactly: count), let offset = Int(exactly: offset)
    else { throw ZipDirectory.cutOff(position) }
    self.count = count
    self.offset = offset
  }

  /// The members in the order of the directory.
  func members(_ bytes: UnsafeRawBufferPointer) throws(FileError) -> [ZipArchive.Member] {
    var members: [ZipArchive.Member] = []
    var cursor = ByteCursor(bytes, at: offset)
    // An entry takes 46 bytes or more, so `count` is not believed beyond the end of the bytes.
    for _ in 0..<count {
      let start = cursor.offset
      guard cursor.next(UInt32.self) == 0x0201_4b50 else {
        throw FileError(.malformed, offset: start, expected: "an entry of the list of members", found: "other bytes")
      }
      cursor.offset = start + 8
      guard
        let flags = cursor.next(UInt16.self), let method = cursor.next(UInt16.self), cursor.next(UInt32.self) != nil,
        let checksum = cursor.next(UInt32.self), let compressedSize = cursor.next(UInt32.self),
        let size = cursor.next(UInt32.self), let nameLength = cursor.next(UInt16.self),
        let extraLength = cursor.next(UInt16.self), let commentLength = cursor.next(UInt16.self)
      else { throw ZipDirectory.cutOff(start) }
      cursor.offset = start + 42
      guard let headerOffset = cursor.next(UInt32.self) else { throw ZipDirectory.cutOff(start) }
      let extraAt = cursor.offset + Int(nameLength)
      let end = extraAt + Int(extraLength) + Int(commentLength)
      guard end <= bytes.count else { throw ZipDirectory.cutOff(start) }
      let name = UnsafeRawBufferPointer(rebasing: bytes[cursor.offset..<extraAt])
      guard let name = String(validating: name, as: UTF8.self), !name.isEmpty, !name.utf8.contains(0) else {
        throw FileError(.invalidText, place: "the name of member \(members.count)", offset: cursor.offset)
      }
      guard flags & 1 == 0 else { throw FileError(.unsupported, place: name, found: "an encrypted member") }
      var member = ZipArchive.Member(
        name: name, method: method, checksum: checksum, compressedSize: Int(compressedSize), size: Int(size),
        headerOffset: Int(headerOffset))
      try member.readZip64(UnsafeRawBufferPointer(rebasing: bytes[extraAt..<extraAt + Int(extraLength)]))
      members.append(member)
      cursor.offset = end
    }
    return members
  }

  private static func cutOff(_ offset: Int) -> FileError {
    FileError(.truncated, place: "the list of members", offset: offset, expected: "a whole entry", found: "the end")
  }
}

extension ZipArchive.Member {
  /// Takes the numbers that do not fit 32 bits from the extra field, where they stand in a fixed order.
  fileprivate mutating func readZip64(_ extra: UnsafeRawBufferPointer) throws(FileError) {
    let full = Int(UInt32.max)
    guard size == full || compressedSize == full || headerOffset == full else { return }
    var cursor = ByteCursor(extra)
    while let id = cursor.next(UInt16.self), let length = cursor.next(UInt16.self) {
      let next = cursor.offset + Int(length)
      if id == 1 {
        for field in [\Self.size, \Self.compressedSize, \Self.headerOffset] where self[keyPath: field] == full {
          guard let number = cursor.next(UInt64.self), let number = Int(exactly: number), cursor.offset <= next else {
            throw FileError(.malformed, place: name, expected: "sizes of 64 bits", found: "none")
          }
          self[keyPath: field] = number
        }
        return
      }
      cursor.offset = next
    }
  }
}
