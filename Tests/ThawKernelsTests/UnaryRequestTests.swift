import Foundation
import Testing
import ThawKernels
import ThawTypes

@Suite struct UnaryRequestTests {
  static let alpha = 0.7
  static let beta = 1.3

  static func reference(_ function: UnaryFunction, _ x: Double) -> Double {
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    func clip(_ x: Double) -> Double { x.isNaN ? x : max(0, min(1, x)) }
    return switch function {
    case .negate: -x
    case .absolute: abs(x)
    case .sqrt: x.squareRoot()
    case .reciprocal: 1 / x
    case .exp: exp(x)
    case .log: log(x)
    case .sin: sin(x)
    case .cos: cos(x)
    case .tan: tan(x)
    case .asin: asin(x)
    case .acos: acos(x)
    case .atan: atan(x)
    case .sinh: sinh(x)
    case .cosh: cosh(x)
    case .asinh: asinh(x)
    case .acosh: acosh(x)
    case .atanh: atanh(x)
    case .tanh: tanh(x)
    case .erf: erf(x)
    case .sigmoid: sigmoid(x)
    case .relu: x < 0 ? 0 : x
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .sign: x.isNaN ? x : x > 0 ? 1 : x < 0 ? -1 : 0
    case .not: x == 0 ? 1 : 0
    case .isNaN: x.isNaN ? 1 : 0
    case .isInf: x.isInfinite ? 1 : 0
    case .leakyRelu: x < 0 ? alpha * x : x
    case .elu: x < 0 ? alpha * expm1(x) : x
    case .selu: beta * (x < 0 ? alpha * expm1(x) : x)
    case .celu: x.isNaN ? x : max(0, x) + min(0, alpha * expm1(x / alpha))
    case .hardSigmoid: clip(alpha * x + beta)
    case .hardSwish: x * clip(x / 6 + 0.5)
    case .softplus: x > 30 ? x : log1p(exp(x))
    case .softsign: x.isInfinite ? .nan : x / (1 + abs(x))
    case .mish: x * tanh(x > 30 ? x : log1p(exp(x)))
    case .gelu: 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    case .geluTanh: 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    case .thresholdedRelu: x > alpha || x.isNaN ? x : 0
    }
  }

  static func computed(_ function: UnaryFunction, _ input: Block, _ arrangement: Arrangement) throws -> [Double] {
    let output = Block(count: arrangement.count, function.givesBool ? .bool : input.dtype)
    try compute(
      UnaryRequest(
        function: function, alpha: alpha, beta: beta, dtype: input.dtype, shape: arrangement.shape,
        strides: arrangement.strides),
      [input.from(arrangement.origin), output.whole])
    return output.values
  }

  @Test(arguments: UnaryFunction.allCases.filter { $0 != .not })
  func arrangements(function: UnaryFunction) throws {
    var dice = Dice()
    for dtype in [DType.float32, .float64] {
      for arrangement in Arrangement.samples {
        let input = Block(dice.values(arrangement.extent, in: -3...3), dtype)
        let expected = arrangement.places.map { Self.reference(function, input[$0]) }
        let found = try Self.computed(function, input, arrangement)
        #expect(
          difference(found, expected, relative: dtype == .float32 ? 2e-6 : 1e-14, absolute: 2e-7) == nil,
          "\(dtype), \(arrangement)")
      }
    }
  }

  @Test(arguments: [UnaryFunction.negate, .absolute, .relu, .sign, .floor, .ceil, .round])
  func wholeNumbers(function: UnaryFunction) throws {
    for dtype in [DType.int8, .int16, .int32, .int64] {
      let values: [Double] = [-100, -1, 0, 1, 99]
      let found = try Self.computed(function, Block(values, dtype), Arrangement([5]))
      #expect(found == values.map { Self.reference(function, $0) }, "\(dtype)")
    }
  }

  @Test func leastNumbersWrap() throws {
    #expect(try Self.computed(.negate, Block([-128], .int8), Arrangement([1])) == [-128])
    #expect(try Self.computed(.absolute, Block([-2_147_483_648], .int32), Arrangement([1])) == [-2_147_483_648])
    #expect(try Self.computed(.not, Block([0, 1], .bool), Arrangement([2])) == [1, 0])
  }

  @Test(arguments: [DType.float32, .float64])
  func specialValues(dtype: DType) throws {
    let values: [Double] = [.nan, .infinity, -.infinity, 0, -0.0, 1e-40, -1e-40, 200, -200, 88.8, -103.5]
    let limitedToNaN: Set<UnaryFunction> = [.mish, .gelu, .geluTanh, .hardSwish]  // -inf times 0
    for function in UnaryFunction.allCases where function != .not {
      let input = Block(values, dtype)
      let found = try Self.computed(function, input, Arrangement([values.count]))
      for (x, y) in zip(input.values, found) {
        var expected = Self.reference(function, x)
        if dtype == .float32 { expected = Double(Float(expected)) }
        if limitedToNaN.contains(function), x == -.infinity { continue }
        #expect(
          difference([y], [expected], relative: 1e-6, absolute: dtype == .float32 ? 2e-38 : 1e-300) == nil,
          "\(function)(\(x))")
        if x == 0, expected == 0, ![.relu, .thresholdedRelu, .sign, .round, .celu].contains(function) {
          #expect(y.sign == expected.sign || function == .leakyRelu, "\(function)(\(x)) has the wrong sign")
        }
      }
    }
  }

  /// float32 functions that are not the C library's, against float64, in units in the last place.
  @Test(arguments: [
    (UnaryFunction.exp, -87.0...88.0, 1.5), (.log, 1e-30...1e30, 1.5), (.log, 0.5...2, 1.5), (.tanh, -10...10, 2),
    (.tanh, -1...1, 2), (.sigmoid, -80...80, 2.5), (.erf, -5...5, 2), (.erf, -1e-3...1e-3, 2), (.softplus, -20...20, 3),
    (.elu, -20...1, 4),
  ])
  func accuracy(function: UnaryFunction, range: ClosedRange<Double>, limit: Double) throws {
    let count = 200_000
    let input = Block(
      (0..<count).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(count - 1) },
      .float32)
    let output = Block(count: count, .float32)
    try compute(
      UnaryRequest(function: function, alpha: 1, dtype: .float32, shape: [count], strides: [1]),
      [input.whole, output.whole])
    var worst = (0.0, 0.0)
    for i in 0..<count {
      let exact = function == .elu ? (input[i] < 0 ? expm1(input[i]) : input[i]) : Self.reference(function, input[i])
      let unit = Double(max(Float(abs(exact)), .leastNormalMagnitude).ulp)
      let units = abs(output[i] - exact) / unit
      if !(units <= worst.0) { worst = (units, input[i]) }
    }
    #expect(worst.0 <= limit, "\(worst.0) units at \(worst.1)")
  }
}
