import Foundation
import Testing
import ThawKernels
import ThawTypes

@Suite struct ReductionRequestTests {
  static func reference(_ function: ReductionFunction, _ x: [Double], isInteger: Bool, selectLast: Bool) -> Double {
    func whole(_ value: Double) -> Double { isInteger ? value.rounded(.towardZero) : value }
    switch function {
    case .sum: return x.reduce(0, +)
    case .mean: return x.isEmpty && isInteger ? 0 : whole(x.reduce(0, +) / Double(x.count))
    case .product: return x.reduce(1, *)
    case .maximum: return x.contains { $0.isNaN } ? .nan : x.max() ?? -.infinity
    case .minimum: return x.contains { $0.isNaN } ? .nan : x.min() ?? .infinity
    case .sumOfSquares: return x.reduce(0) { $0 + $1 * $1 }
    case .l1: return x.reduce(0) { $0 + abs($1) }
    case .l2: return whole(x.reduce(0) { $0 + $1 * $1 }.squareRoot())
    case .logSum: return whole(log(x.reduce(0, +)))
    case .logSumExp: return whole(log(x.reduce(0) { $0 + exp($1) }))
    case .argMaximum, .argMinimum:
      let extreme = function == .argMaximum ? x.max() : x.min()
      let places = x.indices.filter { x[$0] == extreme }
      return Double((selectLast ? places.last : places.first) ?? 0)
    case .all: return x.allSatisfy { $0 != 0 } ? 1 : 0
    case .any: return x.contains { $0 != 0 } ? 1 : 0
    }
  }

  static func computed(
    _ function: ReductionFunction, _ input: Block, _ arrangement: Arrangement, _ axes: [Int], selectLast: Bool = false
  ) throws -> [Double] {
    let kept = arrangement.shape.indices.filter { !axes.contains($0) }.map { arrangement.shape[$0] }
    let dtype: DType =
      switch function {
      case .all, .any: .bool
      case .argMaximum, .argMinimum: .int64
      default: input.dtype
      }
    let output = Block(count: kept.reduce(1, *), dtype)
    try compute(
      ReductionRequest(
        function: function, dtype: input.dtype, shape: arrangement.shape, strides: arrangement.strides, axes: axes,
        selectLast: selectLast),
      [input.from(arrangement.origin), output.whole])
    return output.values
  }

  /// The values that each output is made of.
  static func groups(_ input: Block, _ arrangement: Arrangement, _ axes: [Int]) -> [[Double]] {
    let kept = arrangement.shape.indices.filter { !axes.contains($0) }
    var groups = Array(repeating: [Double](), count: kept.reduce(1) { $0 * arrangement.shape[$1] })
    for (index, place) in arrangement.places.enumerated() {
      var (rest, output, step) = (index, 0, 1)
      for axis in arrangement.shape.indices.reversed() {
        if kept.contains(axis) {
          output += rest % arrangement.shape[axis] * step
          step *= arrangement.shape[axis]
        }
        rest /= arrangement.shape[axis]
      }
      groups[output].append(input[place])
    }
    return groups
  }

  static let cases: [(Arrangement, [Int])] = [
    (Arrangement([7]), [0]), (Arrangement([100]), [0]), (Arrangement([3, 50]), [1]), (Arrangement([50, 3]), [0]),
    (Arrangement([40, 300]), [0]), (Arrangement([3, 4, 5]), [0, 2]), (Arrangement([3, 4, 5]), [1]),
    (Arrangement([3, 4, 5]), [0, 1, 2]), (Arrangement([3, 4]), []), (Arrangement([]), []),
    (Arrangement([40, 6], [1, 40]), [0]), (Arrangement([40, 6], [1, 40]), [1]), (Arrangement([4, 5], [0, 1]), [0]),
    (Arrangement([4, 5], [5, -1]), [1]), (Arrangement([0, 3]), [0]), (Arrangement([3, 0]), [0]),
    (Arrangement([2, 1, 9]), [1, 2]),
  ]

  @Test(arguments: ReductionFunction.allCases)
  func cases(function: ReductionFunction) throws {
    var dice = Dice()
    let isPlace = function == .argMaximum || function == .argMinimum
    for dtype in [DType.float32, .float64, .int8, .int32, .int64, .bool] {
      for (arrangement, axes) in Self.cases where !isPlace || axes.count == 1 {
        let isEmpty = arrangement.count == 0
        if isEmpty, !dtype.isFloatingPoint, function != .sum, function != .product { continue }
        if dtype == .bool, ![.all, .any, .maximum, .minimum].contains(function) { continue }
        if dtype == .int8, [.sumOfSquares, .l1, .sum, .product, .logSumExp].contains(function) { continue }
        if isEmpty, isPlace { continue }
        let positive = [.logSum, .product].contains(function)
        let values =
          dtype == .bool
          ? dice.integers(arrangement.extent, in: 0...1)
          : dtype.isFloatingPoint
            ? dice.values(arrangement.extent, in: positive ? 0.9...1.1 : -2...2)
            : dice.integers(arrangement.extent, in: positive ? 1...2 : -3...3)
        let input = Block(values, dtype)
        for selectLast in isPlace ? [false, true] : [false] {
          var expected = Self.groups(input, arrangement, axes).map {
            Self.reference(function, $0, isInteger: !dtype.isFloatingPoint, selectLast: selectLast)
          }
          if function == .product, dtype == .int32 {
            expected = expected.map { Double(Int32(truncatingIfNeeded: Int64(exactly: $0) ?? 0)) }
          }
          if function == .product, dtype.isInteger, arrangement.count > 60 { continue }
          let found = try Self.computed(function, input, arrangement, axes, selectLast: selectLast)
          #expect(
            difference(found, expected, relative: dtype == .float32 ? 2e-6 : 1e-13, absolute: 1e-6) == nil,
            "\(dtype), \(arrangement) over \(axes)")
        }
      }
    }
  }

  @Test func sumsAreAccurate() throws {
    let count = 3_000_000
    let input = Block(Array(repeating: 0.1, count: count), .float32)
    let found = try Self.computed(.sum, input, Arrangement([count]), [0])
    #expect(abs(found[0] - Double(Float(0.1)) * Double(count)) < 0.02)
    let cancels = Block([1e100, 1, -1e100, 1], .float64)
    #expect(try Self.computed(.sum, cancels, Arrangement([4]), [0]) == [2])
  }

  @Test func largeReductions() throws {
    var dice = Dice()
    let (rows, columns) = (3000, 70)
    let input = Block(dice.values(rows * columns), .float32)
    let arrangement = Arrangement([rows, columns])
    for axes in [[0], [1], [0, 1]] {
      for function in [ReductionFunction.sum, .maximum, .mean, .logSumExp, .l2] {
        let expected = Self.groups(input, arrangement, axes).map {
          Self.reference(function, $0, isInteger: false, selectLast: false)
        }
        let found = try Self.computed(function, input, arrangement, axes)
        #expect(difference(found, expected, relative: 1e-6) == nil, "\(function) over \(axes)")
      }
    }
    let flat = Arrangement([rows * columns])
    let places = try Self.computed(.argMaximum, input, flat, [0])
    #expect(places == [Double(input.values.firstIndex(of: input.values.max()!)!)])
  }

  @Test func specialValues() throws {
    let nan = Block([1, .nan, 3, -1], .float32)
    #expect(try Self.computed(.maximum, nan, Arrangement([4]), [0])[0].isNaN)
    #expect(try Self.computed(.minimum, nan, Arrangement([4]), [0])[0].isNaN)
    #expect(try Self.computed(.argMaximum, nan, Arrangement([4]), [0]) == [1])
    #expect(try Self.computed(.sum, Block([.infinity, 1], .float64), Arrangement([2]), [0]) == [.infinity])
    let lowest = Block([-.infinity, -.infinity], .float32)
    #expect(try Self.computed(.logSumExp, lowest, Arrangement([2]), [0]) == [-.infinity])
    #expect(
      try Self.computed(.logSumExp, Block([1000, 1000], .float32), Arrangement([2]), [0]) == [
        Double(Float(1000 + log(2.0)))
      ])
    #expect(try Self.computed(.sum, Block([2_147_483_647, 1], .int32), Arrangement([2]), [0]) == [-2_147_483_648])
    #expect(try Self.computed(.mean, Block(count: 0, .float32), Arrangement([0]), [0])[0].isNaN)
  }
}
