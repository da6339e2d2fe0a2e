import OperatorSamples
import Testing
import ThawTypes

@testable import ThawTensor

/// What rows of the sample table do not ask of layers: memory kept, types narrower than float32, hostile numbers.
@Suite("Network layers") struct NetworkLayerTests {
  private func drawn(_ shape: [Int], _ seed: UInt64, _ dtype: DType = .float32) throws -> Tensor {
    try SampleInput.uniform(shape).tensor(.float32, seed: seed).cast(to: dtype)
  }

  @Test("a convolution whose weight is frozen does not keep its input, nor its weight where only that trains")
  func savedByConvolution() throws {
    let (x, w) = (try drawn([1, 4, 16, 16], 1), try drawn([4, 4, 3, 3], 2))
    let sizes = 2 * 8
    let frozen = try withErrors { try x.requiringGrad().conv(w) }
    #expect(frozen.gradFn?.savedByteCount == w.count * 4 + sizes)
    let trained = try withErrors { x.conv(try w.requiringGrad()) }
    #expect(trained.gradFn?.savedByteCount == x.count * 4 + sizes)
    let bias = try withErrors { x.conv(w, try drawn([4], 3).requiringGrad()) }
    #expect(bias.gradFn?.savedByteCount == 0)
    let normalized = try withErrors {
      let (ones, zeros) = (Tensor.ones([4]), Tensor.zeros([4]))
      return try x.requiringGrad().batchNormalization(scale: ones, bias: zeros, mean: zeros, variance: ones)
    }
    #expect(normalized.gradFn?.savedByteCount == 3 * 4 * 4)
  }

  @Test("float16 and bfloat16 compute in float32 and round once", arguments: [DType.float16, .bfloat16])
  func narrow(dtype: DType) throws {
    let x = try drawn([2, 4, 5, 5], 1, dtype)
    let (w, channel) = (try drawn([2, 4, 3, 3], 2, dtype), try drawn([4], 3, dtype))
    let (row, ones) = (try drawn([5], 4, dtype), try Tensor.full([4], 1, dtype: dtype))
    let functions: [([Tensor]) throws -> Tensor] = [
      { $0[0].conv($0[1], pads: [1, 1, 1, 1]) },
      { $0[0].maxPool(kernel: [2, 2]) },
      { $0[0].averagePool(kernel: [2, 2]) },
      { $0[0].batchNormalization(scale: $0[2], bias: $0[2], mean: $0[2], variance: $0[3]) },
      { try apply(BatchNormalization(trainingMode: true), to: $0[0], $0[2], $0[2], $0[2], $0[3]) },
      { $0[0].layerNormalization(scale: $0[4], bias: $0[4]) },
      { $0[0].instanceNormalization(scale: $0[2], bias: $0[2]) },
      { $0[0].logSoftmax() },
      { $0[0].globalAveragePool() },
      { $0[0].flatten().matmul($0[0].flatten(axis: 1).transposed()) },
      { $0[0].hardSwish().hardSigmoid() },
    ]
    let inputs = [x, w, channel, ones, row]
    for (index, function) in functions.enumerated() {
      func gradient(_ inputs: [Tensor]) throws -> (Tensor, Tensor) {
        try withErrors {
          var inputs = inputs
          inputs[0] = try inputs[0].requiringGrad()
          let y = try function(inputs)
          try y.backward(gradient: try drawn(y.shape, 9, y.dtype))
          return (y, try #require(inputs[0].grad))
        }
      }
      let narrow = try gradient(inputs)
      let wide = try gradient(inputs.map { $0.cast(to: .float32) })
      #expect(narrow.0.dtype == dtype && narrow.1.dtype == dtype, "function \(index)")
      let tolerance = dtype == .float16 ? 2e-2 : 1.5e-1
      try expectClose(narrow.0.cast(to: .float32), wide.0.detach(), atol: tolerance, rtol: tolerance)
      try expectClose(narrow.1.cast(to: .float32), wide.1, atol: 5 * tolerance, rtol: 2 * tolerance)
    }
  }

  @Test("numbers out of all bounds are refused, never trapped on")
  func hostile() throws {
    let numbers = [Int.min, -1, 0, 1, 2, 3, 1 << 31, 1 << 40, Int.max]
    let shapes = [[], [2], [1, 1], [1, 1, 3], [0, 1, 3], [1, 0, 3], [1, 1, 0], [1, 2, 3, 3], [1, 1, 2, 2, 2, 2]]
    var generator = SampleGenerator(seed: 42)
    func pick<T>(_ values: [T]) -> T { values[Int(generator.next() % UInt64(values.count))] }
    func list() -> [Int]? { pick([true, false]) ? (0..<pick([0, 1, 2, 3, 4])).map { _ in pick(numbers) } : nil }
    for _ in 0..<4000 {
      let window = SlidingWindow(
        kernel: list(), strides: list(), pads: list(), dilations: list(),
        autoPad: pick([.notSet, .notSet, .sameLower, .sameUpper, .valid]))
      let operations: [any Operator] = [
        Conv(window: window, groups: pick(numbers)),
        ConvTranspose(window: window, groups: pick(numbers), outputPadding: list(), outputShape: list()),
        MaxPool(window: window, ceilMode: pick([true, false])),
        AveragePool(window: window, ceilMode: pick([true, false]), countsPads: pick([true, false])),
        ConvInputGradient(window: window, groups: pick(numbers)),
        ConvWeightGradient(window: window, groups: pick(numbers)),
        AveragePoolGradient(window: window, ceilMode: pick([true, false])), MaxPoolGradient(window: window),
        BatchNormalization(trainingMode: pick([true, false]), isSpatial: pick([true, false])),
        BatchNormalizationGradient(trainingMode: pick([true, false])), LayerNormalization(axis: pick(numbers)),
        LayerNormalizationGradient(axis: pick(numbers)), InstanceNormalization(), LogSoftmax(axis: pick(numbers)),
        LogSoftmaxGradient(axis: pick(numbers), flattensFromAxis: pick([true, false])), Flatten(axis: pick(numbers)),
        GlobalAveragePool(), GlobalMaxPool(), MatMul(), Gemm(transposesA: pick([true, false])), Dropout(),
      ]
      let operation = pick(operations)
      let inputs = (0..<pick([1, 2, 3, 5])).map { _ -> Value? in
        switch pick([0, 0, 0, 0, 0, 1, 2]) {
        case 0: .tensor(.zeros(pick(shapes)))
        case 1: .tensor(Tensor(list() ?? [1]))
        default: nil
        }
      }
      _ = try? apply(operation, to: inputs, wanted: .all)
    }
  }

  @Test("random windows: types as inferred, gradients as differences, expansions as kernels")
  func geometries() throws {
    var generator = SampleGenerator(seed: 7)
    func pick(_ range: ClosedRange<Int>) -> Int {
      range.lowerBound + Int(generator.next() % UInt64(range.count))
    }
    var counts: [String: Int] = [:]
    for round in 0..<400 {
      let rank = pick(1...2)
      func list(_ range: ClosedRange<Int>, count: Int? = nil) -> [Int] {
        (0..<(count ?? rank)).map { _ in pick(range) }
      }
      let autoPad = [AutoPad.notSet, .notSet, .notSet, .sameLower, .sameUpper, .valid][pick(0...5)]
      let window = SlidingWindow(
        kernel: list(1...3), strides: list(1...3), pads: autoPad == .notSet ? list(0...2, count: 2 * rank) : nil,
        dilations: list(1...2), autoPad: autoPad)
      let (groups, ceil) = (pick(1...2), pick(0...1) == 1)
      let x = SampleInput.distinct([pick(1...2), 2] + list(2...6))
      let weight = SampleInput.uniform([2, 2 / groups] + (window.kernel ?? []))
      let padding = list(0...2)
      let candidates: [(any Operator, [SampleInput])] = [
        (Conv(window: window, groups: groups), [x, weight]),
        (ConvTranspose(window: window, groups: groups, outputPadding: padding), [x, weight]),
        (MaxPool(window: window, ceilMode: ceil), [x]),
        (AveragePool(window: window, ceilMode: ceil, countsPads: round % 2 == 0), [x]),
      ]
      let (operation, descriptions) = candidates[pick(0...3)]
      let inputs = try descriptions.enumerated().map { index, input in
        try input.tensor(.float64, seed: UInt64(round * 2 + index)).requiringGrad()
      }
      let types = inputs.map { ValueType.tensor($0.type) }
      guard let inferred = try? operation.outputTypes(types, known: KnownValues()),
        let y = try? apply(operation, to: inputs.map(Value.tensor))[0]?.tensor
      else { continue }
      counts[operation.schema.name, default: 0] += 1
      #expect(inferred[0] == .tensor(y.type), "\(operation)")
      try gradcheck({ [try #require(try apply(operation, to: $0.map(Value.tensor))[0]?.tensor)] }, inputs: inputs)
      let direction = try drawn(y.shape, 3, .float64)
      let gradients = try grad(of: [y], withRespectTo: inputs, gradients: [direction], createGraph: true)
      // Under createGraph those with respect to inputs came from expansions; now they come from kernels.
      let again = try withErrors { try apply(operation, to: inputs.map(Value.tensor))[0]?.tensor }
      let byKernels = try grad(of: [try #require(again)], withRespectTo: inputs, gradients: [direction])
      for (one, other) in zip(gradients, byKernels) {
        try expectClose(try #require(one), try #require(other), atol: 1e-10, rtol: 1e-10)
      }
      let narrow = inputs.map { Value.tensor($0.detach().cast(to: .float32)) }
      let automatic = try #require(try apply(operation, to: narrow)[0]?.tensor)
      let portable = try Context.with({ $0.backend = .portable }) { try apply(operation, to: narrow)[0]?.tensor }
      try expectClose(automatic, try #require(portable), atol: 1e-4, rtol: 1e-4)
    }
    for name in ["Conv", "ConvTranspose", "MaxPool", "AveragePool"] {
      #expect(counts[name, default: 0] > 30, "\(name)")
    }
  }
}
