internal import CZlib

/// The table of contents of a zip archive, as far as arrays need it: stored or deflated members, zip64 included.
///
/// A member's name is only a name here. Nothing is unpacked to a folder, so one that looks like a path does no harm.
struct ZipArchive {
  struct Member {
    var name: String
    var method: UInt16
    var checksum: UInt32
    var compressedSize: Int
    var size: Int
    var headerOffset: Int
  }

  let members: [Member]
  private let source: ByteRegion
  private let budget: MemoryBudget

  /// Reads the table of contents.
  init(_ source: ByteRegion, limits: ReadingLimits, budget: MemoryBudget) throws(FileError) {
    self.source = source
    self.budget = budget
    members = try source.withUnsafeBytes { bytes throws(FileError) in
      guard !bytes.isEmpty else { throw FileError(.empty, expected: "a zip archive") }
      let directory = try ZipDirectory(bytes)
      return try directory.members(bytes)
    }
    var names: Set<ExactName> = []
    for member in members where !names.insert(ExactName(member.name)).inserted {
      throw FileError(.duplicateName, place: member.name)
    }
    // What is stored takes no memory of its own.
    var expanded = 0
    for member in members where member.method != 0 {
      let (sum, overflow) = expanded.addingReportingOverflow(member.size)
      guard !overflow, sum <= limits.expandedBytes else {
        throw FileError(
          .tooLarge, place: member.name, expected: "members that expand to at most \(limits.expandedBytes) bytes",
          found: "more")
      }
      expanded = sum
    }
  }

  /// The bytes of a member, their checksum checked: a view of the archive when it is stored.
  func contents(of member: Member) throws(FileError) -> ByteRegion {
    do throws(FileError) {
      let range = try dataRange(of: member)
      let content: ByteRegion
      switch member.method {
      case 0:
        guard member.size == member.compressedSize else {
          throw FileError(.malformed, expected: "\(member.compressedSize) stored bytes", found: "\(member.size)")
        }
        content = source[range]
      case 8: content = try inflated(source[range], size: member.size)
      default:
        throw FileError(
          .unsupported, expected: "a stored or deflated member", found: "compression method \(member.method)")
      }
      let checksum = content.checksum
      guard checksum == member.checksum else {
        throw FileError(
          .checksum, expected: String(member.checksum, radix: 16), found: String(checksum, radix: 16))
      }
      return content
    } catch {
      throw error.inside(member.name)
    }
  }

  /// Where the member's bytes are: behind its local header, whose name and extra field have lengths of their own.
  private func dataRange(of member: Member) throws(FileError) -> Range<Int> {
    try source.withUnsafeBytes { bytes throws(FileError) in
      var cursor = ByteCursor(bytes, at: member.headerOffset)
      guard cursor.next(UInt32.self) == 0x0403_4b50 else {
        throw FileError(.malformed, offset: member.headerOffset, expected: "a local file header", found: "other bytes")
      }
      cursor.offset = member.headerOffset + 26
      guard let nameLength = cursor.next(UInt16.self), let extraLength = cursor.next(UInt16.self) else {
        throw FileError(.truncated, offset: member.headerOffset, expected: "a local file header", found: "the end")
      }
      let start = cursor.offset + Int(nameLength) + Int(extraLength)
      guard start <= bytes.count, member.compressedSize <= bytes.count - start else {
        throw FileError(
          .truncated, offset: start, expected: "\(member.compressedSize) bytes", found: "\(max(0, bytes.count - start))"
        )
      }
      return start..<start + member.compressedSize
    }
  }

  private func inflated(_ compressed: ByteRegion, size: Int) throws(FileError) -> ByteRegion {
    // Deflate makes at most 1,032 bytes of one, so a size beyond that is not worth its memory.
    guard size <= compressed.count * 1_032 + 64 else {
      throw FileError(.malformed, expected: "at most 1,032 bytes from each compressed one", found: "\(size) bytes")
    }
    let spool = Spool(budget, expecting: size)
    var count = 0
    try compressed.withUnsafeBytes { input throws(FileError) in
      try Inflater.inflate(input, .none) { piece throws(FileError) in
        count += piece.count
        guard count <= size else { throw FileError(.malformed, expected: "\(size) bytes", found: "more") }
        try spool.append(piece)
      }
    }
    guard count == size else { throw FileError(.malformed, expected: "\(size) bytes", found: "\(count)") }
    return try spool.finish()
  }
}

extension ByteRegion {
  /// The bytes' CRC-32.
  var checksum: UInt32 {
    withUnsafeBytes { bytes in
      UInt32(truncatingIfNeeded: crc32_z(0, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
    }
  }
}
