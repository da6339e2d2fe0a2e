/// A portable bitmap, greymap or pixmap: P1 to P3 in text, P4 to P6 in bytes.
struct PNMImage {
  private let bytes: [UInt8]
  private let kind: Int

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    kind = Int(bytes[1] - UInt8(ascii: "0"))
  }

  func raster() throws -> Raster {
    var offset = 2
    let (width, height) = (try number(&offset), try number(&offset))
    let isBitmap = kind == 1 || kind == 4
    let most = isBitmap ? 1 : try number(&offset)
    guard width > 0, height > 0, (1...65_535).contains(most) else { throw ImageFault.damaged }
    let channels = kind % 3 == 0 ? 3 : 1
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count <= 1 << 40 else { throw ImageFault.damaged }
    // In text each sample of a bitmap may be one byte.
    let size =
      switch kind {
      case 4: (width + 7) / 8 * height
      case 5, 6: count * channels * (most < 256 ? 1 : 2)
      default: count * channels
      }
    if kind > 3 { offset += 1 }
    guard offset <= bytes.count, size <= bytes.count - offset else { throw ImageFault.damaged }
    let raster = try Raster(height: height, width: width, fileSize: bytes.count)
    for row in 0..<height {
      for column in 0..<width {
        let sample = (row * width + column) * channels
        var color: [UInt8] = []
        for channel in 0..<channels {
          let value: Int
          switch kind {
          case 1: value = try bit(&offset)
          case 2, 3: value = try number(&offset)
          case 4:
            value = Int(bytes[offset + row * ((width + 7) / 8) + column / 8] >> (7 - column % 8) & 1)
          default:
            let place = offset + (sample + channel) * (most < 256 ? 1 : 2)
            value = most < 256 ? Int(bytes[place]) : Int(bytes[place]) << 8 | Int(bytes[place + 1])
          }
          guard value <= most else { throw ImageFault.damaged }
          // In a bitmap 1 is black.
          color.append(UInt8(isBitmap ? (1 - value) * 255 : (value * 255 + most / 2) / most))
        }
        raster.set(row, column, color[0], color[channels - 2 > 0 ? 1 : 0], color[channels - 1])
      }
    }
    return raster
  }

  /// Skips white space and comments.
  private func skip(_ offset: inout Int) {
    while offset < bytes.count {
      if bytes[offset] == UInt8(ascii: "#") {
        while offset < bytes.count, bytes[offset] != 10, bytes[offset] != 13 { offset += 1 }
      } else if bytes[offset] == 32 || (9...13).contains(bytes[offset]) {
        offset += 1
      } else {
        return
      }
    }
  }

  private func number(_ offset: inout Int) throws -> Int {
    skip(&offset)
    var (number, digits) = (0, 0)
    while offset < bytes.count, (48...57).contains(bytes[offset]), digits < 10 {
      number = number * 10 + Int(bytes[offset] - 48)
      (offset, digits) = (offset + 1, digits + 1)
    }
    guard digits > 0 else { throw ImageFault.damaged }
    return number
  }

  private func bit(_ offset: inout Int) throws -> Int {
    skip(&offset)
    guard offset < bytes.count, bytes[offset] == 48 || bytes[offset] == 49 else { throw ImageFault.damaged }
    offset += 1
    return Int(bytes[offset - 1] - 48)
  }
}
