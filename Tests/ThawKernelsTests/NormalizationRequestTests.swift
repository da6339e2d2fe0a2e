import Foundation
import Testing
import ThawKernels
import ThawTypes

/// Normalizations and softmax: forward against the formula, backward against differences of the forward pass.
@Suite struct NormalizationRequestTests {
  static let backends: [Backend] = hasOneDNN ? [.portable, .automatic, .oneDNN] : [.portable, .automatic]

  /// The library has no float64, nothing without elements, and not every arrangement.
  static func has(_ backend: Backend, _ request: some KernelRequest) -> Bool {
    (try? request.prepare(for: backend)) != nil
  }

  static func moments(_ x: [Double]) -> (mean: Double, variance: Double) {
    let mean = x.reduce(0, +) / Double(x.count)
    return (mean, x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count))
  }

  /// The derivative of a sum of f's results, weighted by `weights`, by each of `x`.
  static func derivative(_ x: [Double], _ weights: [Double], _ f: ([Double]) -> [Double]) -> [Double] {
    x.indices.map { index in
      func value(_ step: Double) -> Double {
        var moved = x
        moved[index] += step
        return zip(f(moved), weights).reduce(0) { $0 + $1.0 * $1.1 }
      }
      return (value(1e-5) - value(-1e-5)) / 2e-5
    }
  }

  @Test(arguments: [(2, 3, 4), (1, 1, 1), (4, 5, 1), (3, 2, 50), (8, 16, 49)])
  func batches(shape: (Int, Int, Int)) throws {
    let (batch, channels, spatial) = shape
    let epsilon = 1e-3
    let count = batch * channels * spatial
    func channel(_ index: Int) -> Int { index / spatial % channels }
    func normalized(
      _ x: [Double], _ scale: [Double], _ bias: [Double], _ statistics: [(mean: Double, variance: Double)]?
    ) -> [Double] {
      let found =
        statistics
        ?? (0..<channels).map { c in
          moments(x.indices.filter { channel($0) == c }.map { x[$0] })
        }
      return x.indices.map {
        let c = channel($0)
        return (x[$0] - found[c].mean) / (found[c].variance + epsilon).squareRoot() * scale[c] + bias[c]
      }
    }
    func moments(_ x: [Double]) -> (mean: Double, variance: Double) { Self.moments(x) }
    for dtype in [DType.float32, .float64] {
      var dice = Dice()
      let (x, dy) = (dice.block(count, dtype), dice.block(count, dtype))
      let (scale, bias) = (dice.block(channels, dtype), dice.block(channels, dtype))
      for backend in Self.backends {
        func request(_ mode: BatchNormalizationMode) -> BatchNormalizationRequest {
          BatchNormalizationRequest(
            mode: mode, dtype: dtype, batch: batch, channels: channels, spatial: spatial, epsilon: epsilon)
        }
        func outputs() -> (Block, Block, Block) {
          (Block(count: count, dtype), Block(count: channels, dtype), Block(count: channels, dtype))
        }
        if !Self.has(backend, request(.training)) { continue }
        let tolerance = dtype == .float32 ? 1e-4 : 1e-10
        let (y, mean, variance) = outputs()
        try compute(
          request(.training), [x.whole, scale.whole, bias.whole, y.whole, mean.whole, variance.whole], backend: backend)
        let expected = normalized(x.values, scale.values, bias.values, nil)
        #expect(difference(y.values, expected, relative: tolerance, absolute: tolerance) == nil, "\(dtype) \(backend)")
        let given = (0..<channels).map { (mean: mean[$0], variance: variance[$0]) }
        let again = Block(count: count, dtype)
        try compute(
          request(.inference), [x.whole, scale.whole, bias.whole, mean.whole, variance.whole, again.whole],
          backend: backend)
        #expect(difference(again.values, expected, relative: tolerance, absolute: tolerance) == nil)
        if count > 400 { continue }
        for (mode, statistics) in [(BatchNormalizationMode.backwardTraining, nil), (.backwardInference, given)] {
          let (dx, dscale, dbias) = outputs()
          let inputs = [dy.whole, x.whole, scale.whole, mean.whole, variance.whole]
          try compute(request(mode), inputs + [dx.whole, dscale.whole, dbias.whole], backend: backend)
          let wanted = Self.derivative(x.values, dy.values) { normalized($0, scale.values, bias.values, statistics) }
          let byScale = Self.derivative(scale.values, dy.values) { normalized(x.values, $0, bias.values, statistics) }
          let byBias = Self.derivative(bias.values, dy.values) { normalized(x.values, scale.values, $0, statistics) }
          #expect(difference(dx.values, wanted, relative: 1e-3, absolute: 1e-3) == nil, "\(mode) \(dtype) \(backend)")
          #expect(difference(dscale.values, byScale, relative: 1e-3, absolute: 1e-3) == nil, "\(mode) \(backend)")
          #expect(difference(dbias.values, byBias, relative: 1e-3, absolute: 1e-3) == nil, "\(mode) \(backend)")
          let alone = Block(count: channels, dtype)
          try compute(request(mode), inputs + [nil, nil, alone.whole], backend: backend)
          #expect(difference(alone.values, dbias.values) == nil)
        }
      }
    }
  }

  @Test(arguments: [(3, 5), (1, 1), (40, 33), (7, 100), (0, 4)])
  func layers(shape: (Int, Int)) throws {
    let (rows, columns) = shape
    let epsilon = 1e-3
    func normalized(_ x: [Double], _ scale: [Double], _ bias: [Double]) -> [Double] {
      (0..<rows).flatMap { row in
        let part = x[row * columns..<(row + 1) * columns]
        let (mean, variance) = Self.moments(Array(part))
        return zip(part, zip(scale, bias)).map { ($0 - mean) / (variance + epsilon).squareRoot() * $1.0 + $1.1 }
      }
    }
    for dtype in [DType.float32, .float64, .bfloat16] {
      var dice = Dice()
      if dtype == .bfloat16 { continue }
      let (x, dy) = (dice.block(rows * columns, dtype), dice.block(rows * columns, dtype))
      let (scale, bias) = (dice.block(columns, dtype), dice.block(columns, dtype))
      for backend in Self.backends {
        for hasBias in [true, false] {
          func request(_ direction: PassDirection) -> LayerNormalizationRequest {
            LayerNormalizationRequest(
              direction: direction, dtype: dtype, rows: rows, columns: columns, epsilon: epsilon, hasBias: hasBias)
          }
          if !Self.has(backend, request(.forward)) { continue }
          let shift = hasBias ? bias.values : bias.values.map { _ in 0 }
          let (y, mean, inverse) = (
            Block(count: rows * columns, dtype), Block(count: rows, dtype), Block(count: rows, dtype)
          )
          try compute(
            request(.forward),
            [x.whole, scale.whole, hasBias ? bias.whole : nil, y.whole, mean.whole, inverse.whole], backend: backend)
          #expect(
            difference(y.values, normalized(x.values, scale.values, shift), relative: 1e-4, absolute: 1e-4) == nil)
          let inference = Block(count: rows * columns, dtype)
          try compute(
            request(.forward), [x.whole, scale.whole, hasBias ? bias.whole : nil, inference.whole, nil, nil],
            backend: backend)
          #expect(inference.values == y.values)
          if rows * columns > 400 { continue }
          let (dx, dscale, dbias) = (
            Block(count: rows * columns, dtype), Block(count: columns, dtype), Block(count: columns, dtype)
          )
          try compute(
            request(.backward),
            [
              dy.whole, x.whole, scale.whole, mean.whole, inverse.whole, dx.whole, dscale.whole,
              hasBias ? dbias.whole : nil,
            ], backend: backend)
          let wanted = Self.derivative(x.values, dy.values) { normalized($0, scale.values, shift) }
          let byScale = Self.derivative(scale.values, dy.values) { normalized(x.values, $0, shift) }
          let byBias = Self.derivative(shift, dy.values) { normalized(x.values, scale.values, $0) }
          #expect(difference(dx.values, wanted, relative: 1e-3, absolute: 1e-3) == nil, "\(dtype) \(backend)")
          #expect(difference(dscale.values, byScale, relative: 1e-3, absolute: 1e-3) == nil, "\(dtype) \(backend)")
          if hasBias { #expect(difference(dbias.values, byBias, relative: 1e-3, absolute: 1e-3) == nil) }
        }
      }
    }
  }

  static func softmax(_ x: [Double], _ shape: (Int, Int, Int), isLog: Bool) -> [Double] {
    let (_, length, inner) = shape
    return x.indices.map { index in
      let start = index / (length * inner) * length * inner + index % inner
      let top = (0..<length).map { x[start + $0 * inner] }.max() ?? 0
      let sum = (0..<length).reduce(0.0) { $0 + exp(x[start + $1 * inner] - top) }
      return isLog ? x[index] - top - log(sum) : exp(x[index] - top) / sum
    }
  }

  @Test(arguments: [(3, 5, 1), (1, 1, 1), (2, 100, 1), (3, 7, 4), (2, 20, 100), (40, 513, 1), (0, 5, 2), (2, 0, 3)])
  func softmaxes(shape: (Int, Int, Int)) throws {
    let count = shape.0 * shape.1 * shape.2
    for dtype in [DType.float32, .float64] {
      for isLog in [false, true] {
        var dice = Dice()
        let x = Block(dice.values(count, in: -10...10), dtype)
        let dy = dice.block(count, dtype)
        let expected = Self.softmax(x.values, shape, isLog: isLog)
        for backend in Self.backends {
          func request(_ direction: PassDirection) -> SoftmaxRequest {
            SoftmaxRequest(
              isLog: isLog, direction: direction, dtype: dtype, outer: shape.0, length: shape.1, inner: shape.2)
          }
          if !Self.has(backend, request(.forward)) { continue }
          let (y, dx) = (Block(count: count, dtype), Block(count: count, dtype))
          try compute(request(.forward), [x.whole, y.whole], backend: backend)
          let tolerance = backend == .oneDNN ? 1e-5 : 1e-6
          #expect(
            difference(y.values, expected, relative: 1e-5, absolute: tolerance) == nil, "\(dtype) \(backend)")
          try compute(request(.backward), [dy.whole, y.whole, dx.whole], backend: backend)
          if count > 500 { continue }
          let wanted = Self.derivative(x.values, dy.values) { Self.softmax($0, shape, isLog: isLog) }
          #expect(difference(dx.values, wanted, relative: 1e-3, absolute: 1e-4) == nil, "\(dtype) \(backend)")
        }
      }
    }
  }

  /// What the primitives are there for is served by them.
  @Test(.enabled(if: hasOneDNN)) func primitives() throws {
    let batches = BatchNormalizationMode.allCases.map {
      BatchNormalizationRequest(mode: $0, dtype: .float32, batch: 4, channels: 16, spatial: 49, epsilon: 1e-5)
    }
    for request in batches { #expect(Self.has(.oneDNN, request), "\(request.mode)") }
    for direction in PassDirection.allCases {
      #expect(
        Self.has(
          .oneDNN,
          LayerNormalizationRequest(
            direction: direction, dtype: .float32, rows: 64, columns: 256, epsilon: 1e-5, hasBias: true)))
      for isLog in [false, true] {
        #expect(
          Self.has(
            .oneDNN,
            SoftmaxRequest(isLog: isLog, direction: direction, dtype: .float32, outer: 64, length: 128, inner: 1)))
      }
    }
  }

  @Test func softmaxOfSpecialValues() throws {
    let request = SoftmaxRequest(isLog: false, direction: .forward, dtype: .float32, outer: 3, length: 3, inner: 1)
    let x = Block([-.infinity, 0, 0, .nan, 0, 0, 1000, 1000, -1000], .float32)
    let y = Block(count: 9, .float32)
    try compute(request, [x.whole, y.whole])
    #expect(Array(y.values[..<3]) == [0, 0.5, 0.5])
    #expect(y.values[3..<6].filter(\.isNaN).count == 3)
    #expect(Array(y.values[6...]) == [0.5, 0.5, 0])
  }
}
