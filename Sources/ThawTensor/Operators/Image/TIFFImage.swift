/// The first image of a TIFF file: shades of grey, palettes and red, green and blue, in strips or tiles.
struct TIFFImage {
  private let file: ImageBytes
  private var fields: [Int: [Int]] = [:]

  init(_ bytes: [UInt8]) throws {
    file = ImageBytes(bytes: bytes, isBigEndian: bytes[0] == UInt8(ascii: "M"))
    let directory = try file.number(4, byteCount: 4)
    for entry in 0..<(try file.number(directory, byteCount: 2)) {
      let place = directory + 2 + 12 * entry
      let (tag, type) = (try file.number(place, byteCount: 2), try file.number(place + 2, byteCount: 2))
      let count = try file.number(place + 4, byteCount: 4)
      guard let size = [1: 1, 3: 2, 4: 4][type] else { continue }
      let start = count * size <= 4 ? place + 8 : try file.number(place + 8, byteCount: 4)
      _ = try file.slice(start, count: count * size)
      fields[tag] = try (0..<count).map { try file.number(start + $0 * size, byteCount: size) }
    }
  }

  private func field(_ tag: Int, default value: Int) -> Int { fields[tag]?.first ?? value }

  func raster() throws -> Raster {
    let (width, height) = (field(256, default: 0), field(257, default: 0))
    let channels = field(277, default: 1)
    let bits = field(258, default: 1)
    let isPlanar = field(284, default: 1) == 2
    let isTiled = fields[322] != nil
    guard width > 0, height > 0, (1...64).contains(channels), width < 1 << 24, height < 1 << 24 else {
      throw ImageFault.damaged
    }
    try check(channels: channels, bits: bits)
    let raster = try Raster(height: height, width: width, fileSize: file.bytes.count)
    let blockWidth = isTiled ? field(322, default: 0) : width
    let blockHeight = isTiled ? field(323, default: 0) : min(height, max(1, field(278, default: height)))
    guard blockWidth > 0, blockHeight > 0, blockWidth < 1 << 24, blockHeight < 1 << 24 else { throw ImageFault.damaged }
    let offsets = fields[isTiled ? 324 : 273] ?? []
    let counts = fields[isTiled ? 325 : 279] ?? []
    let across = (width + blockWidth - 1) / blockWidth
    let blocks = across * ((height + blockHeight - 1) / blockHeight)
    guard offsets.count == counts.count, offsets.count >= blocks * (isPlanar ? channels : 1) else {
      throw ImageFault.damaged
    }
    let perBlock = isPlanar ? 1 : channels
    let rowSize = (blockWidth * perBlock * bits + 7) / 8
    for block in 0..<blocks {
      let (top, left) = (block / across * blockHeight, block % across * blockWidth)
      let rows = isTiled ? blockHeight : min(blockHeight, height - top)
      let planes = try (0..<(isPlanar ? channels : 1)).map { plane in
        try expanded(
          try file.slice(offsets[plane * blocks + block], count: counts[plane * blocks + block]), to: rows * rowSize)
      }
      for row in 0..<rows where top + row < height {
        let samples = try planes.map { plane in
          try predicted(plane[row * rowSize..<(row + 1) * rowSize], bits: bits, blockWidth, channels: perBlock)
        }
        paint(samples, raster, row: top + row, left, blockWidth, channels: perBlock, bits: bits)
      }
    }
    return raster
  }

  private func check(channels: Int, bits: Int) throws {
    let depths = fields[258] ?? [1]
    let photometric = field(262, default: 1)
    guard depths.allSatisfy({ $0 == bits }), [1, 2, 4, 8, 16].contains(bits),
      (fields[339] ?? [1]).allSatisfy({ $0 == 1 })
    else { throw ImageFault.unsupported("a TIFF of \(depths) bits") }
    guard photometric <= 1 || photometric == 3 && bits <= 8 || photometric == 2 && channels >= 3 && bits >= 8 else {
      throw ImageFault.unsupported("a TIFF of photometric interpretation \(photometric)")
    }
    let predictor = field(317, default: 1)
    guard predictor == 1 || predictor == 2 && bits == 8 else {
      throw ImageFault.unsupported("a TIFF of \(bits) bits with predictor \(predictor)")
    }
    guard field(266, default: 1) == 1 else { throw ImageFault.unsupported("a TIFF with its bits in reverse") }
  }

  private func expanded(_ block: ArraySlice<UInt8>, to count: Int) throws -> ArraySlice<UInt8> {
    let bytes: ArraySlice<UInt8>
    switch field(259, default: 1) {
    case 1: bytes = block
    case 5: bytes = try LZWStream(block).expanded(to: count)[...]
    case 8, 32946: bytes = try Inflation.expand(block, to: count)[...]
    case 32773: bytes = try unpacked(block, to: count)[...]
    case let other: throw ImageFault.unsupported("a TIFF with compression \(other)")
    }
    guard bytes.count >= count else { throw ImageFault.damaged }
    // Rows are found by their number.
    return Array(bytes.prefix(count))[...]
  }

  /// PackBits: runs of one byte, and bytes one by one.
  private func unpacked(_ block: ArraySlice<UInt8>, to count: Int) throws -> [UInt8] {
    var result: [UInt8] = []
    var offset = block.startIndex
    while result.count < count {
      guard offset < block.endIndex else { throw ImageFault.damaged }
      let control = Int(Int8(bitPattern: block[offset]))
      offset += 1
      if control >= 0 {
        guard offset + control < block.endIndex else { throw ImageFault.damaged }
        result += block[offset...offset + control]
        offset += control + 1
      } else if control > -128 {
        guard offset < block.endIndex else { throw ImageFault.damaged }
        result += [UInt8](repeating: block[offset], count: 1 - control)
        offset += 1
      }
    }
    return result
  }

  /// The samples of a row; those that are differences to their left neighbour added up.
  private func predicted(_ row: ArraySlice<UInt8>, bits: Int, _ width: Int, channels: Int) throws -> [UInt8] {
    var samples = try PackedSamples.row(row, bits: bits, count: width * channels, isBigEndian: file.isBigEndian)
    guard field(317, default: 1) == 2, channels < samples.count else { return samples }
    for index in channels..<samples.count { samples[index] &+= samples[index - channels] }
    return samples
  }

  private func paint(
    _ planes: [[UInt8]], _ raster: Raster, row: Int, _ left: Int, _ width: Int, channels: Int, bits: Int
  ) {
    func sample(_ pixel: Int, _ channel: Int) -> UInt8 {
      planes.count > 1 ? planes[channel][pixel] : planes[0][pixel * channels + channel]
    }
    let photometric = field(262, default: 1)
    let most = bits >= 8 ? 255 : (1 << bits) - 1
    let colors = fields[320] ?? []
    for pixel in 0..<width {
      switch photometric {
      case 2: raster.set(row, left + pixel, sample(pixel, 0), sample(pixel, 1), sample(pixel, 2))
      case 3:
        let (index, count) = (Int(sample(pixel, 0)), 1 << bits)
        guard colors.count >= 3 * count else { continue }
        let color = (0..<3).map { UInt8(truncatingIfNeeded: colors[$0 * count + index] >> 8) }
        raster.set(row, left + pixel, color[0], color[1], color[2])
      default:
        let shade = Int(sample(pixel, 0)) * 255 / most
        raster.set(row, left + pixel, grey: UInt8(photometric == 0 ? 255 - shade : shade))
      }
    }
  }
}

/// Lempel, Ziv and Welch's codes as TIFF has them: 9 to 12 bits, the upper bits first.
struct LZWStream {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  func expanded(to count: Int) throws -> [UInt8] {
    let (clear, end) = (256, 257)
    // For each code the one it prolongs, and the byte that it adds.
    var parents = [Int](repeating: -1, count: 4096)
    var suffixes = (0..<4096).map { UInt8(truncatingIfNeeded: $0) }
    var (next, width, previous) = (258, 9, -1)
    var (result, bit): ([UInt8], Int) = ([], 0)
    while result.count < count {
      guard bit + width <= bytes.count * 8 else { throw ImageFault.damaged }
      var code = 0
      for index in bit..<bit + width {
        code = code << 1 | Int(bytes[bytes.startIndex + index / 8] >> (7 - index % 8) & 1)
      }
      bit += width
      if code == end { break }
      if code == clear {
        (next, width, previous) = (258, 9, -1)
        continue
      }
      guard code < next || code == next && previous >= 0, code != clear else { throw ImageFault.damaged }
      // A code that is only now being made is the one before and its own first byte.
      var (text, walk): ([UInt8], Int) = ([], code == next ? previous : code)
      while walk >= 0 {
        text.append(suffixes[walk])
        walk = parents[walk]
      }
      if code == next, let first = text.last { text.insert(first, at: 0) }
      result += text.reversed()
      if previous >= 0, next < 4096, let first = text.last {
        (parents[next], suffixes[next]) = (previous, first)
        next += 1
      }
      previous = code
      width = next >= 2047 ? 12 : next >= 1023 ? 11 : next >= 511 ? 10 : 9
    }
    return result
  }
}
