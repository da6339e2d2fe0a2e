/// The samples of one color of a JPEG image.
struct JPEGPlane {
  /// Rows of `width` samples; only the first `usedWidth` and `usedHeight` are the image's.
  let samples: [UInt8]
  let width: Int
  let usedHeight: Int
  let usedWidth: Int

  private init(_ samples: [UInt8], width: Int, usedHeight: Int, usedWidth: Int) {
    (self.samples, self.width, self.usedHeight, self.usedWidth) = (samples, width, usedHeight, usedWidth)
  }

  init(
    _ component: JPEGImage.Component, _ quantization: [Int], _ height: Int, _ width: Int, _ mostHorizontal: Int,
    _ mostVertical: Int
  ) throws {
    guard quantization.count == 64 else { throw ImageFault.damaged }
    guard mostHorizontal % component.horizontal == 0, mostVertical % component.vertical == 0 else {
      throw ImageFault.unsupported("a JPEG whose colors have sizes in odd proportions")
    }
    self.width = component.storedAcross * 8
    usedWidth = (width * component.horizontal + mostHorizontal - 1) / mostHorizontal
    usedHeight = (height * component.vertical + mostVertical - 1) / mostVertical
    var factors = [Int](repeating: 0, count: 64)
    for (index, place) in JPEGScan.zigzag.enumerated() { factors[place] = quantization[index] }
    var samples = [UInt8](repeating: 0, count: self.width * component.storedDown * 8)
    for block in 0..<component.storedAcross * component.storedDown {
      let (down, across) = (block / component.storedAcross, block % component.storedAcross)
      let values = Self.transformed(component.coefficients[64 * block..<64 * block + 64], factors)
      for row in 0..<8 {
        for column in 0..<8 {
          samples[(down * 8 + row) * self.width + across * 8 + column] = UInt8(clamping: values[row * 8 + column] + 128)
        }
      }
    }
    self.samples = samples
  }

  // MARK: The inverse cosine transform

  /// In integers, 13 bits behind the point, 2 of them kept between columns and rows (Loeffler, Ligtenberg and
  /// Moschytz, 1989), so that every decoder of this kind gives the same.
  private static func transformed(_ block: ArraySlice<Int16>, _ factors: [Int]) -> [Int] {
    // Damaged files may hold any coefficient: wrapping, as 32 bits do elsewhere.
    var values = zip(block, factors).map { Int32(truncatingIfNeeded: Int($0) &* $1) }
    for column in 0..<8 { transform(&values, from: column, step: 8, shift: 11) }
    for row in 0..<8 { transform(&values, from: row * 8, step: 1, shift: 18) }
    return values.map(Int.init)
  }

  private static func fixed(_ number: Double) -> Int32 { Int32((number * 8192).rounded()) }

  private static let (halfEven, evenSum, evenDifference) = (fixed(0.541196100), fixed(0.765366865), fixed(1.847759065))
  private static let odd = (fixed(0.298631336), fixed(2.053119869), fixed(3.072711026), fixed(1.501321110))
  private static let pairs = (fixed(0.899976223), fixed(2.562915447), fixed(1.961570560), fixed(0.390180644))
  private static let all = fixed(1.175875602)

  private static func transform(_ values: inout [Int32], from start: Int, step: Int, shift: Int32) {
    func x(_ index: Int) -> Int32 { values[start + index * step] }
    let common = (x(2) &+ x(6)) &* halfEven
    let (e2, e3) = (common &- x(6) &* evenDifference, common &+ x(2) &* evenSum)
    let (e0, e1) = ((x(0) &+ x(4)) &<< 13, (x(0) &- x(4)) &<< 13)
    let even = (e0 &+ e3, e1 &+ e2, e1 &- e2, e0 &- e3)
    let sum = (x(7) &+ x(3) &+ x(5) &+ x(1)) &* all
    let (p1, p2) = (x(7) &+ x(1), x(5) &+ x(3))
    let (p3, p4) = (sum &- (x(7) &+ x(3)) &* pairs.2, sum &- (x(5) &+ x(1)) &* pairs.3)
    let o0 = x(7) &* odd.0 &- p1 &* pairs.0 &+ p3
    let o1 = x(5) &* odd.1 &- p2 &* pairs.1 &+ p4
    let o2 = x(3) &* odd.2 &- p2 &* pairs.1 &+ p3
    let o3 = x(1) &* odd.3 &- p1 &* pairs.0 &+ p4
    let half = Int32(1) &<< (shift - 1)
    func put(_ index: Int, _ value: Int32) { values[start + index * step] = (value &+ half) &>> shift }
    put(0, even.0 &+ o3)
    put(7, even.0 &- o3)
    put(1, even.1 &+ o2)
    put(6, even.1 &- o2)
    put(2, even.2 &+ o1)
    put(5, even.2 &- o1)
    put(3, even.3 &+ o0)
    put(4, even.3 &- o0)
  }

  // MARK: Smaller colors

  /// The plane so many times as wide and high: doubled by interpolation where that is defined, else repeated.
  func enlarged(_ across: Int, _ down: Int) throws -> JPEGPlane {
    switch (across, down) {
    case (1, 1): return self
    case (2, 1) where usedWidth > 2: return doubled(down: false, across: true)
    case (1, 2): return doubled(down: true, across: false)
    case (2, 2) where usedWidth > 2: return doubled(down: true, across: true)
    default:
      var result = [UInt8](repeating: 0, count: usedWidth * across * usedHeight * down)
      for row in 0..<usedHeight * down {
        for column in 0..<usedWidth * across {
          result[row * usedWidth * across + column] = samples[row / down * width + column / across]
        }
      }
      return JPEGPlane(
        result, width: usedWidth * across, usedHeight: usedHeight * down, usedWidth: usedWidth * across)
    }
  }

  /// Three parts of the nearer sample and one of the next, along one axis or both; halves go down and up by turns.
  private func doubled(down: Bool, across: Bool) -> JPEGPlane {
    let (rows, columns) = (down ? 2 * usedHeight : usedHeight, across ? 2 * usedWidth : usedWidth)
    var result = [UInt8](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      let near = down ? row / 2 : row
      let next = down ? max(0, min(usedHeight - 1, row % 2 == 0 ? near - 1 : near + 1)) : near
      /// A column's sample times 4 where rows are doubled.
      func column(_ index: Int) -> Int {
        let own = Int(samples[near * width + index])
        return down ? 3 * own + Int(samples[next * width + index]) : own
      }
      for place in 0..<columns {
        let value: Int
        if !across {
          value = (column(place) + (row % 2 == 0 ? 1 : 2)) >> 2
        } else {
          let (own, isRight) = (place / 2, place % 2 == 1)
          let other = max(0, min(usedWidth - 1, isRight ? own + 1 : own - 1))
          let sum = 3 * column(own) + column(other)
          value = down ? (sum + (isRight ? 7 : 8)) >> 4 : (sum + (isRight ? 2 : 1)) >> 2
        }
        result[row * columns + place] = UInt8(clamping: value)
      }
    }
    return JPEGPlane(result, width: columns, usedHeight: rows, usedWidth: columns)
  }
}
