/// A JPEG file: baseline, extended or progressive, 8 bits, shades of grey or three colors (ITU-T T.81).
///
/// The numbers are those of libjpeg's slow integer transform and of the interpolation of colors that ONNX asks for.
struct JPEGImage {
  /// One color of the image, as blocks of 8 × 8 coefficients.
  struct Component {
    let identifier: Int
    let horizontal: Int
    let vertical: Int
    let table: Int
    /// How many blocks hold the image, and how many there are in whole units of all components.
    var blocksAcross = 0
    var blocksDown = 0
    var storedAcross = 0
    var storedDown = 0
    var coefficients: [Int16] = []
  }

  private let file: ImageBytes
  private(set) var height = 0
  private(set) var width = 0
  private(set) var isProgressive = false
  private(set) var components: [Component] = []
  private var quantization = [[Int]](repeating: [], count: 4)
  private var dcCodes = [HuffmanCode?](repeating: nil, count: 4)
  private var acCodes = [HuffmanCode?](repeating: nil, count: 4)
  private var restartInterval = 0
  private var isJFIF = false
  private var adobeTransform: Int?

  init(_ bytes: [UInt8]) throws {
    file = ImageBytes(bytes: bytes, isBigEndian: true)
    try readSegments()
  }

  private mutating func readSegments() throws {
    var offset = 2
    while true {
      guard try file.byte(offset) == 0xff else { throw ImageFault.damaged }
      let marker = try file.byte(offset + 1)
      offset += 1
      if marker == 0xff { continue }
      offset += 1
      if marker == 0xd9 { break }
      if marker == 0x01 || (0xd0...0xd7).contains(marker) { continue }
      let length = try file.number(offset, byteCount: 2)
      guard length >= 2 else { throw ImageFault.damaged }
      let segment = try file.slice(offset + 2, count: length - 2)
      offset += length
      switch marker {
      case 0xc0, 0xc1, 0xc2: try readFrame(segment, isProgressive: marker == 0xc2)
      case 0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf:
        throw ImageFault.unsupported("a JPEG that is lossless, hierarchical or coded arithmetically")
      case 0xc4: try readCodes(segment)
      case 0xdb: try readQuantization(segment)
      case 0xdd:
        restartInterval =
          segment.count < 2 ? 0 : Int(segment[segment.startIndex]) << 8 | Int(segment[segment.startIndex + 1])
      case 0xda: offset = try readScan(segment, from: offset)
      case 0xe0: isJFIF = isJFIF || segment.starts(with: "JFIF\0".utf8)
      case 0xee where segment.count >= 12 && segment.starts(with: "Adobe".utf8):
        adobeTransform = Int(segment[segment.startIndex + 11])
      default: break
      }
      // An image whose end is not marked is whole when its data are.
      if offset >= file.bytes.count, !components.isEmpty { break }
    }
    guard !components.isEmpty else { throw ImageFault.damaged }
  }

  private mutating func readFrame(_ segment: ArraySlice<UInt8>, isProgressive: Bool) throws {
    let part = ImageBytes(bytes: Array(segment), isBigEndian: true)
    guard components.isEmpty else { throw ImageFault.damaged }
    self.isProgressive = isProgressive
    let bits = try part.byte(0)
    guard bits == 8 else { throw ImageFault.unsupported("a JPEG of \(bits) bits") }
    (height, width) = (try part.number(1, byteCount: 2), try part.number(3, byteCount: 2))
    let count = try part.byte(5)
    guard height > 0, width > 0, count > 0 else { throw ImageFault.damaged }
    guard count == 1 || count == 3 else { throw ImageFault.unsupported("a JPEG of \(count) colors") }
    components = try (0..<count).map { index in
      let place = 6 + 3 * index
      let factors = try part.byte(place + 1)
      let component = Component(
        identifier: try part.byte(place), horizontal: factors >> 4, vertical: factors & 15,
        table: try part.byte(place + 2))
      guard (1...4).contains(component.horizontal), (1...4).contains(component.vertical), component.table < 4 else {
        throw ImageFault.damaged
      }
      return component
    }
    // One component alone lies in units of one block, whatever its factors say.
    let (most, mostDown) = (mostHorizontal, mostVertical)
    let (unitsAcross, unitsDown) = ((width + 8 * most - 1) / (8 * most), (height + 8 * mostDown - 1) / (8 * mostDown))
    for index in components.indices {
      let part = components[index]
      components[index].blocksAcross = ((width * part.horizontal + most - 1) / most + 7) / 8
      components[index].blocksDown = ((height * part.vertical + mostDown - 1) / mostDown + 7) / 8
      components[index].storedAcross = unitsAcross * part.horizontal
      components[index].storedDown = unitsDown * part.vertical
    }
    // Each block has a first coefficient, which is a code of at least one bit.
    let blocks = components.reduce(0) { $0 + $1.blocksAcross * $1.blocksDown }
    guard blocks / 8 <= file.bytes.count else { throw ImageFault.damaged }
    for index in components.indices {
      components[index].coefficients = [Int16](
        repeating: 0, count: 64 * components[index].storedAcross * components[index].storedDown)
    }
  }

  private var mostHorizontal: Int { components.map(\.horizontal).max() ?? 1 }
  private var mostVertical: Int { components.map(\.vertical).max() ?? 1 }

  private mutating func readQuantization(_ segment: ArraySlice<UInt8>) throws {
    let part = ImageBytes(bytes: Array(segment), isBigEndian: true)
    var offset = 0
    while offset < part.bytes.count {
      let (size, table) = (try part.byte(offset) >> 4 == 0 ? 1 : 2, try part.byte(offset) & 15)
      guard table < 4 else { throw ImageFault.damaged }
      quantization[table] = try (0..<64).map { try part.number(offset + 1 + $0 * size, byteCount: size) }
      offset += 1 + 64 * size
    }
  }

  private mutating func readCodes(_ segment: ArraySlice<UInt8>) throws {
    var rest = segment
    while let kind = rest.popFirst() {
      let counts = rest.prefix(16).map(Int.init)
      rest = rest.dropFirst(16)
      let total = counts.reduce(0, +)
      guard counts.count == 16, rest.count >= total, kind & 15 < 4 else { throw ImageFault.damaged }
      let code = try HuffmanCode(counts: counts, symbols: Array(rest.prefix(total)))
      if kind >> 4 == 0 { dcCodes[Int(kind & 15)] = code } else { acCodes[Int(kind & 15)] = code }
      rest = rest.dropFirst(total)
    }
  }

  /// Reads what follows a scan's header.
  ///
  /// - Returns: where the next marker is.
  private mutating func readScan(_ segment: ArraySlice<UInt8>, from offset: Int) throws -> Int {
    let part = ImageBytes(bytes: Array(segment))
    let count = try part.byte(0)
    let order = components.map(\.identifier)
    guard (1...4).contains(count), !components.isEmpty else { throw ImageFault.damaged }
    let members = try (0..<count).map { index in
      guard let component = order.firstIndex(of: try part.byte(1 + 2 * index)) else { throw ImageFault.damaged }
      let tables = try part.byte(2 + 2 * index)
      guard tables >> 4 < 4, tables & 15 < 4 else { throw ImageFault.damaged }
      return JPEGScan.Member(component: component, dc: dcCodes[tables >> 4], ac: acCodes[tables & 15])
    }
    let approximation = try part.byte(3 + 2 * count)
    var scan = JPEGScan(
      members: members, first: try part.byte(1 + 2 * count), last: try part.byte(2 + 2 * count),
      high: approximation >> 4, low: approximation & 15, isProgressive: isProgressive, restartInterval: restartInterval,
      bits: JPEGBits(file.bytes, from: offset))
    try scan.read(into: &components)
    return scan.bits.end
  }

  // MARK: Colors

  func raster() throws -> Raster {
    let raster = try Raster(height: height, width: width, fileSize: file.bytes.count)
    let planes = try components.map { component -> JPEGPlane in
      let plane = try JPEGPlane(component, quantization[component.table], height, width, mostHorizontal, mostVertical)
      return try plane.enlarged(mostHorizontal / component.horizontal, mostVertical / component.vertical)
    }
    for row in 0..<height {
      for column in 0..<width {
        let values = planes.map { Int($0.samples[row * $0.width + column]) }
        guard values.count == 3 else {
          raster.set(row, column, grey: UInt8(values[0]))
          continue
        }
        if isRGB {
          raster.set(row, column, UInt8(values[0]), UInt8(values[1]), UInt8(values[2]))
          continue
        }
        raster.set(row, column, luminance: UInt8(values[0]), blue: UInt8(values[1]), red: UInt8(values[2]))
      }
    }
    return raster
  }

  /// Whether the three colors are red, green and blue, by what the file says of it, else by their names.
  private var isRGB: Bool {
    if isJFIF { return false }
    if let adobeTransform { return adobeTransform == 0 }
    return components.map(\.identifier) == [82, 71, 66]
  }
}
