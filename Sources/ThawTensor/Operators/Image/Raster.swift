import ThawTypes

/// Pixels, row by row from the top, each red, green and blue.
struct Raster {
  let height: Int
  let width: Int
  /// uint8 (height, width, 3).
  private let pixels: Tensor
  let memory: UnsafeMutableBufferPointer<UInt8>

  /// Memory for pixels, to be filled.
  ///
  /// - Parameters:
  ///   - fileSize: of how many bytes the pixels are made. No format whose decoder is written here makes more than 2¹⁵
  ///     pixels of one, so that a small file cannot ask for much memory.
  ///   - freely: how many pixels a file of any size may hold, where the format knows no bound.
  /// - Throws: ``ImageFault`` for a size that the image cannot have, or beyond both bounds; `TensorError` of kind
  ///   `memory` beyond what may be used.
  init(height: Int, width: Int, fileSize: Int, freely: Int = 0) throws {
    guard height > 0, width > 0, height <= 1 << 24, width <= 1 << 24 else { throw ImageFault.damaged }
    guard height * width >> 15 <= fileSize || height * width <= freely else {
      guard freely > 0 else { throw ImageFault.damaged }
      throw ImageFault.unsupported("of \(height) × \(width) pixels in a file of \(fileSize) bytes")
    }
    (self.height, self.width) = (height, width)
    pixels = try Tensor.uninitialized([height, width, 3], dtype: .uint8)
    memory = UnsafeMutableBufferPointer(
      start: try pixels.address().bindMemory(to: UInt8.self, capacity: 3 * height * width), count: 3 * height * width)
    memory.initialize(repeating: 0)
  }

  /// The image that the bytes of a file hold, by what they begin with.
  init(of bytes: [UInt8]) throws {
    func begins(_ text: String, at offset: Int = 0) -> Bool { bytes.dropFirst(offset).starts(with: text.utf8) }
    if begins("BM") {
      self = try BMPImage(bytes).raster()
    } else if bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = try PNGImage(bytes).raster()
    } else if bytes.starts(with: [0xff, 0xd8, 0xff]) {
      self = try JPEGImage(bytes).raster()
    } else if begins("II*\0") || begins("MM\0*") {
      self = try TIFFImage(bytes).raster()
    } else if bytes.count > 2, bytes[0] == UInt8(ascii: "P"), (UInt8(ascii: "1")...UInt8(ascii: "6")).contains(bytes[1])
    {
      self = try PNMImage(bytes).raster()
    } else if begins("P7") {
      throw ImageFault.unsupported("a portable arbitrary map")
    } else if begins("RIFF"), begins("WEBP", at: 8) {
      self = try WebPImage(bytes).raster()
    } else if begins("jP  ", at: 4) || bytes.starts(with: [0xff, 0x4f, 0xff, 0x51]) {
      self = try JPEG2000Image(bytes).raster()
    } else {
      throw ImageFault.damaged
    }
  }

  /// Colors one pixel; outside nothing happens.
  func set(_ row: Int, _ column: Int, _ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    guard row >= 0, row < height, column >= 0, column < width else { return }
    let place = 3 * (row * width + column)
    (memory[place], memory[place + 1], memory[place + 2]) = (red, green, blue)
  }

  func set(_ row: Int, _ column: Int, grey: UInt8) { set(row, column, grey, grey, grey) }

  /// Colors one pixel by its luminance and how much bluer and redder than grey it is, 128 for not at all (ITU-R BT.601,
  /// all 256 values in use).
  func set(_ row: Int, _ column: Int, luminance: UInt8, blue: UInt8, red: UInt8) {
    // With 16 bits behind the point.
    let (y, blue, red) = (Int(luminance), Int(blue) - 128, Int(red) - 128)
    set(
      row, column, UInt8(clamping: y + (91881 * red + 32768) >> 16),
      UInt8(clamping: y + (-22554 * blue - 46802 * red + 32768) >> 16),
      UInt8(clamping: y + (116130 * blue + 32768) >> 16))
  }

  /// The pixels as ImageDecoder gives them; grey by the weights of ITU-R BT.601.
  func tensor(_ format: ImageDecoder.PixelFormat) throws -> Tensor {
    switch format {
    case .rgb: break
    case .bgr:
      for pixel in stride(from: 0, to: memory.count, by: 3) { memory.swapAt(pixel, pixel + 2) }
    case .grayscale:
      let shades = try Tensor.vector(height * width) { pixel -> UInt8 in
        let (red, green, blue) = (Int(memory[3 * pixel]), Int(memory[3 * pixel + 1]), Int(memory[3 * pixel + 2]))
        return UInt8((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16)
      }
      return try shades.view(shape: [height, width, 1], strides: [width, 1, 1])
    }
    return pixels
  }
}

/// Reads numbers out of a file's bytes.
struct ImageBytes {
  let bytes: [UInt8]
  var isBigEndian = false

  /// - Throws: ``ImageFault/damaged`` beyond the end.
  func byte(_ offset: Int) throws -> Int {
    guard bytes.indices.contains(offset) else { throw ImageFault.damaged }
    return Int(bytes[offset])
  }

  func number(_ offset: Int, byteCount: Int) throws -> Int {
    guard offset >= 0, offset <= bytes.count - byteCount else { throw ImageFault.damaged }
    return (0..<byteCount).reduce(0) { number, index in
      number << 8 | Int(bytes[offset + (isBigEndian ? index : byteCount - 1 - index)])
    }
  }

  func slice(_ offset: Int, count: Int) throws -> ArraySlice<UInt8> {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else {
      throw ImageFault.damaged
    }
    return bytes[offset..<offset + count]
  }
}

/// Samples of a few bits each, packed into rows of bytes.
struct PackedSamples {
  /// The samples of a row: whole ones, and of 16 bits the upper 8 (`isBigEndian` tells which byte that is).
  static func row(_ bytes: ArraySlice<UInt8>, bits: Int, count: Int, isBigEndian: Bool = true) throws -> [UInt8] {
    guard bytes.count >= (bits * count + 7) / 8 else { throw ImageFault.damaged }
    let start = bytes.startIndex
    switch bits {
    case 8: return Array(bytes.prefix(count))
    case 16: return (0..<count).map { bytes[start + 2 * $0 + (isBigEndian ? 0 : 1)] }
    default:
      return (0..<count).map { index in
        let bit = index * bits
        return bytes[start + bit / 8] >> (8 - bits - bit % 8) & (1 << bits - 1)
      }
    }
  }
}
