import Testing
import ThawKernels
import ThawTypes

/// Normalization in blocks of channels with what follows it, against the plain one and the formulas.
@Suite struct BlockedNormalizationTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var batch = 2
    var channels = 32
    var spatial: Int
    var block = 16
    var activation = NormalizationActivation.none
    var hasAddend = false

    var testDescription: String { "\(batch)x\(channels)x\(spatial) by \(block), \(activation), addend: \(hasAddend)" }

    func request(_ mode: BatchNormalizationMode, _ layout: ChannelLayout) -> BatchNormalizationRequest {
      var request = BatchNormalizationRequest(
        mode: mode, dtype: .float32, batch: batch, channels: channels, spatial: spatial, epsilon: 1e-3)
      request.layout = layout
      return request
    }
  }

  static let cases = [
    Case(spatial: 9), Case(batch: 1, spatial: 1, block: 8), Case(batch: 5, channels: 48, spatial: 500),
    Case(spatial: 35, activation: .relu), Case(channels: 24, spatial: 35, block: 8, activation: .relu),
    Case(spatial: 50, activation: .clip(lower: -0.5, upper: 0.75)),
    Case(batch: 3, spatial: 700, activation: .clip(lower: 0, upper: 6)),
    Case(spatial: 50, activation: .clip(lower: 0.25, upper: .infinity)),
    Case(spatial: 33, activation: .relu, hasAddend: true), Case(spatial: 6, block: 8, hasAddend: true),
  ]

  private static func applied(_ activation: NormalizationActivation, _ x: Double) -> Double {
    switch activation {
    case .none: x
    case .relu: max(0, x)
    case .clip(let lower, let upper): min(max(x, Double(lower)), Double(upper))
    }
  }

  private static func passes(_ activation: NormalizationActivation, _ x: Double) -> Bool {
    switch activation {
    case .none: true
    case .relu: x > 0
    case .clip(let lower, let upper): x >= Double(lower) && x <= Double(upper)
    }
  }

  @Test(arguments: cases)
  func agrees(row: Case) throws {
    let image = BlockedImage(batch: row.batch, channels: row.channels, places: row.spatial, block: row.block)
    let count = row.batch * row.channels * row.spatial
    var dice = Dice()
    // Means far from 0, where sums of squares would lose digits.
    let x = Block(dice.values(count, in: 99...101), .float32)
    let (dy, addend) = (dice.block(count), dice.block(count))
    let (scale, bias) = (dice.block(row.channels), dice.block(row.channels))
    func outputs() -> (Block, Block, Block) {
      (Block(count: count, .float32), Block(count: row.channels, .float32), Block(count: row.channels, .float32))
    }
    let (y, mean, variance) = outputs()
    try compute(
      row.request(.training, .plain), [x.whole, scale.whole, bias.whole, y.whole, mean.whole, variance.whole],
      backend: .portable)
    let before = y.values.indices.map { y[$0] + (row.hasAddend ? addend[$0] : 0) }
    let expected = before.map { Self.applied(row.activation, $0) }

    var request = row.request(.training, .blocked(row.block))
    request.activation = row.activation
    request.hasAddend = row.hasAddend
    let (found, foundMean, foundVariance) = outputs()
    let inputs = [image.blocked(x), scale, bias] + (row.hasAddend ? [image.blocked(addend)] : [])
    try compute(request, (inputs + [found, foundMean, foundVariance]).map { $0.whole })
    #expect(difference(foundMean.values, mean.values, relative: 1e-6) == nil)
    #expect(difference(foundVariance.values, variance.values, relative: 1e-4, absolute: 1e-6) == nil)
    #expect(difference(image.plain(found), expected, relative: 1e-3, absolute: 1e-3) == nil)

    guard !row.hasAddend else { return }
    // The same statistics for both, and no number so near a bound that rounding decides.
    let passed = Block(
      before.indices.map { index in
        Self.passes(row.activation, before[index]) ? dy[index] : 0
      }, .float32)
    let isSafe = before.allSatisfy { x in
      switch row.activation {
      case .none: true
      case .relu: abs(x) > 1e-4
      case .clip(let lower, let upper): abs(x - Double(lower)) > 1e-4 && abs(x - Double(upper)) > 1e-4
      }
    }
    guard isSafe || row.spatial > 100 else { return }
    let (dx, dscale, dbias) = outputs()
    try compute(
      row.request(.backwardTraining, .plain),
      [passed, x, scale, mean, variance, dx, dscale, dbias].map { $0.whole }, backend: .portable)
    var backward = row.request(.backwardTraining, .blocked(row.block))
    backward.activation = row.activation
    let (foundX, foundScale, foundBias) = outputs()
    let given = [image.blocked(dy), image.blocked(x), scale, mean, variance] + (row.activation == .none ? [] : [bias])
    try compute(backward, (given + [foundX, foundScale, foundBias]).map { $0.whole })
    let slack = isSafe ? 1e-3 : 0.05
    #expect(difference(image.plain(foundX), dx.values, relative: slack, absolute: slack) == nil)
    #expect(difference(foundScale.values, dscale.values, relative: 1e-3, absolute: isSafe ? 1e-3 : 2) == nil)
    #expect(difference(foundBias.values, dbias.values, relative: 1e-3, absolute: isSafe ? 1e-3 : 2) == nil)
    let alone = Block(count: row.channels, .float32)
    try compute(backward, given.map { $0.whole } + [nil, nil, alone.whole])
    #expect(alone.values == foundBias.values)
  }

  /// A bound passes the gradient of a clip and stops that of ReLU, as PyTorch has it; NaN goes through both.
  @Test(arguments: [NormalizationActivation.relu, .clip(lower: 0, upper: 6)])
  func bounds(activation: NormalizationActivation) throws {
    // Equal numbers are normalized to the bias, here 0, a bound of both.
    let row = Case(batch: 1, channels: 8, spatial: 2, block: 8, activation: activation)
    var (forward, backward) = (
      row.request(.training, .blocked(8)), row.request(.backwardTraining, .blocked(8))
    )
    (forward.activation, backward.activation) = (activation, activation)
    func channels(_ value: Double) -> Block { Block(count: 8, .float32, filledWith: value) }
    let x = Block(count: 16, .float32, filledWith: 3)
    x[1] = .nan
    let (y, mean, variance) = (Block(count: 16, .float32), channels(9), channels(9))
    try compute(forward, [x, channels(1), channels(0), y, mean, variance].map { $0.whole })
    #expect(y[0] == 0 && y[2] == 0)
    #expect(y[1].isNaN && y[9].isNaN && variance[1].isNaN)
    let dy = Block(count: 16, .float32, filledWith: 2)
    let dbias = channels(9)
    try compute(
      backward, [dy, x, channels(1), mean, variance, channels(0)].map { $0.whole } + [nil, nil, dbias.whole])
    #expect(dbias[0] == (activation == .relu ? 0 : 4))
  }
}
