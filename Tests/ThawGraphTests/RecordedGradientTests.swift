import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// Layers whose gradient is recorded with a batch size that varies, saved as ONNX, loaded and replayed.
@Suite("Recorded gradients") struct RecordedGradientTests {
  struct Layer: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let function: @Sendable (Tensor) throws -> Tensor

    init(_ name: String, _ function: @escaping @Sendable (Tensor) throws -> Tensor) {
      testDescription = name
      self.function = function
    }
  }

  /// Each takes images of shape (batch, 2, 6, 6).
  static let layers: [Layer] = [
    Layer("Conv") { $0.conv(Tensor.ones([4, 1, 3, 3]) * 0.1, strides: [2, 2], pads: [1, 1, 1, 1], groups: 2) },
    Layer("ConvTranspose") { $0.convTranspose(Tensor.ones([2, 1, 3, 3]) * 0.1, strides: [2, 2]) },
    Layer("MaxPool") { $0.maxPool(kernel: [2, 2], strides: [1, 1]) },
    Layer("AveragePool") { $0.averagePool(kernel: [2, 2], pads: [1, 0, 0, 1]) },
    Layer("GlobalAveragePool") { $0.globalAveragePool() },
    Layer("GlobalMaxPool") { $0.globalMaxPool() },
    Layer("Flatten") { $0.flatten() },
    Layer("BatchNormalization") {
      $0.batchNormalization(scale: .ones([2]), bias: .ones([2]), mean: .ones([2]), variance: .ones([2]))
    },
    Layer("BatchNormalization in training") {
      try apply(BatchNormalization(trainingMode: true), to: $0, .ones([2]), .ones([2]), .ones([2]), .ones([2]))
    },
    Layer("LayerNormalization") { $0.layerNormalization(scale: .ones([6])) },
    Layer("InstanceNormalization") { $0.instanceNormalization(scale: .ones([2]), bias: .ones([2])) },
    Layer("LogSoftmax") { $0.logSoftmax() },
    Layer("Dropout") { $0.dropout(ratio: 0) },
    Layer("Dropout in inference") { $0.dropout(training: false) },
    Layer("MatMul") { $0.flatten().matmul(Tensor.ones([72, 3]) * 0.1) },
    Layer("Gemm") { $0.flatten().gemm(Tensor.ones([3, 72]) * 0.1, transposesB: true) },
    Layer("LSTM") { x in
      x.reshaped(to: Tensor([0, 12, 6])).lstm(
        Tensor.ones([2, 12, 6]) * 0.1, Tensor.ones([2, 12, 3]) * 0.1, direction: .bidirectional, isBatchFirst: true
      ).output
    },
    Layer("GRU") { x in
      x.reshaped(to: Tensor([0, 12, 6])).transposed([1, 0, 2])
        .gru(Tensor.ones([1, 9, 6]) * 0.1, Tensor.ones([1, 9, 3]) * 0.1, direction: .reverse).hidden
    },
    Layer("HardSwish, HardSigmoid") { $0.hardSwish().hardSigmoid() },
  ]

  @Test("replayed from a file they are the eager ones", arguments: layers)
  func replay(layer: Layer) throws {
    let scale = numbers(72, shape: [2, 6, 6])
    func step(_ x: Tensor) throws -> [Tensor] {
      let weight = try scale.requiringGrad()
      let y = try layer.function(x * weight)
      return [y, try grad(of: (y * y * y).sum(), withRespectTo: weight)]
    }
    let graph = try Graph.record(inputs: ["x": .float32("N", 2, 6, 6)], outputs: ["y", "gradient"]) { inputs in
      try enableGrad { try step(inputs[0]) }
    }
    let folder = try TemporaryFolder()
    try graph.save(to: folder.path("step.onnx"))
    let model = try Model(contentsOf: folder.path("step.onnx"))
    let x = numbers(216, shape: [3, 2, 6, 6])
    let eager = try withErrors { try step(x) }
    let outputs = try model(["x": x])
    for (name, expected) in zip(["y", "gradient"], eager) {
      let found = outputs[name]
      try #require(found.shape == expected.shape)
      let pairs = zip(try found.elements(as: Double.self), try expected.elements(as: Double.self))
      #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-3 * (1 + abs($1)) }, "\(name)")
    }
  }

  @Test("BatchNormalization in training is written with no more outputs than ONNX has")
  func batchNormalizationOutputs() throws {
    let graph = try Graph.record(inputs: ["x": .float32("N", 2)], output: "gradient") { x in
      try enableGrad {
        let x = x * (try Tensor.ones([2]).contiguous().requiringGrad())
        let y = try apply(
          BatchNormalization(trainingMode: true), to: x, .ones([2]), .ones([2]), .ones([2]), .ones([2]))
        return try grad(of: (y * y).sum(), withRespectTo: x)
      }
    }
    let node = try #require(graph.nodes.first { $0.opType == "BatchNormalization" })
    #expect(node.outputs.count == 1)
  }

  private func numbers(_ count: Int, shape: [Int]) -> Tensor {
    let values: [Float] = (0..<count).map { index in Float((index * 37) % 101) / 50 - 1 }
    return Tensor(values, shape: shape)
  }
}
