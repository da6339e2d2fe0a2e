internal import ThawTypes

/// Arrays in the IDX format, as the MNIST data sets come: a zero, a zero, a type, a rank, the sizes, the numbers, all
/// with the highest byte first.
public enum Idx {
  private static let types: [UInt8: DType] = [
    0x08: .uint8, 0x09: .int8, 0x0b: .int16, 0x0c: .int32, 0x0d: .float32, 0x0e: .float64,
  ]

  /// Whether bytes begin as IDX files do. An array of rank 0 is none: too many other files begin with three zeros.
  static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && types[bytes[2]] != nil && bytes[3] > 0
  }

  /// Reads the bytes of an IDX file; numbers of one byte are a view.
  ///
  /// - Parameter budget: For numbers that are longer, whose bytes have to be turned around.
  /// - Throws: ``FileError`` that says what was expected where.
  public static func decode(
    _ source: ByteRegion, budget: MemoryBudget = .unlimited
  ) throws(FileError) -> TensorData {
    let (dtype, dims, offset) = try source.withUnsafeBytes { bytes throws(FileError) in
      guard begins(bytes), let dtype = types[bytes[2]] else {
        throw FileError(.wrongFormat, offset: 0, expected: "an IDX array", found: "other bytes")
      }
      var cursor = ByteCursor(bytes, at: 4)
      var dims: [Int] = []
      for _ in 0..<bytes[3] {
        guard let size = cursor.next(UInt32.self) else {
          throw FileError(.truncated, offset: cursor.offset, expected: "\(bytes[3]) sizes", found: "\(dims.count)")
        }
        dims.append(Int(size.byteSwapped))
      }
      return (dtype, dims, cursor.offset)
    }
    guard let count = DType.elementCount(of: dims), let size = dtype.byteCount(of: count) else {
      throw FileError(.tooLarge, expected: "dimensions that fit memory", found: "\(dims)")
    }
    guard size == source.count - offset else {
      throw FileError(
        size > source.count - offset ? .truncated : .malformed, offset: offset,
        expected: "\(size) bytes for \(dims) of \(dtype)", found: "\(source.count - offset)")
    }
    var data = source[offset..<source.count]
    if dtype.itemSize > 1 { data = try data.swappingBytes(dtype.itemSize, budget) }
    do throws(TensorDataError) {
      return try TensorData(dtype, dims, bytes: data)
    } catch {
      throw FileError(.malformed, found: error.description)
    }
  }
}
