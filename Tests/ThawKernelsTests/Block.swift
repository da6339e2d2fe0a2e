import ThawKernels
import ThawTypes

/// Numbers in memory, read and written one by one as Double: what the tests give to kernels.
final class Block: CustomStringConvertible {
  let dtype: DType
  let count: Int
  let pointer: UnsafeMutableRawPointer

  init(_ values: [Double], _ dtype: DType) {
    self.dtype = dtype
    count = values.count
    pointer = .allocate(byteCount: max(1, count * dtype.itemSize), alignment: 64)
    for (index, value) in values.enumerated() { self[index] = value }
  }

  /// Memory for so many elements, which hold anything.
  init(uninitialized count: Int, _ dtype: DType) {
    self.dtype = dtype
    self.count = count
    pointer = .allocate(byteCount: max(1, count * dtype.itemSize), alignment: 64)
  }

  convenience init(count: Int, _ dtype: DType, filledWith value: Double = 99) {
    self.init(Array(repeating: value, count: count), dtype)
  }

  deinit { pointer.deallocate() }

  var values: [Double] { (0..<count).map { self[$0] } }
  var description: String { "\(values)" }

  /// For the types that have loops, and the narrow and unsigned integers.
  subscript(index: Int) -> Double {
    get {
      func load<Number: BinaryInteger>(_ type: Number.Type) -> Double {
        Double(pointer.load(fromByteOffset: index * dtype.itemSize, as: type))
      }
      return switch dtype {
      case .float32: Double(pointer.load(fromByteOffset: index * 4, as: Float.self))
      case .float64: pointer.load(fromByteOffset: index * 8, as: Double.self)
      case .int64: load(Int64.self)
      case .int32: load(Int32.self)
      case .int16: load(Int16.self)
      case .int8, .int4, .int2: load(Int8.self)
      case .uint64: load(UInt64.self)
      case .uint32: load(UInt32.self)
      case .uint16, .float16, .bfloat16: load(UInt16.self)
      default: load(UInt8.self)
      }
    }
    set {
      func store<Number: FixedWidthInteger>(_ type: Number.Type) {
        pointer.storeBytes(of: type.init(newValue), toByteOffset: index * dtype.itemSize, as: type)
      }
      switch dtype {
      case .float32: pointer.storeBytes(of: Float(newValue), toByteOffset: index * 4, as: Float.self)
      case .float64: pointer.storeBytes(of: newValue, toByteOffset: index * 8, as: Double.self)
      case .int64: store(Int64.self)
      case .int32: store(Int32.self)
      case .int16: store(Int16.self)
      case .int8, .int4, .int2: store(Int8.self)
      case .uint64: store(UInt64.self)
      case .uint32: store(UInt32.self)
      case .uint16, .float16, .bfloat16: store(UInt16.self)
      default: store(UInt8.self)
      }
    }
  }
}

/// Where an operand starts.
struct Place {
  var block: Block
  /// In elements.
  var offset: Int
}

extension Block {
  var whole: Place { Place(block: self, offset: 0) }

  func from(_ offset: Int) -> Place { Place(block: self, offset: offset) }
}

/// Computes at once, and keeps the operands alive meanwhile.
func compute(_ request: some KernelRequest, _ operands: [Place?], backend: Backend = .automatic) throws {
  try withExtendedLifetime(operands) {
    try run(
      request, operands.map { place in place.map { $0.block.pointer + $0.offset * $0.block.dtype.itemSize } },
      backend: backend)
  }
}

/// An arrangement of elements: a shape, its strides, and the elements the memory behind it holds.
struct Arrangement: CustomStringConvertible {
  var shape: [Int]
  var strides: [Int]

  /// Contiguous.
  init(_ shape: [Int]) { self.init(shape, contiguousStrides(shape)) }

  init(_ shape: [Int], _ strides: [Int]) {
    self.shape = shape
    self.strides = strides
  }

  var description: String { "\(shape) by \(strides)" }
  var count: Int { shape.reduce(1, *) }
  /// Where index 0, 0, ... is, so that negative strides stay inside.
  var origin: Int { zip(shape, strides).reduce(0) { $0 - min(0, $1.1) * max(0, $1.0 - 1) } }
  var extent: Int { zip(shape, strides).reduce(1 + origin) { $0 + max(0, $1.1) * max(0, $1.0 - 1) } }

  /// The places of all elements, row major.
  var places: [Int] {
    (0..<count).map { index in
      var (place, rest) = (origin, index)
      for axis in shape.indices.reversed() {
        place += rest % shape[axis] * strides[axis]
        rest /= shape[axis]
      }
      return place
    }
  }

  /// Arrangements that meet every path through the loops.
  static let samples = [
    Arrangement([]), Arrangement([7]), Arrangement([3, 5]), Arrangement([3, 37], [0, 1]),
    Arrangement([3, 37], [1, 0]),
    Arrangement([4, 33], [1, 4]), Arrangement([33], [-1]), Arrangement([2, 3, 20], [60, -20, 1]),
    Arrangement([3, 1, 4], [4, 9, 1]), Arrangement([2, 0, 3]), Arrangement([0]), Arrangement([5, 4], [0, 0]),
    Arrangement([2, 3, 4, 5], [60, 5, 15, 1]),
  ]
}

/// Reproducible random numbers.
struct Dice: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64 = 1) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  mutating func values(_ count: Int, in range: ClosedRange<Double> = -1...1) -> [Double] {
    (0..<count).map { _ in Double.random(in: range, using: &self) }
  }

  mutating func integers(_ count: Int, in range: ClosedRange<Int>) -> [Double] {
    (0..<count).map { _ in Double(Int.random(in: range, using: &self)) }
  }

  mutating func block(_ count: Int, _ dtype: DType = .float32) -> Block {
    Block(dtype.isFloatingPoint ? values(count) : integers(count, in: dtype == .uint8 ? 0...3 : -9...9), dtype)
  }
}

/// The first difference that is too large: relative to the larger number, or `absolute` near 0; NaN equals NaN.
func difference(_ found: [Double], _ expected: [Double], relative: Double = 1e-5, absolute: Double = 1e-6) -> String? {
  if found.count != expected.count { return "\(found.count) numbers for \(expected.count)" }
  for (index, (a, b)) in zip(found, expected).enumerated() {
    if a == b || (a.isNaN && b.isNaN) { continue }
    if !(abs(a - b) <= absolute + relative * max(abs(a), abs(b))) { return "at \(index): found \(a), expected \(b)" }
  }
  return nil
}
