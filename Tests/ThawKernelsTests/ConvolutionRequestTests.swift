import Testing
import ThawKernels
import ThawTypes

@Suite struct ConvolutionRequestTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var batch = 2
    var inputs = 3
    var outputs = 4
    var groups = 1
    var size: [Int]
    var kernel: [Int]
    var strides: [Int]?
    var dilations: [Int]?
    var begin: [Int]?
    var end: [Int]?
    var hasBias = false

    var testDescription: String {
      "\(batch)x\(inputs)x\(size) \(outputs)/\(groups) \(kernel) \(strides ?? []) \(dilations ?? []) \(begin ?? []) \(end ?? [])"
    }

    func request(_ direction: ConvolutionDirection, _ dtype: DType) -> ConvolutionRequest {
      let (ones, zeros) = (size.map { _ in 1 }, size.map { _ in 0 })
      let (strides, dilations) = (strides ?? ones, dilations ?? ones)
      let (begin, end) = (begin ?? zeros, end ?? begin ?? zeros)
      let output = size.indices.map {
        (size[$0] + begin[$0] + end[$0] - (kernel[$0] - 1) * dilations[$0] - 1) / strides[$0] + 1
      }
      return ConvolutionRequest(
        direction: direction, dtype: dtype, batch: batch, inputChannels: inputs, outputChannels: outputs,
        groups: groups, inputSize: size, kernelSize: kernel, outputSize: output, strides: strides,
        dilations: dilations, padsBegin: begin, padsEnd: end, hasBias: hasBias && direction == .forward)
    }
  }

  static let cases = [
    Case(size: [9], kernel: [3]), Case(size: [9], kernel: [3], strides: [2], begin: [1]),
    Case(size: [8, 7], kernel: [3, 3], begin: [1, 1], hasBias: true),
    Case(size: [8, 7], kernel: [3, 2], strides: [2, 1], begin: [0, 1], end: [2, 0]),
    Case(size: [9, 9], kernel: [3, 3], dilations: [2, 3], begin: [2, 1], hasBias: true),
    Case(inputs: 4, outputs: 6, groups: 2, size: [6, 6], kernel: [3, 3], begin: [1, 1], hasBias: true),
    Case(
      inputs: 4, outputs: 4, groups: 4, size: [7, 8], kernel: [3, 3], strides: [2, 2], begin: [1, 1], hasBias: true),
    Case(inputs: 16, outputs: 16, groups: 16, size: [20, 20], kernel: [3, 3], begin: [1, 1]),
    Case(inputs: 4, outputs: 8, groups: 4, size: [7, 8], kernel: [3, 3]), Case(size: [5, 5], kernel: [1, 1]),
    Case(batch: 1, inputs: 2, outputs: 3, size: [5, 4, 6], kernel: [2, 3, 2], strides: [1, 2, 1], begin: [1, 0, 1]),
    Case(batch: 3, inputs: 16, outputs: 32, size: [14, 14], kernel: [3, 3], begin: [1, 1], hasBias: true),
    Case(batch: 1, inputs: 3, outputs: 16, size: [32, 32], kernel: [7, 7], strides: [2, 2], begin: [3, 3]),
    Case(size: [2, 2], kernel: [3, 3], begin: [4, 4]), Case(batch: 0, size: [5, 5], kernel: [3, 3]),
    Case(inputs: 0, size: [5, 5], kernel: [3, 3], hasBias: true),
  ]

  /// Calls `body` with the places in x, w and y that meet.
  static func forEach(_ q: ConvolutionRequest, _ body: (Int, Int, Int) -> Void) {
    let (x, w, y) = (Arrangement(q.inputSize), Arrangement(q.kernelSize), Arrangement(q.outputSize))
    let (inputs, outputs) = (q.inputChannels / q.groups, q.outputChannels / q.groups)
    func split(_ flat: Int, _ shape: [Int]) -> [Int] {
      var rest = flat
      return shape.reversed().map { length in
        defer { rest /= length }
        return rest % length
      }.reversed()
    }
    for n in 0..<q.batch {
      for o in 0..<q.outputChannels {
        for place in 0..<y.count {
          let at = split(place, y.shape)
          for tap in 0..<w.count {
            let k = split(tap, w.shape)
            let from = at.indices.map { at[$0] * q.strides[$0] + k[$0] * q.dilations[$0] - q.padsBegin[$0] }
            guard from.indices.allSatisfy({ from[$0] >= 0 && from[$0] < x.shape[$0] }) else { continue }
            let input = zip(from, x.strides).reduce(0) { $0 + $1.0 * $1.1 }
            for i in 0..<inputs {
              body(
                (n * q.inputChannels + o / outputs * inputs + i) * x.count + input, (o * inputs + i) * w.count + tap,
                (n * q.outputChannels + o) * y.count + place)
            }
          }
        }
      }
    }
  }

  static func counts(_ q: ConvolutionRequest) -> (x: Int, w: Int, y: Int) {
    (
      q.inputSize.reduce(q.batch * q.inputChannels, *),
      q.kernelSize.reduce(q.outputChannels * q.inputChannels / q.groups, *),
      q.outputSize.reduce(q.batch * q.outputChannels, *)
    )
  }

  static func check(_ row: Case, _ direction: ConvolutionDirection, _ dtype: DType, _ backend: Backend) throws {
    let request = row.request(direction, dtype)
    let counts = Self.counts(request)
    var dice = Dice()
    let (x, w, y) = (dice.block(counts.x, dtype), dice.block(counts.w, dtype), dice.block(counts.y, dtype))
    let bias = dice.block(row.outputs, dtype)
    let relative = dtype == .float32 ? 1e-5 : 1e-12
    var expected: [Double]
    let found: Block
    switch direction {
    case .forward:
      let volume = request.outputSize.reduce(1, *)
      expected = (0..<counts.y).map { request.hasBias ? bias[$0 / volume % row.outputs] : 0 }
      forEach(request) { expected[$2] += x[$0] * w[$1] }
      found = Block(count: counts.y, dtype)
      try compute(request, [x.whole, w.whole, request.hasBias ? bias.whole : nil, found.whole], backend: backend)
    case .inputGradient:
      expected = Array(repeating: 0, count: counts.x)
      forEach(request) { expected[$0] += y[$2] * w[$1] }
      found = Block(count: counts.x, dtype)
      try compute(request, [y.whole, w.whole, found.whole], backend: backend)
    case .weightGradient:
      expected = Array(repeating: 0, count: counts.w)
      forEach(request) { expected[$1] += x[$0] * y[$2] }
      found = Block(count: counts.w, dtype)
      try compute(request, [x.whole, y.whole, found.whole], backend: backend)
    }
    #expect(
      difference(found.values, expected, relative: relative, absolute: 20 * relative) == nil, "\(dtype) \(backend)")
  }

  @Test(arguments: cases, ConvolutionDirection.allCases)
  func portable(row: Case, direction: ConvolutionDirection) throws {
    for dtype in [DType.float32, .float64, .int32] { try Self.check(row, direction, dtype, .portable) }
  }

  @Test(arguments: cases, ConvolutionDirection.allCases)
  func automatic(row: Case, direction: ConvolutionDirection) throws {
    try Self.check(row, direction, .float32, .automatic)
  }
}
