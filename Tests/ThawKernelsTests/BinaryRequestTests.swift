import Foundation
import Testing
import ThawKernels
import ThawTypes

@Suite struct BinaryRequestTests {
  static func reference(_ function: BinaryFunction, _ a: Double, _ b: Double, isInteger: Bool) -> Double {
    func bits(_ combine: (Int64, Int64) -> Int64) -> Double { Double(combine(Int64(a), Int64(b))) }
    switch function {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return isInteger ? (b == 0 ? 0 : (a / b).rounded(.towardZero)) : a / b
    case .power:
      if !isInteger { return pow(a, b) }
      return b < 0 ? (a == 0 ? 0 : pow(a, b).rounded(.towardZero)) : pow(a, b)
    case .maximum: return a.isNaN || b.isNaN ? .nan : max(a, b)
    case .minimum: return a.isNaN || b.isNaN ? .nan : min(a, b)
    case .remainder: return isInteger && b == 0 ? 0 : a - b * (a / b).rounded(.down)
    case .truncatedRemainder: return isInteger && b == 0 ? 0 : fmod(a, b)
    case .equal: return a == b ? 1 : 0
    case .less: return a < b ? 1 : 0
    case .lessOrEqual: return a <= b ? 1 : 0
    case .greater: return a > b ? 1 : 0
    case .greaterOrEqual: return a >= b ? 1 : 0
    case .and: return a != 0 && b != 0 ? 1 : 0
    case .or: return a != 0 || b != 0 ? 1 : 0
    case .xor: return (a != 0) != (b != 0) ? 1 : 0
    case .bitAnd: return bits(&)
    case .bitOr: return bits(|)
    case .bitXor: return bits(^)
    case .shiftLeft: return bits { $1 < 0 ? 0 : $0 << $1 }
    case .geluGradient:
      return a * (0.5 * erfc(-b / 2.0.squareRoot()) + b * exp(-b * b / 2) / (2 * Double.pi).squareRoot())
    case .geluTanhGradient:
      let (s, c) = ((2 / Double.pi).squareRoot(), 0.044715)
      let t = tanh(s * (b + c * b * b * b))
      return a * 0.5 * (1 + t + b * (1 - t * t) * s * (1 + 3 * c * b * b))
    case .shiftRight: return bits { $1 < 0 ? ($0 < 0 ? -1 : 0) : $0 >> $1 }
    }
  }

  static func computed(
    _ function: BinaryFunction, _ a: Block, _ b: Block, _ left: Arrangement, _ right: Arrangement
  ) throws -> [Double] {
    let output = Block(count: left.count, function.givesBool ? .bool : a.dtype)
    try compute(
      BinaryRequest(
        function: function, dtype: a.dtype, shape: left.shape, leftStrides: left.strides, rightStrides: right.strides),
      [
        a.from(left.origin), b.from(right.origin), output.whole,
      ])
    return output.values
  }

  static func computed(_ function: BinaryFunction, _ a: [Double], _ b: [Double], _ dtype: DType) throws -> [Double] {
    let all = Arrangement([a.count])
    return try computed(function, Block(a, dtype), Block(b, dtype), all, all)
  }

  static let pairs: [(Arrangement, Arrangement)] =
    Arrangement.samples.map { ($0, Arrangement($0.shape)) } + [
      (Arrangement([6, 40]), Arrangement([6, 40], [0, 1])), (Arrangement([6, 40]), Arrangement([6, 40], [1, 0])),
      (Arrangement([6, 40]), Arrangement([6, 40], [0, 0])), (Arrangement([6, 40], [0, 0]), Arrangement([6, 40])),
      (Arrangement([2, 3, 4], [12, 4, 1]), Arrangement([2, 3, 4], [0, 1, 0])),
      (Arrangement([5, 6], [1, 5]), Arrangement([5, 6], [6, -1])),
    ]

  @Test(arguments: BinaryFunction.allCases)
  func arrangements(function: BinaryFunction) throws {
    let isBitwise = [.bitAnd, .bitOr, .bitXor, .shiftLeft, .shiftRight].contains(function)
    let isFloating = [.geluGradient, .geluTanhGradient].contains(function)
    var dice = Dice()
    let types: [DType] = [.float32, .float64, .int8, .int16, .int32, .int64]
    for dtype in types where dtype.isInteger ? !isFloating : !isBitwise {
      for (left, right) in Self.pairs {
        let low = function == .power && dtype.isFloatingPoint ? 0.1 : -5.0
        let a = Block(
          dtype.isInteger ? dice.integers(left.extent, in: -4...4) : dice.values(left.extent, in: low...5), dtype)
        let b = Block(
          dtype.isInteger ? dice.integers(right.extent, in: -3...3) : dice.values(right.extent, in: -3...3), dtype)
        let expected = zip(left.places, right.places).map {
          Self.reference(function, a[$0], b[$1], isInteger: dtype.isInteger)
        }
        let found = try Self.computed(function, a, b, left, right)
        #expect(
          difference(found, expected, relative: dtype == .float32 ? 1e-6 : 1e-14, absolute: 1e-6) == nil,
          "\(dtype), \(left), \(right)")
      }
    }
  }

  @Test func wholeNumbersNeverTrap() throws {
    let least = -2_147_483_648.0
    #expect(try Self.computed(.divide, [least, 7, -7, 5], [-1, 0, 2, -2], .int32) == [least, 0, -3, -2])
    #expect(try Self.computed(.remainder, [least, 7, -7, 5], [-1, 0, 2, -3], .int32) == [0, 0, 1, -1])
    #expect(try Self.computed(.truncatedRemainder, [least, 7, -7], [-1, 0, 2], .int32) == [0, 0, -1])
    #expect(try Self.computed(.add, [127, -128], [1, -1], .int8) == [-128, 127])
    #expect(try Self.computed(.multiply, [65535], [65535], .uint16) == [1])
    #expect(try Self.computed(.shiftLeft, [1, 1, 1], [31, 32, 7], .uint32) == [2_147_483_648, 0, 128])
    #expect(try Self.computed(.shiftRight, [255, 255], [1, 8], .uint8) == [127, 0])
    #expect(try Self.computed(.power, [2, 3, -1, 0], [-1, 4, -3, -2], .int64) == [0, 81, -1, 0])
  }

  @Test func unsigned64() throws {
    let large = 18_446_744_073_709_549_568.0  // the largest that Double holds
    #expect(try Self.computed(.less, [large, 1], [1, large], .uint64) == [0, 1])
    #expect(try Self.computed(.divide, [large], [2], .uint64) == [large / 2])
    #expect(try Self.computed(.maximum, [large], [1], .uint64) == [large])
    #expect(try Self.computed(.shiftRight, [9_223_372_036_854_775_808], [63], .uint64) == [1])
    #expect(try Self.computed(.remainder, [large], [1000], .uint64) == [568])
  }

  @Test func bools() throws {
    let (a, b) = ([0.0, 0, 1, 1], [0.0, 1, 0, 1])
    #expect(try Self.computed(.and, a, b, .bool) == [0, 0, 0, 1])
    #expect(try Self.computed(.or, a, b, .bool) == [0, 1, 1, 1])
    #expect(try Self.computed(.xor, a, b, .bool) == [0, 1, 1, 0])
    #expect(try Self.computed(.equal, a, b, .bool) == [1, 0, 0, 1])
    #expect(try Self.computed(.add, a, b, .bool) == [0, 1, 1, 1])
  }

  @Test func specialValues() throws {
    let (a, b): ([Double], [Double]) = ([.nan, 1, .nan, .infinity, 0], [1, .nan, .nan, -.infinity, 0])
    for function in [BinaryFunction.maximum, .minimum, .add, .divide, .equal, .less, .greaterOrEqual] {
      let expected = zip(a, b).map { Self.reference(function, $0, $1, isInteger: false) }
      #expect(try difference(Self.computed(function, a, b, .float32), expected) == nil, "\(function)")
    }
    #expect(try Self.computed(.remainder, [5, -5, 5, -5], [3, 3, -3, -3], .float64) == [2, 1, -1, -2])
    #expect(try Self.computed(.power, [-2, -2, 0, 5], [2, 3, 0, 1], .float32) == [4, -8, 1, 5])
  }

  /// The derivative of GELU is 0 far to the left, 1 far to the right, and never the product of 0 and infinity.
  @Test(arguments: [BinaryFunction.geluGradient, .geluTanhGradient], [DType.float32, .float64])
  func geluFarOut(function: BinaryFunction, dtype: DType) throws {
    let x: [Double] = [-.infinity, -1e30, -50, 0, 50, 1e30, .infinity, .nan]
    let found = try Self.computed(function, x.map { _ in 3 }, x, dtype)
    #expect(difference(found, [0, 0, 0, 1.5, 3, 3, 3, .nan], absolute: 1e-30) == nil, "\(found)")
  }

  @Test func largeAndParallel() throws {
    let count = 300_000
    let a = Block((0..<count).map(Double.init), .int64)
    let b = Block((0..<count).map { Double($0 % 7) }, .int64)
    let found = try Self.computed(.multiply, a, b, Arrangement([count]), Arrangement([count]))
    #expect(found == (0..<count).map { Double($0 * ($0 % 7)) })
  }

  @Test func stringsAreRefused() {
    let request = BinaryRequest(function: .add, dtype: .string, shape: [1], leftStrides: [1], rightStrides: [1])
    #expect(throws: KernelError.unsupported(operation: "add", detail: "string")) {
      try request.prepare(for: .automatic)
    }
  }
}
