internal import ThawTypes

/// Arrays in NumPy's `.npy` format.
public enum Npy {
  /// Reads a `.npy` file.
  ///
  /// Versions 1.0 to 3.0, either byte order, C and Fortran order; bool, integers, floats, complex numbers, `U` and `S`
  /// strings. Little-endian numbers in C order are a view of the file. Pickled objects are refused.
  ///
  /// - Parameter budget: For what is brought into another order.
  /// - Throws: ``FileError`` that says what was expected where.
  public static func read(
    contentsOf path: String, budget: MemoryBudget = .unlimited
  ) throws(FileError) -> TensorData {
    do throws(FileError) {
      return try decode(ByteRegion(try Mapping(path)), budget: budget)
    } catch {
      throw error.at(path: path)
    }
  }

  /// Reads the bytes of a `.npy` file.
  ///
  /// - Throws: ``FileError`` that says what was expected where.
  public static func decode(
    _ source: ByteRegion, budget: MemoryBudget = .unlimited
  ) throws(FileError) -> TensorData {
    let (header, offset) = try source.withUnsafeBytes { bytes throws(FileError) in try NpyHeader.read(bytes) }
    let type = try NpyType(header.descr)
    guard
      let count = DType.elementCount(of: header.shape),
      case let (size, overflow) = count.multipliedReportingOverflow(by: type.itemSize), !overflow,
      // Strings of no length could be announced by the billion in a few bytes.
      size > 0 || count == 0
    else { throw FileError(.tooLarge, expected: "dimensions that fit memory", found: "\(header.shape)") }
    guard size == source.count - offset else {
      throw FileError(
        size > source.count - offset ? .truncated : .malformed, offset: offset,
        expected: "\(size) bytes for \(header.shape) of \(header.descr)", found: "\(source.count - offset)")
    }
    var data = source[offset..<source.count]
    if type.swapSize > 1 { data = try data.swappingBytes(type.swapSize, budget) }
    // With fewer than two axes longer than one element, both orders are the same.
    if header.isFortranOrder, header.shape.count(where: { $0 != 1 }) > 1, count > 0 {
      data = try data.rowMajor(header.shape, itemSize: type.itemSize, budget)
    }
    do throws(TensorDataError) {
      switch type {
      case .number(let dtype, _): return try TensorData(dtype, header.shape, bytes: data)
      case .bytes(let width): return try TensorData(header.shape, strings: data.strings(width, count))
      case .unicode(let width, _):
        guard let strings = data.unicodeStrings(width, count) else { throw TensorDataError(.otherType) }
        return try TensorData(header.shape, strings: strings)
      }
    } catch {
      // The size was checked above, so what is left is text.
      throw FileError(.invalidText, offset: offset, expected: "Unicode code points", found: "other numbers")
    }
  }

  /// Saves an array as a `.npy` file, whole or not at all.
  ///
  /// - Throws: ``FileError`` when the file cannot be written, or NumPy has no such type.
  public static func write(_ data: TensorData, to path: String) throws(FileError) {
    do throws(FileError) {
      let (header, body) = try encode(data)
      try AtomicFile.write(to: path) { writer throws(FileError) in
        try writer.write(header)
        try body.withUnsafeBytes { bytes throws(FileError) in try writer.write(bytes) }
      }
    } catch {
      throw error.at(path: path)
    }
  }

  /// The header and the data of a `.npy` file.
  static func encode(_ data: TensorData) throws(FileError) -> (header: [UInt8], body: ByteRegion) {
    switch data.elements {
    case .bytes(let bytes):
      guard let descr = NpyType.descr(of: data.dtype) else {
        throw FileError(
          .notEncodable, expected: "a type that NumPy has", found: "\(data.dtype)", advice: "save it as a .pb tensor")
      }
      return (NpyHeader(descr: descr, isFortranOrder: false, shape: data.dims).encoded(), bytes)
    case .strings(let strings):
      let (descr, body) = try NpyText.encode(strings)
      return (NpyHeader(descr: descr, isFortranOrder: false, shape: data.dims).encoded(), body)
    }
  }
}

extension ByteRegion {
  /// A copy with the bytes of each element of `size`, a power of two, in reverse order.
  func swappingBytes(_ size: Int, _ budget: MemoryBudget) throws(FileError) -> ByteRegion {
    let spool = Spool(budget, expecting: count)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { piece.deallocate() }
    try withUnsafeBytes { source throws(FileError) in
      for start in stride(from: 0, to: count, by: piece.count) {
        let length = min(piece.count, count - start)
        for item in stride(from: 0, to: length, by: size) {
          for index in 0..<size { piece[item + index] = source[start + item + size - 1 - index] }
        }
        try spool.append(UnsafeRawBufferPointer(rebasing: piece[..<length]))
      }
    }
    return try spool.finish()
  }

  /// A copy in row-major order of elements that are in column-major order.
  fileprivate func rowMajor(
    _ shape: [Int], itemSize: Int, _ budget: MemoryBudget
  ) throws(FileError) -> ByteRegion {
    let spool = Spool(budget, expecting: count)
    // The distance between neighbours along each axis: in column-major order, the first axis is the closest.
    var strides = [Int](repeating: itemSize, count: shape.count)
    for axis in 1..<shape.count { strides[axis] = strides[axis - 1] * shape[axis - 1] }
    var index = [Int](repeating: 0, count: shape.count)
    var from = 0
    try withUnsafeBytes { source throws(FileError) in
      for _ in 0..<count / itemSize {
        try spool.append(UnsafeRawBufferPointer(rebasing: source[from..<from + itemSize]))
        var axis = shape.count - 1
        while axis >= 0 {
          index[axis] += 1
          from += strides[axis]
          if index[axis] < shape[axis] { break }
          from -= strides[axis] * shape[axis]
          index[axis] = 0
          axis -= 1
        }
      }
    }
    return try spool.finish()
  }
}
