import Testing
import ThawKernels
import ThawTypes

/// Kernels large enough to go parallel, on one thread and on several: the same bits.
@Suite struct DeterminismTests {
  /// A request and how many float32 elements each of its operands has; nil for one that is absent.
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    let request: any KernelRequest
    let counts: [Int?]
    /// The operands that are written.
    var outputs: [Int]

    init(_ description: String, _ request: any KernelRequest, _ counts: [Int?], outputs: [Int]? = nil) {
      testDescription = description
      self.request = request
      self.counts = counts
      self.outputs = outputs ?? [counts.count - 1]
    }

    /// The bits of the outputs.
    func results(_ backend: Backend, threads: Int) throws -> [[UInt32]] {
      let blocks = counts.map { count in count.map { Self.block($0) } }
      try withThreadCount(threads) {
        func run<Request: KernelRequest>(_ request: Request) throws {
          try compute(request, blocks.map { $0?.whole }, backend: backend)
        }
        try run(request)
      }
      return outputs.compactMap { blocks[$0] }.map { block in
        Array(UnsafeRawBufferPointer(start: block.pointer, count: 4 * block.count).bindMemory(to: UInt32.self))
      }
    }

    /// Numbers from 0.1 to 1, since some are variances; by far the most time would go into making them one by one.
    private static func block(_ count: Int) -> Block {
      let block = Block(uninitialized: count, .float32)
      let pattern = pattern
      for start in stride(from: 0, to: count, by: pattern.count) {
        pattern.withUnsafeBytes {
          (block.pointer + 4 * start).copyMemory(
            from: $0.baseAddress!, byteCount: 4 * min(pattern.count, count - start))
        }
      }
      return block
    }

    private static let pattern: [Float] = {
      var dice = Dice()
      return dice.values(4999, in: 0.1...1).map { Float($0) }
    }()
  }

  private static let layouts = Set([ChannelLayout.plain, .preferred])

  private static func image(
    _ size: [Int], _ channels: Int, batch: Int, kernel: Int, groups: Int = 1, outputs: Int? = nil
  ) -> ConvolutionRequestTests.Case {
    ConvolutionRequestTests.Case(
      batch: batch, inputs: channels, outputs: outputs ?? channels, groups: groups, size: size,
      kernel: size.map { _ in kernel }, begin: size.map { _ in kernel / 2 }, hasBias: true)
  }

  static let convolutions: [Row] = [
    image([14, 14], 64, batch: 6, kernel: 3), image([28, 28], 32, batch: 17, kernel: 1, outputs: 64),
    image([20, 20], 32, batch: 8, kernel: 3, groups: 32), image([200], 32, batch: 5, kernel: 5),
    image([16, 16], 32, batch: 2, kernel: 3, outputs: 48), image([24, 24], 32, batch: 1, kernel: 3),
  ].flatMap { image in
    ConvolutionDirection.allCases.flatMap { direction in
      layouts.flatMap { layout in
        [false, true].compactMap { usesWinograd -> Row? in
          var request = image.request(direction, .float32)
          let counts = ConvolutionRequestTests.counts(request)
          (request.inputLayout, request.outputLayout, request.usesWinograd) = (layout, layout, usesWinograd)
          guard (try? request.prepare(for: .automatic)) != nil else { return nil }
          let operands: [Int?] =
            switch direction {
            case .forward: [counts.x, counts.w, image.outputs, counts.y]
            case .inputGradient: [counts.y, counts.w, counts.x]
            case .weightGradient: [counts.x, counts.y, counts.w]
            }
          return Row("\(image.testDescription) \(direction) \(layout) Winograd: \(usesWinograd)", request, operands)
        }
      }
    }
  }

  static let products: [Row] =
    [
      (64, 512, 300), (512, 64, 300), (40, 33, 5000), (10, 300, 900), (1, 1200, 700), (333, 1, 2000),
    ].map { m, n, k in
      Row(
        "\(m)x\(n)x\(k)",
        MatMulRequest(dtype: .float32, batch: [], m: m, n: n, k: k, leftStrides: [k, 1], rightStrides: [1, k]),
        [m * k, n * k, nil, m * n])
    }
    + [[24], [3], [2, 9], [20, 2]].map { batch in
      let (m, n, k) = (70, 90, 64)
      let count = batch.reduce(1, *)
      func strides(_ rows: Int, _ columns: Int) -> [Int] { contiguousStrides(batch + [rows, columns]) }
      return Row(
        "\(batch) times \(m)x\(n)x\(k), with a bias",
        MatMulRequest(
          dtype: .float32, batch: batch, m: m, n: n, k: k, leftStrides: strides(m, k), rightStrides: strides(k, n),
          alpha: 0.5, beta: 0.5, biasStrides: [0, 1]), [count * m * k, count * k * n, n, count * m * n])
    }

  static let others: [Row] = {
    let size = [40, 70, 90]
    let count = size.reduce(1, *)
    var rows = [[0], [1], [2], [0, 2], [0, 1, 2]].flatMap { axes in
      [ReductionFunction.sum, .l2, .logSumExp].map { function in
        let kept = size.indices.filter { !axes.contains($0) }.reduce(1) { $0 * size[$1] }
        return Row(
          "\(function) along \(axes)",
          ReductionRequest(
            function: function, dtype: .float32, shape: size, strides: contiguousStrides(size), axes: axes),
          [count, kept])
      }
    }
    rows.append(
      Row(
        "exp", UnaryRequest(function: .exp, dtype: .float32, shape: [count - 5], strides: [1]), [count, count - 5]))
    for direction in [PassDirection.forward, .backward] {
      let isForward = direction == .forward
      let layer = LayerNormalizationRequest(
        direction: direction, dtype: .float32, rows: 2800, columns: 90, epsilon: 1e-5, hasBias: true)
      rows.append(
        Row(
          "layer normalization \(direction)", layer,
          isForward ? [count, 90, 90, count, 2800, 2800] : [count, count, 90, 2800, 2800, count, 90, 90],
          outputs: isForward ? [3, 4, 5] : [5, 6, 7]))
      for layout in layouts {
        var pooling = PoolingRequest(
          function: .average(countsPadding: false), direction: direction, dtype: .float32, batch: 7, channels: 32,
          inputSize: [30, 30], kernelSize: [3, 3], outputSize: [15, 15], strides: [2, 2], dilations: [1, 1],
          padsBegin: [1, 1], padsEnd: [1, 1], hasIndices: false)
        pooling.layout = layout
        let (x, y) = (7 * 32 * 900, 7 * 32 * 225)
        rows.append(Row("pooling \(direction) \(layout)", pooling, isForward ? [x, y] : [y, x]))
      }
    }
    for mode in BatchNormalizationMode.allCases {
      for layout in layouts {
        var request = BatchNormalizationRequest(
          mode: mode, dtype: .float32, batch: 9, channels: 32, spatial: 500, epsilon: 1e-5)
        request.layout = layout
        let image = 9 * 32 * 500
        let (counts, outputs): ([Int?], [Int]) =
          switch mode {
          case .inference: ([image, 32, 32, 32, 32, image], [5])
          case .training: ([image, 32, 32, image, 32, 32], [3, 4, 5])
          case .backwardInference, .backwardTraining: ([image, image, 32, 32, 32, image, 32, 32], [5, 6, 7])
          }
        rows.append(Row("batch normalization \(mode) \(layout)", request, counts, outputs: outputs))
      }
    }
    return rows
  }()

  @Test("one, two, three and five threads", arguments: convolutions + products + others)
  func threads(row: Row) throws {
    let expected = try row.results(.deterministic, threads: 1)
    for threads in [2, 3, 5] {
      let found = try row.results(.deterministic, threads: threads)
      #expect(found == expected, "\(threads) threads")
    }
    // Without parts the numbers are the same to rounding, and the same bits again with as many threads.
    let whole = try row.results(.automatic, threads: 2)
    #expect(try row.results(.automatic, threads: 2) == whole)
    for (a, b) in zip(whole, expected) {
      let places = stride(from: 0, to: b.count, by: max(1, b.count / 500)).map { $0 }
      let values = places.map { Double(Float(bitPattern: b[$0])) }
      let bound = 1e-3 * (values.map(abs).max() ?? 0)
      let worst = zip(places, values).map { abs(Double(Float(bitPattern: a[$0])) - $1) }.max() ?? 0
      #expect(worst <= bound, "off by \(worst)")
    }
  }

  /// Thaw's own loops never split a sum by threads.
  @Test("portable kernels", arguments: products + others) func portable(row: Row) throws {
    // Some images in blocks are computed by the library alone.
    guard let kernel = try? row.request.prepare(for: .portable), !kernel.implementation.hasPrefix("oneDNN") else {
      return
    }
    let expected = try row.results(.portable, threads: 1)
    for threads in [2, 3] {
      let found = try row.results(.portable, threads: threads)
      #expect(found == expected, "\(threads) threads")
    }
  }

  /// What packs the weights lays them out as the parts of the convolution read them.
  @Test(
    "packed weights", .enabled(if: ChannelLayout.preferred != .plain), arguments: [1, 2, 3, 17],
    [ConvolutionDirection.forward, .inputGradient])
  func packed(batch: Int, direction: ConvolutionDirection) throws {
    let image = Self.image([20, 20], 64, batch: batch, kernel: 3)
    var request = image.request(direction, .float32)
    request.hasBias = false
    (request.inputLayout, request.outputLayout) = (.preferred, .preferred)
    let counts = ConvolutionRequestTests.counts(request)
    var dice = Dice()
    let (x, w) = (dice.block(counts.x), dice.block(counts.w))
    func result(_ request: ConvolutionRequest, _ weight: Block, threads: Int) throws -> [Double] {
      let y = Block(count: counts.y, .float32)
      try withThreadCount(threads) {
        try compute(
          request, direction == .forward ? [x.whole, weight.whole, nil, y.whole] : [x.whole, weight.whole, y.whole],
          backend: .deterministic)
      }
      return y.values
    }
    let expected = try result(request, w, threads: 1)
    let packing = WeightPackingRequest(for: request)
    request.isWeightPacked = true
    for threads in [1, 2, 3] {
      let weight = try withThreadCount(threads) {
        let weight = Block(count: try packing.outputByteCount(for: .deterministic), .uint8)
        try compute(packing, [w.whole, weight.whole], backend: .deterministic)
        return weight
      }
      #expect(
        try difference(result(request, weight, threads: threads), expected, relative: 1e-5, absolute: 1e-5) == nil)
    }
  }
}
