/// A Windows bitmap: palettes of 1, 4 and 8 bits, 16, 24 and 32 bits a pixel, run lengths.
struct BMPImage {
  private let file: ImageBytes
  private let height: Int
  private let width: Int
  private let isTopDown: Bool
  private let bits: Int
  private let compression: Int
  private let headerSize: Int
  private let pixelStart: Int
  private let declaredColors: Int

  init(_ bytes: [UInt8]) throws {
    file = ImageBytes(bytes: bytes)
    pixelStart = try file.number(10, byteCount: 4)
    headerSize = try file.number(14, byteCount: 4)
    if headerSize == 12 {
      width = try file.number(18, byteCount: 2)
      height = try file.number(20, byteCount: 2)
      bits = try file.number(24, byteCount: 2)
      (isTopDown, compression, declaredColors) = (false, 0, 0)
      return
    }
    guard headerSize >= 40 else { throw ImageFault.damaged }
    width = try file.number(18, byteCount: 4)
    let signedHeight = Int(Int32(truncatingIfNeeded: try file.number(22, byteCount: 4)))
    (height, isTopDown) = (abs(signedHeight), signedHeight < 0)
    bits = try file.number(28, byteCount: 2)
    compression = try file.number(30, byteCount: 4)
    declaredColors = try file.number(46, byteCount: 4)
  }

  func raster() throws -> Raster {
    guard width > 0, height > 0 else { throw ImageFault.damaged }
    switch (compression, bits) {
    case (0, 1), (0, 2), (0, 4), (0, 8): return try indexed()
    case (0, 24): return try direct(byteCount: 3, masks: [0xff0000, 0xff00, 0xff])
    case (0, 16): return try direct(byteCount: 2, masks: [0x7c00, 0x3e0, 0x1f])
    case (0, 32): return try direct(byteCount: 4, masks: [0xff0000, 0xff00, 0xff])
    case (3, 16), (6, 16), (3, 32), (6, 32):
      // After the header of 40 bytes, which is where longer ones have them too.
      return try direct(byteCount: bits / 8, masks: try (0..<3).map { try file.number(54 + 4 * $0, byteCount: 4) })
    case (1, 8), (2, 4): return try runs()
    default: throw ImageFault.unsupported("a BMP of \(bits) bits with compression \(compression)")
    }
  }

  private func empty(rowSize: Int) throws -> Raster {
    _ = try file.slice(pixelStart, count: rowSize * height)
    return try Raster(height: height, width: width, fileSize: file.bytes.count)
  }

  private func place(ofRow row: Int) -> Int { isTopDown ? row : height - 1 - row }

  private func direct(byteCount: Int, masks: [Int]) throws -> Raster {
    let rowSize = (width * byteCount + 3) / 4 * 4
    let raster = try empty(rowSize: rowSize)
    let parts = masks.map { mask in (mask, mask == 0 ? 0 : mask.trailingZeroBitCount) }
    for row in 0..<height {
      for column in 0..<width {
        let pixel = try file.number(pixelStart + row * rowSize + column * byteCount, byteCount: byteCount)
        let color = parts.map { mask, shift -> UInt8 in
          let most = mask >> shift
          return most == 0 ? 0 : UInt8(clamping: (pixel & mask) >> shift * 255 / most)
        }
        raster.set(place(ofRow: row), column, color[0], color[1], color[2])
      }
    }
    return raster
  }

  private func palette() throws -> [(UInt8, UInt8, UInt8)] {
    let entrySize = headerSize == 12 ? 3 : 4
    let start = 14 + headerSize
    let most = 1 << bits
    let declared = declaredColors == 0 ? most : min(most, declaredColors)
    let count = min(declared, max(0, (min(pixelStart, file.bytes.count) - start) / entrySize))
    return (0..<count).map { index in
      let entry = start + index * entrySize
      return (file.bytes[entry + 2], file.bytes[entry + 1], file.bytes[entry])
    }
  }

  private func indexed() throws -> Raster {
    let rowSize = (width * bits + 31) / 32 * 4
    let (raster, palette) = (try empty(rowSize: rowSize), try palette())
    for row in 0..<height {
      let indices = try PackedSamples.row(
        file.slice(pixelStart + row * rowSize, count: rowSize), bits: bits, count: width)
      for (column, index) in indices.enumerated() where Int(index) < palette.count {
        let color = palette[Int(index)]
        raster.set(place(ofRow: row), column, color.0, color.1, color.2)
      }
    }
    return raster
  }

  /// Pairs of a count and what is repeated; a count of 0 begins a new row, a jump, or pixels one by one.
  private func runs() throws -> Raster {
    // A byte and a count may stand for 255 pixels; what is not told is the first color.
    let (raster, palette) = (try Raster(height: height, width: width, fileSize: file.bytes.count), try palette())
    guard let first = palette.first else { throw ImageFault.damaged }
    for row in 0..<height { for column in 0..<width { raster.set(row, column, first.0, first.1, first.2) } }
    var (offset, row, column) = (pixelStart, 0, 0)
    func put(_ index: Int) {
      if palette.indices.contains(index), row < height {
        raster.set(place(ofRow: row), column, palette[index].0, palette[index].1, palette[index].2)
      }
      column += 1
    }
    func index(_ byte: Int, _ number: Int) -> Int { bits == 8 ? byte : number % 2 == 0 ? byte >> 4 : byte & 15 }
    while true {
      let (count, value) = (try file.byte(offset), try file.byte(offset + 1))
      offset += 2
      switch (count, value) {
      case (0, 0): (row, column) = (row + 1, 0)
      case (0, 1): return raster
      case (0, 2):
        (row, column) = (row + (try file.byte(offset + 1)), column + (try file.byte(offset)))
        offset += 2
      case (0, let literals):
        for number in 0..<literals { put(index(try file.byte(offset + number * bits / 8), number)) }
        offset += (literals * bits + 15) / 16 * 2
      case (let count, let value): for number in 0..<count { put(index(value, number)) }
      }
    }
  }
}
