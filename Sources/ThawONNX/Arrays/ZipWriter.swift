internal import CZlib

/// Writes a zip archive of stored members.
struct ZipWriter {
  private var directory: [UInt8] = []
  private var count = 0

  /// What zip's fields of 32 bits hold when the number is in the zip64 field.
  private static let full32 = Int(UInt32.max)
  private static let alignment = 64
  /// 1980-01-01, the first day zip knows.
  private static let date: UInt16 = 0x0021
  /// Bit 11: the name is UTF-8.
  private static let flags: UInt16 = 0x0800

  /// Adds a member whose content is `head` and then `body`; the content begins at a multiple of 64.
  mutating func add(
    _ name: String, _ head: [UInt8], _ body: ByteRegion, to file: inout FileWriter
  ) throws(FileError) {
    let size = head.count + body.count
    let checksum = body.withUnsafeBytes { body in
      let first = crc32_z(0, head, head.count)
      return UInt32(truncatingIfNeeded: crc32_z(first, body.bindMemory(to: UInt8.self).baseAddress, body.count))
    }
    let offset = file.count
    let isLarge = size >= ZipWriter.full32
    var extra: [UInt8] = []
    if isLarge { extra.appendZip64([size, size]) }
    // 0xd935 is the field that aligning tools use: the alignment, then as many zeros as it takes.
    let start = offset + 30 + name.utf8.count + extra.count + 6
    let padding = (ZipWriter.alignment - start % ZipWriter.alignment) % ZipWriter.alignment
    extra.append(littleEndian: UInt16(0xd935))
    extra.append(littleEndian: UInt16(2 + padding))
    extra.append(littleEndian: UInt16(ZipWriter.alignment))
    extra.append(contentsOf: repeatElement(0, count: padding))

    var header: [UInt8] = []
    header.append(littleEndian: UInt32(0x0403_4b50))
    header.appendCommon(isLarge, checksum, size)
    header.append(littleEndian: UInt16(name.utf8.count))
    header.append(littleEndian: UInt16(extra.count))
    header += Array(name.utf8) + extra
    try file.write(header)
    try file.write(head)
    try body.withUnsafeBytes { bytes throws(FileError) in try file.write(bytes) }
    addToDirectory(name, checksum, size: size, offset: offset)
  }

  private mutating func addToDirectory(_ name: String, _ checksum: UInt32, size: Int, offset: Int) {
    let isLarge = size >= ZipWriter.full32
    var extra: [UInt8] = []
    let large = (isLarge ? [size, size] : []) + (offset >= ZipWriter.full32 ? [offset] : [])
    if !large.isEmpty { extra.appendZip64(large) }
    directory.append(littleEndian: UInt32(0x0201_4b50))
    directory.append(littleEndian: UInt16(45))
    directory.appendCommon(!large.isEmpty, checksum, size)
    directory.append(littleEndian: UInt16(name.utf8.count))
    directory.append(littleEndian: UInt16(extra.count))
    // No comment, disk 0, no attributes.
    directory += [UInt8](repeating: 0, count: 10)
    directory.append(littleEndian: UInt32(min(offset, ZipWriter.full32)))
    directory += Array(name.utf8) + extra
    count += 1
  }

  /// Writes the list of members and the end records.
  func finish(_ file: inout FileWriter) throws(FileError) {
    let offset = file.count
    try file.write(directory)
    var end: [UInt8] = []
    if count >= 0xffff || offset >= ZipWriter.full32 || directory.count >= ZipWriter.full32 {
      let recordOffset = file.count
      end.append(littleEndian: UInt32(0x0606_4b50))
      end.append(littleEndian: UInt64(44))
      end.append(littleEndian: UInt16(45))
      end.append(littleEndian: UInt16(45))
      end += [UInt8](repeating: 0, count: 8)
      for number in [count, count, directory.count, offset] { end.append(littleEndian: UInt64(number)) }
      end.append(littleEndian: UInt32(0x0706_4b50))
      end.append(littleEndian: UInt32(0))
      end.append(littleEndian: UInt64(recordOffset))
      end.append(littleEndian: UInt32(1))
    }
    end.append(littleEndian: UInt32(0x0605_4b50))
    end.append(littleEndian: UInt32(0))
    end.append(littleEndian: UInt16(min(count, 0xffff)))
    end.append(littleEndian: UInt16(min(count, 0xffff)))
    end.append(littleEndian: UInt32(min(directory.count, ZipWriter.full32)))
    end.append(littleEndian: UInt32(min(offset, ZipWriter.full32)))
    end.append(littleEndian: UInt16(0))
    try file.write(end)
  }

  fileprivate static func common(_ isLarge: Bool, _ checksum: UInt32, _ size: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt16(isLarge ? 45 : 20))
    bytes.append(littleEndian: flags)
    // Stored, at midnight.
    bytes.append(littleEndian: UInt32(0))
    bytes.append(littleEndian: date)
    bytes.append(littleEndian: checksum)
    bytes.append(littleEndian: UInt32(min(size, full32)))
    bytes.append(littleEndian: UInt32(min(size, full32)))
    return bytes
  }
}

extension [UInt8] {
  /// The fields that a local header and a directory entry have in common, from the version to the sizes.
  fileprivate mutating func appendCommon(_ isLarge: Bool, _ checksum: UInt32, _ size: Int) {
    self += ZipWriter.common(isLarge, checksum, size)
  }

  /// The extra field with numbers of 64 bits.
  fileprivate mutating func appendZip64(_ numbers: [Int]) {
    append(littleEndian: UInt16(1))
    append(littleEndian: UInt16(numbers.count * 8))
    for number in numbers { append(littleEndian: UInt64(number)) }
  }
}
