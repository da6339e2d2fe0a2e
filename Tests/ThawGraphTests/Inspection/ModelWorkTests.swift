import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph

@Suite("Multiply-adds and memory") struct ModelWorkTests {
  private func type(_ dims: Int...) -> TensorType { TensorType(.float32, shape: dims) }

  @Test("of each operator, as its definition has it")
  func operators() throws {
    func count(_ operation: any MultiplyAdding, _ inputs: [TensorType?], _ outputs: [TensorType?]) -> Int? {
      operation.multiplyAdds(inputs, outputs)
    }
    // 4 × 16 × 8 × 8 numbers, each of 3 × 3 × 3 products; in 2 groups of 6 channels, the same.
    #expect(count(Conv(), [type(4, 3, 10, 10), type(16, 3, 3, 3)], [type(4, 16, 8, 8)]) == 4 * 16 * 64 * 27)
    #expect(
      count(Conv(groups: 2), [type(4, 6, 10, 10), type(16, 3, 3, 3)], [type(4, 16, 8, 8)]) == 4 * 16 * 64 * 27)
    #expect(count(ConvInteger(), [type(1, 2, 5), type(4, 2, 3)], [type(1, 4, 3)]) == 12 * 6)
    let quantized = [type(1, 2, 5), type(), type(), type(4, 2, 3), type(), type(), type(), type()]
    #expect(count(QLinearConv(), quantized, [type(1, 4, 3)]) == 12 * 6)
    // Each of 2 × 3 × 25 numbers goes to 4 × 2 × 2 places.
    #expect(count(ConvTranspose(), [type(2, 3, 5, 5), type(3, 4, 2, 2)], [type(2, 4, 6, 6)]) == 150 * 16)
    #expect(count(Gemm(transposesA: true), [type(7, 5), type(7, 3)], [type(5, 3)]) == 105)
    #expect(count(Gemm(transposesB: true), [type(5, 7), type(3, 7), type(3)], [type(5, 3)]) == 105)
    #expect(count(MatMul(), [type(2, 5, 7), type(7, 3)], [type(2, 5, 3)]) == 210)
    #expect(count(MatMul(), [type(7), type(7)], [type()]) == 7)
    #expect(count(MatMulInteger(), [type(5, 7), type(7, 3)], [type(5, 3)]) == 105)
    let factors = [type(5, 7), type(), type(), type(7, 3), type(), type(), type(), type()]
    #expect(count(QLinearMatMul(), factors, [type(5, 3)]) == 105)
    #expect(count(Einsum("bij,bjk->bik"), [type(2, 5, 7), type(2, 7, 3)], [type(2, 5, 3)]) == 210)
    #expect(count(Einsum("...ij,jk->...ik"), [type(2, 5, 7), type(7, 3)], [type(2, 5, 3)]) == 210)
    #expect(count(Einsum("ij->ji"), [type(5, 7)], [type(7, 5)]) == 0)
    // First (5 × 7) · (7 × 3), then (5 × 3) · (3 × 2).
    #expect(count(Einsum("ij,jk,kl->il"), [type(5, 7), type(7, 3), type(3, 2)], [type(5, 2)]) == 105 + 30)
    // 6 steps of 2 samples; 4 gates of 8 with 3 features and 8 states, both ways.
    let lstm = LSTM(hiddenSize: 8, direction: .bidirectional)
    #expect(count(lstm, [type(6, 2, 3), type(2, 32, 3), type(2, 32, 8)], [type(6, 2, 2, 8)]) == 12 * 2 * 32 * 11)
    #expect(count(GRU(hiddenSize: 8), [type(6, 2, 3), type(1, 24, 3), type(1, 24, 8)], [nil]) == 12 * 24 * 11)
    #expect(count(RNN(hiddenSize: 8), [type(6, 2, 3), type(1, 8, 3), type(1, 8, 8)], [nil]) == 12 * 8 * 11)
    // 2 samples, 4 heads, 5 queries of size 8 on 7 keys, of which 3 are past, values of size 6.
    let states = [type(2, 4, 5, 8), type(2, 4, 4, 8), type(2, 4, 4, 6), nil, type(2, 4, 3, 8), type(2, 4, 3, 6)]
    #expect(count(Attention(), states, [type(2, 4, 5, 6)]) == 2 * 4 * 5 * 7 * (8 + 6))
    let flat = [type(2, 5, 32), type(2, 7, 32), type(2, 7, 24)]
    #expect(count(Attention(), flat, [type(2, 5, 24)]) == 2 * 4 * 5 * 7 * (8 + 6))
    // Sizes that are not known, or beyond what can be counted.
    #expect(
      count(
        MatMul(), [TensorType(.float32, [.symbol("N"), .known(3)]), type(3, 4)],
        [TensorType(.float32, [.symbol("N"), .known(4)])]) == nil)
    #expect(count(MatMul(), [type(1, .max), nil], [type(1, 2)]) == nil)
    #expect(count(MatMul(), [], []) == nil)
  }

  /// ResNet-18 without its normalizations, which have no products that are added up (He and others, 2016).
  private func resNet18(classes: Int) throws -> Model {
    var weights: [Parameter] = []
    func weight(_ shape: Int...) -> Parameter {
      weights.append(Parameter("w\(weights.count)", Tensor.zeros(shape)))
      return weights[weights.count - 1]
    }
    let stem = weight(64, 3, 7, 7)
    var blocks: [(first: Parameter, second: Parameter, shortcut: Parameter?)] = []
    for (stage, channels) in [64, 128, 256, 512].enumerated() {
      for block in 0..<2 {
        let before = stage > 0 && block == 0 ? channels / 2 : channels
        blocks.append(
          (
            weight(channels, before, 3, 3), weight(channels, channels, 3, 3),
            before == channels ? nil : weight(channels, before, 1, 1)
          ))
      }
    }
    let head = weight(classes, 512)
    let graph = try Graph.record(
      inputs: ["image": .float32("N", 3, 224, 224)], output: "logits", parameters: weights
    ) { image in
      var x = image.conv(try stem.value(), strides: [2, 2], pads: [3, 3, 3, 3]).relu()
        .maxPool(kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1])
      for block in blocks {
        let strides = block.shortcut == nil ? [1, 1] : [2, 2]
        let y = x.conv(try block.first.value(), strides: strides, pads: [1, 1, 1, 1]).relu()
          .conv(try block.second.value(), pads: [1, 1, 1, 1])
        x = (try block.shortcut.map { x.conv(try $0.value(), strides: strides) } ?? x).relu() + y
      }
      return x.mean(axes: [2, 3]).gemm(try head.value(), transposesB: true)
    }
    return try Model(graph)
  }

  @Test("ResNet-18 has the 1.814 GMACs that are known of it")
  func network() throws {
    let model = try resNet18(classes: 1000)
    #expect(try model.work().multiplyAdds == 1_814_073_344)
    let batch = try model.work(batch: 3)
    #expect(batch.multiplyAdds == 3 * 1_814_073_344 && batch.unknownCount == 0)
    #expect(batch.inputs.map(\.type) == ["float32[3, 3, 224, 224]"])
    #expect(batch.nodes?.first { $0.operation == "Conv" }?.multiplyAdds == 3 * 118_013_952)
  }

  @Test("activations: the most at once, and all")
  func activations() throws {
    let graph = try Graph.record(inputs: ["x": .float32("N", 8)], output: "y") { x in
      // 8, 8, then a sum over the axis: with the first still needed at the end.
      let a = x.relu()
      return a.tanh().sum(axes: [1], keepDims: true) + a
    }
    let model = try Model(graph)
    let estimate = try #require(model.activationEstimate(for: [type(10, 8)]))
    #expect(estimate.byteCount == 4 * 10 * (8 + 8 + 1 + 8))
    #expect(estimate.peakByteCount == 4 * 10 * (8 + 8 + 1))
    #expect(model.activationEstimate(for: [TensorType(.float32, [.unknown, .known(8)])]) == nil)
  }
}
