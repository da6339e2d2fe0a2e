import Foundation
import Testing
import ThawKernels
import ThawTypes

/// The library's convolutions of images in blocks, with what follows them, against the portable ones and the formulas.
@Suite(.enabled(if: ChannelLayout.preferred != .plain)) struct BlockedConvolutionTests {
  typealias Case = ConvolutionRequestTests.Case

  static let cases = [
    Case(inputs: 32, outputs: 64, size: [13, 11], kernel: [3, 3], begin: [1, 1], hasBias: true),
    Case(inputs: 48, outputs: 32, size: [9, 9], kernel: [3, 3], strides: [2, 2], begin: [1, 1]),
    Case(inputs: 32, outputs: 16, size: [10, 10], kernel: [1, 1], hasBias: true),
    Case(inputs: 32, outputs: 32, groups: 32, size: [12, 12], kernel: [3, 3], begin: [1, 1], hasBias: true),
    Case(inputs: 3, outputs: 16, size: [20, 20], kernel: [7, 7], strides: [2, 2], begin: [3, 3]),
  ]

  static let tails: [[ConvolutionTail]] = [
    [], [.relu], [.clip(lower: 0, upper: 0.5)], [.clip(lower: -0.25, upper: .infinity)], [.hardSwish], [.sigmoid],
    [.tanh], [.sum], [.sum, .relu], [.sum, .clip(lower: 0, upper: 1)],
  ]

  private static func applied(_ tail: ConvolutionTail, _ x: Double, before: Double) -> Double {
    switch tail {
    case .sum: x + before
    case .relu: max(x, 0)
    case .clip(let lower, let upper): min(max(x, Double(lower)), Double(upper))
    case .hardSwish: x * max(0, min(1, x / 6 + 0.5))
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: Foundation.tanh(x)
    }
  }

  /// The request in blocks where channels allow it.
  private static func blocked(_ plain: ConvolutionRequest) -> ConvolutionRequest {
    var request = plain
    let layout = ChannelLayout.preferred
    if plain.inputChannels % layout.block == 0 { request.inputLayout = layout }
    if plain.outputChannels % layout.block == 0 { request.outputLayout = layout }
    return request
  }

  private static func images(_ q: ConvolutionRequest) -> (x: BlockedImage, y: BlockedImage) {
    (
      BlockedImage(
        batch: q.batch, channels: q.inputChannels, places: q.inputSize.reduce(1, *), block: q.inputLayout.block),
      BlockedImage(
        batch: q.batch, channels: q.outputChannels, places: q.outputSize.reduce(1, *), block: q.outputLayout.block)
    )
  }

  /// Winograd's transforms lose some digits.
  private static func tolerance(_ request: ConvolutionRequest) -> Double { request.usesWinograd ? 1e-4 : 2e-5 }

  @Test(arguments: cases, tails)
  func forward(row: Case, tails: [ConvolutionTail]) throws {
    let plain = row.request(.forward, .float32)
    let counts = ConvolutionRequestTests.counts(plain)
    var dice = Dice()
    let (x, w, bias) = (dice.block(counts.x), dice.block(counts.w), dice.block(row.outputs))
    let (y, before) = (Block(count: counts.y, .float32), dice.block(counts.y))
    let given = plain.hasBias ? bias.whole : nil
    try compute(plain, [x.whole, w.whole, given, y.whole], backend: .portable)
    let expected = y.values.indices.map { index in
      tails.reduce(y[index]) { Self.applied($1, $0, before: before[index]) }
    }
    var winograd = Self.blocked(plain)
    winograd.usesWinograd = true
    for var request in [Self.blocked(plain), winograd] {
      request.tails = tails
      let images = Self.images(request)
      // Not every algorithm takes every function; the direct one takes all.
      guard (try? request.prepare(for: .automatic)) != nil else {
        #expect(request.usesWinograd)
        continue
      }
      for isPacked in [false, true] {
        var weight = w
        if isPacked {
          let packing = WeightPackingRequest(for: request)
          weight = Block(count: try packing.outputByteCount(), .uint8)
          try compute(packing, [w.whole, weight.whole])
        }
        request.isWeightPacked = isPacked
        let found = images.y.blocked(before)
        try compute(request, [images.x.blocked(x).whole, weight.whole, given, found.whole])
        let tolerance = Self.tolerance(request)
        #expect(
          difference(images.y.plain(found), expected, relative: tolerance, absolute: 5 * tolerance) == nil,
          "Winograd: \(request.usesWinograd), packed: \(isPacked)")
      }
    }
  }

  @Test(arguments: cases, [ConvolutionDirection.inputGradient, .weightGradient])
  func gradients(row: Case, direction: ConvolutionDirection) throws {
    let plain = row.request(direction, .float32)
    let counts = ConvolutionRequestTests.counts(plain)
    var dice = Dice()
    let (x, w, y) = (dice.block(counts.x), dice.block(counts.w), dice.block(counts.y))
    let isInput = direction == .inputGradient
    let expected = Block(count: isInput ? counts.x : counts.w, .float32)
    try compute(
      plain, isInput ? [y.whole, w.whole, expected.whole] : [x.whole, y.whole, expected.whole], backend: .portable)
    var winograd = Self.blocked(plain)
    winograd.usesWinograd = true
    for request in [Self.blocked(plain), winograd] {
      guard (try? request.prepare(for: .automatic)) != nil else {
        #expect(request.usesWinograd)
        continue
      }
      let images = Self.images(request)
      let found = Block(count: expected.count, .float32)
      let dy = images.y.blocked(y)
      try compute(
        request, isInput ? [dy.whole, w.whole, found.whole] : [images.x.blocked(x).whole, dy.whole, found.whole])
      let tolerance = Self.tolerance(request)
      #expect(
        difference(
          isInput ? images.x.plain(found) : found.values, expected.values, relative: tolerance,
          absolute: 50 * tolerance) == nil, "Winograd: \(request.usesWinograd)")
    }
  }

  /// Functions only follow the forward direction, and only in the library.
  @Test func refused() {
    var request = Self.blocked(Self.cases[0].request(.inputGradient, .float32))
    request.tails = [.relu]
    #expect(throws: KernelError.self) { try request.prepare(for: .automatic) }
    request = Self.cases[0].request(.forward, .float32)
    request.tails = Array(repeating: .relu, count: 5)
    #expect(throws: KernelError.self) { try request.prepare(for: .automatic) }
  }
}
