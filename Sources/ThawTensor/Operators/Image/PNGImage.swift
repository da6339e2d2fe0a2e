/// A portable network graphic of any color type and depth, interlaced or not.
struct PNGImage {
  private var width = 0
  private var height = 0
  private var bits = 0
  private var colorType = 0
  private var isInterlaced = false
  private var palette: [UInt8] = []
  private var data: [UInt8] = []

  /// Reads the chunks that every decoder must know.
  init(_ bytes: [UInt8]) throws {
    let file = ImageBytes(bytes: bytes, isBigEndian: true)
    var offset = 8
    var ended = false
    while !ended {
      let length = try file.number(offset, byteCount: 4)
      let name = String(decoding: try file.slice(offset + 4, count: 4), as: UTF8.self)
      let content = try file.slice(offset + 8, count: length)
      let isCritical = try file.byte(offset + 4) & 0x20 == 0
      let sum = try file.number(offset + 8 + length, byteCount: 4)
      let summed = try file.slice(offset + 4, count: length + 4)
      guard !isCritical || sum == Inflation.checksum(summed) else { throw ImageFault.damaged }
      switch name {
      case "IHDR":
        width = try file.number(offset + 8, byteCount: 4)
        height = try file.number(offset + 12, byteCount: 4)
        (bits, colorType) = (try file.byte(offset + 16), try file.byte(offset + 17))
        isInterlaced = try file.byte(offset + 20) == 1
      case "PLTE": palette = Array(content)
      case "IDAT": data += content
      case "IEND": ended = true
      case _ where isCritical: throw ImageFault.unsupported("a PNG with the chunk '\(name)'")
      default: break
      }
      offset += 12 + length
    }
  }

  private var channels: Int {
    switch colorType {
    case 2: 3
    case 4: 2
    case 6: 4
    default: 1
    }
  }

  private var isValid: Bool {
    let depths: [Int: [Int]] = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
    return width > 0 && height > 0 && depths[colorType]?.contains(bits) == true
  }

  /// One image of which every so many rows and columns are told.
  private struct Pass {
    var row = 0
    var column = 0
    var rowStep = 1
    var columnStep = 1

    static let whole = [Pass()]
    /// Adam Costello's seven.
    static let interlaced = [
      Pass(rowStep: 8, columnStep: 8), Pass(column: 4, rowStep: 8, columnStep: 8),
      Pass(row: 4, rowStep: 8, columnStep: 4), Pass(column: 2, rowStep: 4, columnStep: 4),
      Pass(row: 2, rowStep: 4, columnStep: 2), Pass(column: 1, rowStep: 2, columnStep: 2), Pass(row: 1, rowStep: 2),
    ]

    func size(_ height: Int, _ width: Int) -> (rows: Int, columns: Int) {
      (max(0, (height - row + rowStep - 1) / rowStep), max(0, (width - column + columnStep - 1) / columnStep))
    }
  }

  func raster() throws -> Raster {
    guard isValid, width < 1 << 31, height < 1 << 31 else { throw ImageFault.damaged }
    let passes = isInterlaced ? Pass.interlaced : Pass.whole
    func rowSize(_ columns: Int) -> Int { (columns * channels * bits + 7) / 8 }
    var total = 0
    for pass in passes {
      let (rows, columns) = pass.size(height, width)
      let (size, overflow) = rows.multipliedReportingOverflow(by: columns == 0 ? 0 : rowSize(columns) + 1)
      guard !overflow, size < 1 << 40 else { throw ImageFault.damaged }
      total += size
    }
    var lines = try Inflation.expand(data, to: total)
    let raster = try Raster(height: height, width: width, fileSize: data.count)
    var offset = 0
    for pass in passes {
      let (rows, columns) = pass.size(height, width)
      guard columns > 0 else { continue }
      let size = rowSize(columns)
      for row in 0..<rows {
        try unfilter(&lines, at: offset, size: size, hasAbove: row > 0)
        let samples = try PackedSamples.row(
          lines[offset + 1..<offset + 1 + size], bits: bits, count: columns * channels)
        paint(samples, raster, row: pass.row + row * pass.rowStep, pass.column, pass.columnStep)
        offset += size + 1
      }
    }
    return raster
  }

  /// Undoes a row's prediction from what is left of it and above.
  private func unfilter(_ lines: inout [UInt8], at offset: Int, size: Int, hasAbove: Bool) throws {
    let distance = max(1, channels * bits / 8)
    let filter = lines[offset]
    guard filter <= 4 else { throw ImageFault.damaged }
    for index in 0..<size {
      let place = offset + 1 + index
      let left = index >= distance ? Int(lines[place - distance]) : 0
      let above = hasAbove ? Int(lines[place - size - 1]) : 0
      let corner = index >= distance && hasAbove ? Int(lines[place - size - 1 - distance]) : 0
      let prediction =
        switch filter {
        case 1: left
        case 2: above
        case 3: (left + above) / 2
        case 4: Self.nearest(left, above, corner)
        default: 0
        }
      lines[place] &+= UInt8(truncatingIfNeeded: prediction)
    }
  }

  /// Paeth's predictor: of the three, the one next to left + above − corner.
  private static func nearest(_ left: Int, _ above: Int, _ corner: Int) -> Int {
    let estimate = left + above - corner
    let (toLeft, toAbove, toCorner) = (abs(estimate - left), abs(estimate - above), abs(estimate - corner))
    if toLeft <= toAbove && toLeft <= toCorner { return left }
    return toAbove <= toCorner ? above : corner
  }

  private func paint(_ samples: [UInt8], _ raster: Raster, row: Int, _ first: Int, _ step: Int) {
    let most = bits >= 8 ? 255 : (1 << bits) - 1
    for pixel in 0..<samples.count / channels {
      let (column, sample) = (first + pixel * step, pixel * channels)
      switch colorType {
      case 2, 6: raster.set(row, column, samples[sample], samples[sample + 1], samples[sample + 2])
      case 3:
        let entry = 3 * Int(samples[sample])
        guard entry + 2 < palette.count else { continue }
        raster.set(row, column, palette[entry], palette[entry + 1], palette[entry + 2])
      default: raster.set(row, column, grey: UInt8(Int(samples[sample]) * 255 / most))
      }
    }
  }
}
