/// A prefix code: symbols by the bits that stand for them.
struct HuffmanCode {
  /// For each 16 bits that may come, the length of the code that they begin with, 0 for none.
  private(set) var lengths: [UInt8]
  private(set) var symbols: [UInt8]

  /// - Parameters:
  ///   - counts: how many codes of 1 to 16 bits there are.
  ///   - symbols: of all codes, the shorter ones first.
  init(counts: [Int], symbols values: [UInt8]) throws {
    lengths = [UInt8](repeating: 0, count: 1 << 16)
    symbols = lengths
    var (place, symbol) = (0, 0)
    for (index, count) in counts.enumerated() {
      let span = 1 << (15 - index)
      for _ in 0..<count {
        guard place + span <= 1 << 16 else { throw ImageFault.damaged }
        for entry in place..<place + span { (lengths[entry], symbols[entry]) = (UInt8(index + 1), values[symbol]) }
        (place, symbol) = (place + span, symbol + 1)
      }
    }
  }
}

/// The bits between two markers of a JPEG file.
struct JPEGBits {
  private let bytes: [UInt8]
  private var offset: Int
  private var buffer = 0
  private var count = 0
  /// How many of the buffered bits are none of the file's.
  private var invented = 0

  init(_ bytes: [UInt8], from offset: Int) {
    self.bytes = bytes
    self.offset = offset
  }

  /// Where the marker is that ends the bits.
  var end: Int {
    var place = offset
    while place + 1 < bytes.count, bytes[place] != 0xff || bytes[place + 1] == 0 || bytes[place + 1] == 0xff {
      place += 1
    }
    return place + 1 < bytes.count ? place : bytes.count
  }

  private mutating func fill() {
    while count <= 48 {
      var byte = 0
      if offset < bytes.count, bytes[offset] != 0xff || (offset + 1 < bytes.count && bytes[offset + 1] == 0) {
        byte = Int(bytes[offset])
        offset += byte == 0xff ? 2 : 1
      } else {
        invented += 8
      }
      buffer = (buffer << 8 | byte) & (1 << 56 - 1)
      count += 8
    }
  }

  /// - Throws: ``ImageFault/damaged`` when the file has not so many bits.
  mutating func bits(_ number: Int) throws -> Int {
    guard number > 0 else { return 0 }
    if count < number { fill() }
    count -= number
    guard count >= invented else { throw ImageFault.damaged }
    return buffer >> count & (1 << number - 1)
  }

  mutating func symbol(_ code: HuffmanCode) throws -> Int {
    if count < 16 { fill() }
    let next = buffer >> (count - 16) & 0xffff
    let length = Int(code.lengths[next])
    guard length > 0 else { throw ImageFault.damaged }
    _ = try bits(length)
    return Int(code.symbols[next])
  }

  /// A number of so many bits, of which those that begin with 0 are negative.
  mutating func signed(_ size: Int) throws -> Int {
    guard size > 0 else { return 0 }
    guard size <= 15 else { throw ImageFault.damaged }
    let value = try bits(size)
    return value < 1 << (size - 1) ? value - (1 << size) + 1 : value
  }

  /// Goes on behind the next restart marker.
  mutating func restart() throws {
    (buffer, count, invented) = (0, 0, 0)
    let place = end
    guard place + 1 < bytes.count, (0xd0...0xd7).contains(bytes[place + 1]) else { throw ImageFault.damaged }
    offset = place + 2
  }
}

/// One pass over the blocks of some components.
struct JPEGScan {
  struct Member {
    let component: Int
    let dc: HuffmanCode?
    let ac: HuffmanCode?
  }

  let members: [Member]
  /// The coefficients that are told, in zigzag order.
  let first: Int
  let last: Int
  /// The bits that were told before, and those that are left for later.
  let high: Int
  let low: Int
  let isProgressive: Bool
  let restartInterval: Int
  var bits: JPEGBits
  private var predictions: [Int] = []
  /// How many blocks have nothing more to tell.
  private var endedBlocks = 0

  init(
    members: [Member], first: Int, last: Int, high: Int, low: Int, isProgressive: Bool, restartInterval: Int,
    bits: JPEGBits
  ) {
    self.members = members
    (self.first, self.last) = isProgressive ? (first, last) : (0, 63)
    (self.high, self.low) = isProgressive ? (high, low) : (0, 0)
    self.isProgressive = isProgressive
    self.restartInterval = restartInterval
    self.bits = bits
  }

  mutating func read(into components: inout [JPEGImage.Component]) throws {
    guard first <= last, last < 64, low < 14, high == 0 || high == low + 1,
      !isProgressive || (first == 0) == (last == 0), first == 0 || members.count == 1,
      Set(members.map(\.component)).count == members.count
    else { throw ImageFault.damaged }
    predictions = [Int](repeating: 0, count: members.count)
    let isAlone = members.count == 1
    let sole = components[members[0].component]
    let across = isAlone ? sole.blocksAcross : sole.storedAcross / sole.horizontal
    let down = isAlone ? sole.blocksDown : sole.storedDown / sole.vertical
    for unit in 0..<across * down {
      if restartInterval > 0, unit > 0, unit % restartInterval == 0 {
        try bits.restart()
        (predictions, endedBlocks) = ([Int](repeating: 0, count: members.count), 0)
      }
      let (row, column) = (unit / across, unit % across)
      for (index, member) in members.enumerated() {
        let part = components[member.component]
        let (wide, high) = isAlone ? (1, 1) : (part.horizontal, part.vertical)
        for block in 0..<wide * high {
          let place = (row * high + block / wide) * part.storedAcross + column * wide + block % wide
          try read(index, &components[member.component].coefficients, at: 64 * place)
        }
      }
    }
  }

  private mutating func read(_ index: Int, _ block: inout [Int16], at start: Int) throws {
    if first == 0 { try readDC(index, &block, at: start) }
    if last > 0 {
      if high > 0 { try refineAC(index, &block, at: start) } else { try readAC(index, &block, at: start) }
    }
  }

  private mutating func readDC(_ index: Int, _ block: inout [Int16], at start: Int) throws {
    if high > 0 {
      if try bits.bits(1) == 1 { block[start] |= 1 << Int16(low) }
      return
    }
    guard let code = members[index].dc else { throw ImageFault.damaged }
    predictions[index] += try bits.signed(try bits.symbol(code))
    block[start] = Int16(truncatingIfNeeded: predictions[index] << low)
  }

  private mutating func readAC(_ index: Int, _ block: inout [Int16], at start: Int) throws {
    guard endedBlocks == 0 else {
      endedBlocks -= 1
      return
    }
    guard let code = members[index].ac else { throw ImageFault.damaged }
    var place = max(1, first)
    while place <= last {
      let symbol = try bits.symbol(code)
      let (run, size) = (symbol >> 4, symbol & 15)
      if size == 0, run < 15 {
        guard isProgressive || run == 0 else { throw ImageFault.damaged }
        endedBlocks = (1 << run) + (try bits.bits(run)) - 1
        return
      }
      place += run
      if size > 0 {
        guard place <= last else { throw ImageFault.damaged }
        block[start + Self.zigzag[place]] = Int16(truncatingIfNeeded: try bits.signed(size) << low)
      }
      place += 1
    }
  }

  /// One more bit of what is not zero, and new coefficients of one bit among it.
  private mutating func refineAC(_ index: Int, _ block: inout [Int16], at start: Int) throws {
    guard let code = members[index].ac else { throw ImageFault.damaged }
    let one = Int16(1) << Int16(low)
    func refine(_ entry: Int, _ bits: inout JPEGBits) throws {
      if try bits.bits(1) == 1, block[entry] & one == 0 { block[entry] &+= block[entry] > 0 ? one : -one }
    }
    var place = first
    while place <= last, endedBlocks == 0 {
      let symbol = try bits.symbol(code)
      var (run, new) = (symbol >> 4, Int16(0))
      if symbol & 15 == 1 {
        new = try bits.bits(1) == 1 ? one : -one
      } else if symbol & 15 == 0 {
        if run < 15 {
          endedBlocks = (1 << run) + (try bits.bits(run))
          break
        }
      } else {
        throw ImageFault.damaged
      }
      while place <= last {
        let entry = start + Self.zigzag[place]
        place += 1
        if block[entry] != 0 {
          try refine(entry, &bits)
        } else if run == 0 {
          block[entry] = new
          break
        } else {
          run -= 1
        }
      }
    }
    guard endedBlocks > 0 else { return }
    while place <= last {
      let entry = start + Self.zigzag[place]
      if block[entry] != 0 { try refine(entry, &bits) }
      place += 1
    }
    endedBlocks -= 1
  }

  /// Where the coefficients lie in a block, row by row, in the order in which they are told.
  static let zigzag: [Int] = {
    var order: [Int] = []
    for diagonal in 0..<15 {
      let rows = max(0, diagonal - 7)...min(7, diagonal)
      order += (diagonal % 2 == 0 ? rows.reversed() : Array(rows)).map { $0 * 8 + diagonal - $0 }
    }
    return order
  }()
}
