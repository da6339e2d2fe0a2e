import Synchronization
import ThawKernels
import ThawONNX
import ThawTypes

/// How many numbers of a tensor are NaN or infinite.
struct NonFiniteCount {
  let total: Int
  private(set) var nan = 0
  private(set) var infinite = 0
  /// The place of the first, in row-major order.
  private(set) var first = 0

  /// Whether a tensor is of a type that has such numbers.
  static func isCounted(_ tensor: TensorProto) -> Bool { tensor.dtype.flatMap(Pattern.init) != nil }

  /// Counts them in several tensors, on all cores, where the elements are in the file.
  ///
  /// - Returns: nil for a tensor that is not there, or of another type.
  static func count(_ tensors: [TensorData?]) -> [NonFiniteCount?] {
    var parts: [(tensor: Int, bytes: ByteRegion, start: Int, pattern: Pattern)] = []
    var results: [NonFiniteCount?] = []
    for (index, tensor) in tensors.enumerated() {
      guard let tensor, let bytes = tensor.bytes, let pattern = Pattern(tensor.dtype) else {
        results.append(nil)
        continue
      }
      results.append(NonFiniteCount(total: tensor.count))
      for start in stride(from: 0, to: bytes.count, by: partSize) {
        parts.append((index, bytes[start..<min(start + partSize, bytes.count)], start, pattern))
      }
    }
    let counts = Mutex([NonFiniteCount?](repeating: nil, count: parts.count))
    parallel(parts.count, grain: 1) { range in
      for index in range {
        let part = parts[index]
        guard part.bytes.withUnsafeBytes(part.pattern.occurs(in:)) else { continue }
        let count = part.bytes.withUnsafeBytes { part.pattern.count($0, startingAt: part.start) }
        counts.withLock { $0[index] = count }
      }
    }
    for (part, count) in zip(parts, counts.withLock { $0 }) {
      if let count { results[part.tensor]?.add(count) }
    }
    return results
  }

  /// In bytes; a multiple of every element's.
  private static let partSize = 1 << 20

  fileprivate init(total: Int) { self.total = total }

  private mutating func add(_ other: NonFiniteCount) {
    if nan + infinite == 0 { first = other.first }
    nan += other.nan
    infinite += other.infinite
  }

  fileprivate mutating func add(isNaN: Bool, at place: Int) {
    if nan + infinite == 0 { first = place }
    if isNaN { nan += 1 } else { infinite += 1 }
  }
}

/// The bits by which a type's numbers that are not finite are known.
private struct Pattern {
  /// In bytes; of a complex number, of one of its parts.
  let width: Int
  /// How many such make an element.
  let parts: Int
  /// A number is not finite when its bits under `mask` are `bits`.
  let mask: UInt64
  let bits: UInt64
  /// Such a number is infinite when the bits under this mask are 0; nil where the type has no infinity.
  let fraction: UInt64?

  init?(_ dtype: DType) {
    func ieee(_ width: Int, exponent: Int, fraction: Int, parts: Int = 1) -> Self {
      let bits = ((UInt64(1) << exponent) - 1) << fraction
      return Self(width: width, parts: parts, mask: bits, bits: bits, fraction: (UInt64(1) << fraction) - 1)
    }
    func nanOnly(mask: UInt64, bits: UInt64) -> Self {
      Self(width: 1, parts: 1, mask: mask, bits: bits, fraction: nil)
    }
    switch dtype {
    case .float16: self = ieee(2, exponent: 5, fraction: 10)
    case .bfloat16: self = ieee(2, exponent: 8, fraction: 7)
    case .float32: self = ieee(4, exponent: 8, fraction: 23)
    case .float64: self = ieee(8, exponent: 11, fraction: 52)
    case .complex64: self = ieee(4, exponent: 8, fraction: 23, parts: 2)
    case .complex128: self = ieee(8, exponent: 11, fraction: 52, parts: 2)
    case .float8e5m2: self = ieee(1, exponent: 5, fraction: 2)
    case .float8e4m3fn: self = nanOnly(mask: 0x7f, bits: 0x7f)
    case .float8e4m3fnuz, .float8e5m2fnuz: self = nanOnly(mask: 0xff, bits: 0x80)
    case .float8e8m0: self = nanOnly(mask: 0xff, bits: 0xff)
    default: return nil
    }
  }

  private init(width: Int, parts: Int, mask: UInt64, bits: UInt64, fraction: UInt64?) {
    (self.width, self.parts, self.mask, self.bits, self.fraction) = (width, parts, mask, bits, fraction)
  }

  /// Whether any number is not finite: the pass over all bytes, which hardly ever finds one.
  func occurs(in bytes: UnsafeRawBufferPointer) -> Bool {
    switch width {
    case 1: occurs(bytes, UInt8(truncatingIfNeeded: mask), UInt8(truncatingIfNeeded: bits))
    case 2: occurs(bytes, UInt16(truncatingIfNeeded: mask), UInt16(truncatingIfNeeded: bits))
    case 4: occurs(bytes, UInt32(truncatingIfNeeded: mask), UInt32(truncatingIfNeeded: bits))
    default: occurs(bytes, mask, bits)
    }
  }

  private func occurs<Bits: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ mask: Bits, _ bits: Bits
  ) -> Bool {
    var found: Bits = 0
    for offset in stride(from: 0, through: bytes.count - width, by: MemoryLayout<Bits>.size) {
      found |= bytes.loadUnaligned(fromByteOffset: offset, as: Bits.self) & mask == bits ? 1 : 0
    }
    return found != 0
  }

  func count(_ bytes: UnsafeRawBufferPointer, startingAt start: Int) -> NonFiniteCount {
    var count = NonFiniteCount(total: 0)
    for offset in stride(from: 0, through: bytes.count - width, by: width) {
      var number: UInt64 = 0
      for byte in 0..<width { number |= UInt64(bytes[offset + byte]) << (8 * byte) }
      guard number & mask == self.bits else { continue }
      let isNaN = fraction.map { number & $0 != 0 } ?? true
      count.add(isNaN: isNaN, at: (start + offset) / (width * parts))
    }
    return count
  }
}
