import Testing
import ThawKernels
import ThawTypes

@Suite struct PoolingRequestTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var size: [Int]
    var kernel: [Int]
    var output: [Int]
    var strides: [Int]
    var dilations: [Int]?
    var begin: [Int]?
    var end: [Int]?
    var planes = (2, 3)

    var testDescription: String { "\(size) \(kernel) \(strides) \(dilations ?? []) \(begin ?? []) -> \(output)" }

    func request(
      _ function: PoolingFunction, _ direction: PassDirection, _ dtype: DType, columnMajor: Bool = false
    ) -> PoolingRequest {
      let zeros = size.map { _ in 0 }
      return PoolingRequest(
        function: function, direction: direction, dtype: dtype, batch: planes.0, channels: planes.1, inputSize: size,
        kernelSize: kernel, outputSize: output, strides: strides, dilations: dilations ?? size.map { _ in 1 },
        padsBegin: begin ?? zeros, padsEnd: end ?? begin ?? zeros, columnMajorIndices: columnMajor,
        hasIndices: function == .maximum)
    }
  }

  static let cases = [
    Case(size: [8], kernel: [2], output: [4], strides: [2]),
    Case(size: [8, 9], kernel: [2, 3], output: [4, 3], strides: [2, 3]),
    Case(size: [7, 7], kernel: [3, 3], output: [4, 4], strides: [2, 2], begin: [1, 1]),
    Case(size: [6, 6], kernel: [3, 3], output: [3, 3], strides: [2, 2]),  // past the end: ceil_mode
    Case(size: [6, 6], kernel: [3, 3], output: [4, 4], strides: [2, 2], begin: [1, 1]),
    Case(size: [9, 8], kernel: [2, 2], output: [7, 6], strides: [1, 1], dilations: [2, 2]),
    Case(size: [4, 5, 6], kernel: [2, 2, 2], output: [2, 2, 3], strides: [2, 2, 2]),
    Case(size: [20, 20], kernel: [3, 3], output: [20, 20], strides: [1, 1], begin: [1, 1], planes: (4, 16)),
    Case(size: [40, 40], kernel: [3, 3], output: [20, 20], strides: [2, 2], begin: [1, 1], planes: (2, 8)),
    Case(size: [14, 14], kernel: [14, 14], output: [1, 1], strides: [1, 1]),
    Case(size: [6, 6], kernel: [2, 2], output: [3, 3], strides: [2, 2], planes: (0, 3)),
  ]

  /// For each output: the places in the input that its window covers, and how many it covers with the padding.
  static func windows(_ q: PoolingRequest) -> [(places: [Int], padded: Int)] {
    let (x, y, k) = (Arrangement(q.inputSize), Arrangement(q.outputSize), Arrangement(q.kernelSize))
    func split(_ flat: Int, _ shape: [Int]) -> [Int] {
      zip(shape, contiguousStrides(shape)).map { flat / $1 % $0 }
    }
    return (0..<q.batch * q.channels * y.count).map { output in
      var (places, padded) = ([Int](), 0)
      let at = split(output % y.count, y.shape)
      for tap in 0..<k.count {
        let kernel = split(tap, k.shape)
        let from = at.indices.map { at[$0] * q.strides[$0] + kernel[$0] * q.dilations[$0] - q.padsBegin[$0] }
        if from.indices.allSatisfy({ from[$0] < x.shape[$0] + q.padsEnd[$0] }) { padded += 1 }
        if from.indices.allSatisfy({ from[$0] >= 0 && from[$0] < x.shape[$0] }) {
          places.append(output / y.count * x.count + zip(from, x.strides).reduce(0) { $0 + $1.0 * $1.1 })
        }
      }
      return (places, padded)
    }
  }

  @Test(arguments: cases)
  func maximum(row: Case) throws {
    for dtype in [DType.float32, .float64, .int32, .int8] {
      for columnMajor in [false, true] {
        let request = row.request(.maximum, .forward, dtype, columnMajor: columnMajor)
        let windows = Self.windows(request)
        let volume = row.size.reduce(1, *)
        var dice = Dice()
        let x = dice.block(row.planes.0 * row.planes.1 * volume, dtype)
        let (y, indices) = (Block(count: windows.count, dtype), Block(count: windows.count, .int64))
        try compute(request, [x.whole, y.whole, indices.whole])
        #expect(y.values == windows.map { window in window.places.map { x[$0] }.max() ?? 0 })
        func place(_ flat: Int) -> Int {
          guard columnMajor else { return flat }
          var (inside, step, rest) = (0, 1, flat % volume)
          for (axis, length) in row.size.enumerated() {
            inside += rest % length * contiguousStrides(row.size)[axis]
            step *= length
            rest /= length
          }
          return flat / volume * volume + inside
        }
        #expect(indices.values.map { x[place(Int($0))] } == y.values)

        if !dtype.isFloatingPoint { continue }
        let dy = dice.block(windows.count, dtype)
        let dx = Block(count: x.count, dtype)
        var backward = request
        backward.direction = .backward
        try compute(backward, [dy.whole, indices.whole, dx.whole])
        var expected = Array(repeating: 0.0, count: x.count)
        for (output, index) in indices.values.enumerated() { expected[place(Int(index))] += dy[output] }
        #expect(difference(dx.values, expected) == nil)
      }
    }
  }

  @Test(arguments: cases)
  func average(row: Case) throws {
    for dtype in [DType.float32, .float64] {
      for countsPadding in [false, true] {
        let request = row.request(.average(countsPadding: countsPadding), .forward, dtype)
        let windows = Self.windows(request)
        var dice = Dice()
        let x = dice.block(row.size.reduce(row.planes.0 * row.planes.1, *), dtype)
        let dy = dice.block(windows.count, dtype)
        var dx = Array(repeating: 0.0, count: x.count)
        var expected: [Double] = []
        for (output, window) in windows.enumerated() {
          let count = Double(countsPadding ? window.padded : window.places.count)
          expected.append(window.places.reduce(0) { $0 + x[$1] } / count)
          for place in window.places { dx[place] += dy[output] / count }
        }
        for backend in [Backend.portable, .automatic] {
          let y = Block(count: windows.count, dtype)
          try compute(request, [x.whole, y.whole], backend: backend)
          #expect(difference(y.values, expected) == nil, "\(dtype), \(countsPadding), \(backend)")
          let found = Block(count: x.count, dtype)
          var backward = request
          backward.direction = .backward
          try compute(backward, [dy.whole, found.whole], backend: backend)
          #expect(difference(found.values, dx) == nil, "gradient, \(dtype), \(countsPadding), \(backend)")
        }
      }
    }
  }

  @Test func maximumHandsNaNOn() throws {
    let row = Case(size: [4], kernel: [2], output: [2], strides: [2], planes: (1, 1))
    let (x, y, indices) = (Block([1, .nan, 3, 2], .float32), Block(count: 2, .float32), Block(count: 2, .int64))
    try compute(row.request(.maximum, .forward, .float32), [x.whole, y.whole, indices.whole])
    #expect(y[0].isNaN && y[1] == 3)
    #expect(indices.values == [1, 2])
    try compute(row.request(.maximum, .forward, .float32), [x.whole, y.whole, nil])
    #expect(y[1] == 3)
  }
}
