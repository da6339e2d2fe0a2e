import Foundation
import Testing
import ThawKernels
import ThawTypes

@Suite struct MatMulRequestTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var batch: [Int] = []
    var m: Int
    var n: Int
    var k: Int
    var transposesLeft = false
    var transposesRight = false
    var broadcastsRight = false
    var bias: [Int]?
    var alpha = 1.0
    var beta = 1.0

    var testDescription: String {
      "\(batch) \(m)x\(n)x\(k) \(transposesLeft) \(transposesRight) \(broadcastsRight) \(bias ?? []) \(alpha) \(beta)"
    }

    func request(_ dtype: DType) -> MatMulRequest {
      func strides(_ shape: [Int], _ transposes: Bool, broadcast: Bool = false) -> [Int] {
        let batchStrides =
          broadcast ? batch.map { _ in 0 } : contiguousStrides(batch).map { $0 * shape[0] * shape[1] }
        return batchStrides + (transposes ? [1, shape[0]] : [shape[1], 1])
      }
      return MatMulRequest(
        dtype: dtype, batch: batch, m: m, n: n, k: k, leftStrides: strides([m, k], transposesLeft),
        rightStrides: strides([k, n], transposesRight, broadcast: broadcastsRight), alpha: alpha,
        beta: bias == nil ? 0 : beta, biasStrides: bias)
    }
  }

  static let cases = [
    Case(m: 1, n: 1, k: 1), Case(m: 3, n: 4, k: 5), Case(m: 64, n: 64, k: 64), Case(m: 73, n: 131, k: 300),
    Case(m: 1, n: 200, k: 300), Case(m: 200, n: 1, k: 300), Case(m: 5, n: 7, k: 0), Case(m: 0, n: 7, k: 3),
    Case(m: 70, n: 50, k: 40, transposesLeft: true), Case(m: 70, n: 50, k: 40, transposesRight: true),
    Case(m: 30, n: 50, k: 70, transposesLeft: true, transposesRight: true),
    Case(batch: [3], m: 20, n: 30, k: 40), Case(batch: [2, 3], m: 17, n: 9, k: 33, transposesRight: true),
    Case(batch: [4], m: 20, n: 30, k: 40, broadcastsRight: true),
    Case(batch: [2, 5], m: 1, n: 30, k: 40, broadcastsRight: true), Case(batch: [0], m: 2, n: 3, k: 4),
    Case(batch: [1, 1], m: 33, n: 35, k: 37), Case(m: 40, n: 50, k: 60, bias: [0, 1]),
    Case(m: 40, n: 50, k: 60, bias: [1, 0]), Case(m: 40, n: 50, k: 60, bias: [50, 1]),
    Case(m: 40, n: 50, k: 60, bias: [0, 0]), Case(m: 40, n: 50, k: 60, bias: [0, 1], alpha: 0.5, beta: 2),
    Case(m: 40, n: 50, k: 60, alpha: -2), Case(m: 8, n: 9, k: 10, bias: [0, 1], alpha: 3, beta: 3),
    Case(batch: [3], m: 40, n: 50, k: 60, broadcastsRight: true, bias: [0, 1]),
    Case(batch: [3], m: 40, n: 50, k: 60, broadcastsRight: true, bias: [1, 0]), Case(m: 5, n: 3, k: 2, bias: [0, 1]),
  ]

  static func operands(_ request: MatMulRequest, _ dice: inout Dice) -> (Block, Block, Block) {
    func extent(_ shape: [Int], _ strides: [Int]) -> Int { Arrangement(shape, strides).extent }
    return (
      dice.block(extent(request.batch + [request.m, request.k], request.leftStrides), request.dtype),
      dice.block(extent(request.batch + [request.k, request.n], request.rightStrides), request.dtype),
      dice.block(extent([request.m, request.n], request.biasStrides ?? [0, 0]), request.dtype)
    )
  }

  static func computed(
    _ request: MatMulRequest, _ a: Block, _ b: Block, _ bias: Block, _ backend: Backend
  ) throws -> [Double] {
    let out = Block(count: (request.batch + [request.m, request.n]).reduce(1, *), request.dtype)
    try compute(
      request, [a.whole, b.whole, request.biasStrides == nil ? nil : bias.whole, out.whole], backend: backend)
    return out.values
  }

  static func reference(_ request: MatMulRequest, _ a: Block, _ b: Block, _ bias: Block) -> [Double] {
    let (m, n, k) = (request.m, request.n, request.k)
    let left = Arrangement(request.batch + [m, k], request.leftStrides).places
    let right = Arrangement(request.batch + [k, n], request.rightStrides).places
    return (0..<request.batch.reduce(m * n, *)).map { flat in
      let (item, i, j) = (flat / (m * n), flat / n % m, flat % n)
      var sum = 0.0
      for p in 0..<k { sum += a[left[(item * m + i) * k + p]] * b[right[(item * k + p) * n + j]] }
      let added = request.biasStrides.map { request.beta * bias[i * $0[0] + j * $0[1]] } ?? 0
      return request.alpha * sum + added
    }
  }

  @Test(arguments: cases)
  func products(row: Case) throws {
    var dice = Dice()
    for dtype in [DType.float32, .float64, .int32, .int64, .uint8] {
      if dtype.isInteger, row.alpha != row.alpha.rounded() { continue }
      if dtype == .uint8, row.alpha < 0 { continue }
      let request = row.request(dtype)
      let (a, b, bias) = Self.operands(request, &dice)
      var expected = Self.reference(request, a, b, bias)
      if dtype == .uint8 { expected = expected.map { Double(UInt8(truncatingIfNeeded: Int($0))) } }
      for backend in [Backend.portable, .automatic] {
        let found = try Self.computed(request, a, b, bias, backend)
        #expect(
          difference(
            found, expected, relative: dtype == .float32 ? 1e-5 : 1e-12, absolute: dtype == .float32 ? 1e-5 : 1e-12)
            == nil, "\(dtype), \(backend)")
      }
    }
  }

  @Test func wholeNumbersWrap() throws {
    let request = MatMulRequest(
      dtype: .int32, batch: [], m: 1, n: 1, k: 2, leftStrides: [2, 1], rightStrides: [1, 1])
    let a = Block([2_147_483_647, 2_147_483_647], .int32)
    #expect(try Self.computed(request, a, a, a, .automatic) == [2])
  }

  @Test(arguments: [DType.bfloat16, .float16])
  func narrow(dtype: DType) throws {
    var dice = Dice()
    let request = Case(m: 70, n: 50, k: 40).request(dtype)
    let a = try ConvertRequestTests.computed(dice.block(70 * 40), to: dtype)
    let b = try ConvertRequestTests.computed(dice.block(40 * 50), to: dtype)
    let (wideA, wideB) = try (
      ConvertRequestTests.computed(a, to: .float32), ConvertRequestTests.computed(b, to: .float32)
    )
    let expected = Self.reference(request, wideA, wideB, wideA)
    for backend in [Backend.portable, .automatic] {
      let out = Block(count: 70 * 50, dtype, filledWith: 0)
      try compute(request, [a.whole, b.whole, nil, out.whole], backend: backend)
      let found = try ConvertRequestTests.computed(out, to: .float32).values
      #expect(difference(found, expected, relative: 5e-3, absolute: 5e-3) == nil, "\(backend)")
    }
  }

  /// Outputs whose rows and items lie in another order, with other numbers between them that must stay.
  @Test(
    "output strides",
    arguments: [
      ([], [40, 1]), ([3], [50, 200, 1]), ([3], [2400, 60, 1]), ([3], [10_000, 60, 1]),
      ([2, 3], [24_000, 50, 200, 1]),
      ([1, 3], [1, 50, 150, 1]), ([5, 1], [12_000, 7, 60, 1]),
    ] as [([Int], [Int])])
  func arrangedOutput(batch: [Int], strides: [Int]) throws {
    var dice = Dice()
    let (m, n, k) = (40, 30, 70)
    for dtype in [DType.float32, .float64, .int32] {
      var request = Case(batch: batch, m: m, n: n, k: k, broadcastsRight: true, bias: [0, 1]).request(dtype)
      let (a, b, bias) = Self.operands(request, &dice)
      let reference = Self.reference(request, a, b, bias)
      request.outStrides = strides
      let arrangement = Arrangement(batch + [m, n], strides)
      var expected = [Double](repeating: 7, count: arrangement.extent)
      for (place, value) in zip(arrangement.places, reference) { expected[place] = value }
      for backend in [Backend.portable, .automatic] {
        let out = Block([Double](repeating: 7, count: arrangement.extent), dtype)
        try compute(request, [a.whole, b.whole, bias.whole, out.whole], backend: backend)
        #expect(difference(out.values, expected, relative: 1e-5, absolute: 1e-5) == nil, "\(dtype), \(backend)")
      }
    }
  }

  @Test func outputsInColumnsAreRefused() {
    var request = Case(m: 4, n: 3, k: 2).request(.float32)
    request.outStrides = [1, 4]
    #expect(throws: KernelError.unsupported(operation: "matrix product", detail: "float32")) {
      try request.prepare(for: .automatic)
    }
  }

  @Test("transposed", arguments: [Case(m: 5, n: 3, k: 4), Case(batch: [2], m: 5, n: 3, k: 4, transposesRight: true)])
  func transposed(row: Case) throws {
    var dice = Dice()
    let request = row.request(.float64)
    let (a, b, bias) = Self.operands(request, &dice)
    let other = try #require(request.transposed())
    let found = try Self.computed(other, b, a, bias, .portable)
    let expected = Self.reference(request, a, b, bias)
    let (m, n) = (row.m, row.n)
    let turned = expected.indices.map { flat in
      expected[flat / (m * n) * m * n + flat % m * n + flat / m % n]
    }
    #expect(difference(found, turned, relative: 1e-12, absolute: 1e-12) == nil)
    #expect(Case(m: 5, n: 3, k: 4, bias: [0, 1]).request(.float32).transposed() == nil)
  }

  /// What only oneDNN does to a product; without it there is no such kernel.
  @Test(
    "addend and activation",
    arguments: [
      (Case(m: 70, n: 50, k: 40), true, nil), (Case(m: 70, n: 50, k: 40, bias: [0, 1]), true, nil),
      (Case(m: 70, n: 50, k: 40, alpha: 0.5), true, nil), (Case(m: 70, n: 50, k: 40, bias: [0, 1]), false, .gelu),
      (Case(batch: [3], m: 70, n: 50, k: 40, broadcastsRight: true, bias: [0, 1]), true, .geluTanh),
      (Case(batch: [3], m: 70, n: 50, k: 40), true, .gelu),
    ] as [(Case, Bool, UnaryFunction?)])
  func tails(row: Case, adds: Bool, activation: UnaryFunction?) throws {
    var dice = Dice()
    var request = row.request(.float32)
    let (a, b, bias) = Self.operands(request, &dice)
    let sums = Self.reference(request, a, b, bias)
    let addend = dice.block(sums.count, .float32)
    request.hasAddend = adds
    request.activation = activation
    let out = Block(count: sums.count, .float32)
    let operands = [a.whole, b.whole, row.bias == nil ? nil : bias.whole] + (adds ? [addend.whole] : []) + [out.whole]
    guard hasOneDNN else {
      #expect(throws: KernelError.self) { try compute(request, operands) }
      return
    }
    try compute(request, operands)
    let expected = sums.indices.map { index in
      let x = sums[index] + (adds ? addend[index] : 0)
      switch activation {
      case .gelu: return 0.5 * x * erfc(-x / 2.0.squareRoot())
      case .geluTanh: return 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
      default: return x
      }
    }
    #expect(difference(out.values, expected, relative: 1e-5, absolute: 1e-5) == nil)
  }

  @Test func large() throws {
    var dice = Dice()
    let request = Case(m: 300, n: 270, k: 520).request(.float64)
    let (a, b, bias) = Self.operands(request, &dice)
    #expect(
      try difference(
        Self.computed(request, a, b, bias, .portable), Self.reference(request, a, b, bias), relative: 1e-12,
        absolute: 1e-11) == nil)
  }
}
