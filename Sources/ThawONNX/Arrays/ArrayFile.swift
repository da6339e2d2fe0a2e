/// A file of arrays in any of the formats that Thaw reads, told by its content.
public enum ArrayFile: Sendable {
  /// Arrays by name: `.npz`.
  case archive(Npz)
  /// One array: `.npy`, IDX, a `TensorProto`.
  case array(TensorData)
  /// Named columns: comma-, tab- or semicolon-separated text.
  case table(Table)

  /// What can be read, for people.
  public static let formats =
    ".npz, .npy, CSV or TSV text, IDX, an ONNX tensor (.pb); text and IDX also compressed with gzip"

  /// Opens a file.
  ///
  /// Numbers stay in the file where they can. What has to be expanded or converted is held in memory while the budget
  /// allows it, and in a file without a name beyond.
  ///
  /// - Parameter reading: for text.
  /// - Throws: ``FileError`` that says what was expected where.
  public init(
    contentsOf path: String, _ reading: Table.Reading = Table.Reading(), budget: MemoryBudget = MemoryBudget()
  ) throws(FileError) {
    let source = ByteRegion(try Mapping(path))
    do throws(FileError) {
      switch try source.withUnsafeBytes({ bytes throws(FileError) in try Format(bytes, path: path) }) {
      case .npz:
        // What is expanded goes to the budget and to the disk, not all into memory.
        var limits = ReadingLimits()
        limits.expandedBytes = .max
        self = .archive(try Npz(decoding: source, limits: limits, budget: budget))
      case .npy: self = .array(try Npy.decode(source, budget: budget))
      case .idx: self = .array(try Idx.decode(source, budget: budget))
      case .compressedIdx: self = .array(try Idx.decode(source.expanded(budget), budget: budget))
      case .compressedNpy: self = .array(try Npy.decode(source.expanded(budget), budget: budget))
      case .text: self = .table(try Table(decoding: source, reading, budget: budget))
      case .tensor: self = .array(try TensorProto(decoding: source).checkedContents())
      }
    } catch {
      throw error.at(path: path)
    }
  }
}

extension TensorProto {
  fileprivate func checkedContents() throws(FileError) -> TensorData {
    do throws(TensorDataError) {
      return try contents()
    } catch {
      throw FileError(.malformed, found: error.description)
    }
  }
}

extension ByteRegion {
  /// What a `.gz` file holds.
  fileprivate func expanded(_ budget: MemoryBudget) throws(FileError) -> ByteRegion {
    let spool = Spool(budget)
    try withUnsafeBytes { bytes throws(FileError) in
      try Inflater.inflate(bytes, .gzip) { piece throws(FileError) in try spool.append(piece) }
    }
    return try spool.finish()
  }
}

/// What a file's first bytes say it is.
private enum Format {
  case npz, npy, idx, text, compressedIdx, compressedNpy, tensor

  private static let npyMagic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(FileError) {
    guard !bytes.isEmpty else { throw FileError(.empty, expected: ArrayFile.formats) }
    if bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x50, 0x4b, 5, 6]) {
      self = .npz
    } else if bytes.starts(with: Format.npyMagic) {
      self = .npy
    } else if Idx.begins(bytes) {
      self = .idx
    } else if bytes.starts(with: [0x1f, 0x8b]) {
      self = try Format(compressed: bytes)
    } else if path.hasSuffix(".pb") {
      // A message has no mark of its own; it is the one format that its name tells.
      self = .tensor
    } else if Format.isText(bytes) {
      self = .text
    } else {
      throw FileError(.wrongFormat, expected: ArrayFile.formats, found: "other bytes")
    }
  }

  private init(compressed bytes: UnsafeRawBufferPointer) throws(FileError) {
    let head = try Inflater.head(of: bytes)
    self = try head.withUnsafeBytes { head throws(FileError) in
      if head.starts(with: Format.npyMagic) { return .compressedNpy }
      if Idx.begins(head) { return .compressedIdx }
      if Format.isText(head) { return .text }
      throw FileError(.wrongFormat, expected: "CSV or TSV text, IDX or .npy in a .gz file", found: "other bytes")
    }
  }

  /// Whether the first bytes are text. UTF-16 counts, for the sake of a better message.
  private static func isText(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return true }
    return bytes.prefix(1 << 12).allSatisfy { $0 >= 0x20 && $0 != 0x7f || (0x09...0x0d).contains($0) }
  }
}
