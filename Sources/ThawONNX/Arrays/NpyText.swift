/// NumPy's strings: all of one length, filled up with zeros.
enum NpyText {
  /// The `descr` and the data of strings: `U` when all are UTF-8, `S` otherwise.
  ///
  /// - Throws: ``FileError`` for a string that ends in a zero, which NumPy would take for filling.
  static func encode(_ strings: [[UInt8]]) throws(FileError) -> (descr: String, body: ByteRegion) {
    guard !strings.contains(where: { $0.last == 0 }) else {
      throw FileError(
        .notEncodable, expected: "strings that do not end in a zero byte", found: "one that does",
        advice: "save it as a .pb tensor")
    }
    let texts = strings.compactMap { String(validating: $0, as: UTF8.self)?.unicodeScalars.map(\.value) }
    guard texts.count == strings.count else {
      let width = max(1, strings.lazy.map(\.count).max() ?? 0)
      return ("|S\(width)", filled(strings, width: width))
    }
    let width = max(1, texts.lazy.map(\.count).max() ?? 0)
    let codes = texts.map { text in
      var bytes: [UInt8] = []
      for code in text { bytes.append(littleEndian: code) }
      return bytes
    }
    return ("<U\(width)", filled(codes, width: width * 4))
  }

  private static func filled(_ strings: [[UInt8]], width: Int) -> ByteRegion {
    ByteRegion(count: strings.count * width) { out in
      for (index, string) in strings.enumerated() {
        UnsafeMutableRawBufferPointer(rebasing: out[(index * width)...]).copyBytes(from: string)
      }
    }
  }
}

extension ByteRegion {
  /// Strings of `width` bytes, the zeros at their ends left out.
  func strings(_ width: Int, _ count: Int) -> [[UInt8]] {
    withUnsafeBytes { source in
      (0..<count).map { index in
        let string = source[index * width..<(index + 1) * width]
        return [UInt8](string.prefix((string.lastIndex { $0 != 0 } ?? string.startIndex - 1) + 1 - string.startIndex))
      }
    }
  }

  /// The UTF-8 of strings of `width` code points, nil when a number is none.
  func unicodeStrings(_ width: Int, _ count: Int) -> [[UInt8]]? {
    withUnsafeBytes { source in
      var strings: [[UInt8]] = []
      strings.reserveCapacity(count)
      for index in 0..<count {
        var text = String.UnicodeScalarView()
        var zeros = 0
        for position in index * width..<(index + 1) * width {
          let code = source.loadUnaligned(fromByteOffset: position * 4, as: UInt32.self).littleEndian
          guard let scalar = Unicode.Scalar(code) else { return nil }
          // Zeros are kept only when something follows them.
          if code == 0 {
            zeros += 1
          } else {
            text.append(contentsOf: repeatElement("\0", count: zeros))
            zeros = 0
            text.append(scalar)
          }
        }
        strings.append(Array(String(text).utf8))
      }
      return strings
    }
  }
}
