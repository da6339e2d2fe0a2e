import Testing
import ThawKernels
import ThawTypes

/// Maximum pooling in blocks of channels against the plain one.
@Suite struct BlockedPoolingTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var batch = 2
    var channels = 32
    var block = 16
    var size: [Int]
    var kernel: [Int]
    var strides: [Int]
    var dilations: [Int]?
    var pads: [Int]?
    var output: [Int]

    var testDescription: String { "\(channels) by \(block), \(size) \(kernel) \(strides) to \(output)" }

    func request(_ direction: PassDirection, _ layout: ChannelLayout) -> PoolingRequest {
      let pads = pads ?? size.map { _ in 0 }
      var request = PoolingRequest(
        function: .maximum, direction: direction, dtype: .float32, batch: batch, channels: channels, inputSize: size,
        kernelSize: kernel, outputSize: output, strides: strides, dilations: dilations ?? size.map { _ in 1 },
        padsBegin: pads, padsEnd: pads, hasIndices: true)
      request.layout = layout
      return request
    }
  }

  static let cases = [
    Case(size: [14, 14], kernel: [2, 2], strides: [2, 2], output: [7, 7]),
    Case(size: [15, 13], kernel: [3, 3], strides: [2, 2], pads: [1, 1], output: [8, 7]),
    Case(channels: 24, block: 8, size: [9, 8], kernel: [3, 2], strides: [1, 1], output: [7, 7]),
    Case(size: [11], kernel: [3], strides: [2], dilations: [2], pads: [1], output: [5]),
    Case(batch: 1, size: [5, 6, 7], kernel: [2, 3, 2], strides: [2, 1, 2], pads: [1, 1, 0], output: [3, 6, 3]),
    Case(size: [6, 6], kernel: [3, 3], strides: [2, 2], output: [3, 3]),
    Case(size: [4, 4], kernel: [3, 3], strides: [1, 3], dilations: [1, 4], pads: [1, 4], output: [4, 2]),
  ]

  @Test(arguments: cases)
  func agrees(row: Case) throws {
    func image(_ size: [Int]) -> BlockedImage {
      BlockedImage(batch: row.batch, channels: row.channels, places: size.reduce(1, *), block: row.block)
    }
    let (input, output) = (image(row.size), image(row.output))
    let (inputs, outputs) = (
      row.batch * row.channels * input.places, row.batch * row.channels * output.places
    )
    var dice = Dice()
    // Ties, and numbers that are none.
    let x = Block(dice.integers(inputs, in: -3...3), .float32)
    x[5] = .nan
    let dy = dice.block(outputs)
    let (y, indices, dx) = (
      Block(count: outputs, .float32), Block(count: outputs, .int64), Block(count: inputs, .float32)
    )
    try compute(row.request(.forward, .plain), [x.whole, y.whole, indices.whole], backend: .portable)
    try compute(row.request(.backward, .plain), [dy.whole, indices.whole, dx.whole], backend: .portable)
    let (found, chosen, gradient) = (
      Block(count: outputs, .float32), Block(count: outputs, .uint8), Block(count: inputs, .float32)
    )
    let blocked = row.request(.forward, .blocked(row.block))
    try compute(blocked, [input.blocked(x).whole, found.whole, chosen.whole])
    #expect(difference(output.plain(found), y.values) == nil)
    try compute(
      row.request(.backward, .blocked(row.block)), [output.blocked(dy).whole, chosen.whole, gradient.whole])
    #expect(difference(input.plain(gradient), dx.values, relative: 1e-6, absolute: 1e-6) == nil)
  }
}
