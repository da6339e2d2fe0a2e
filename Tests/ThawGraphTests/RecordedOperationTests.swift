import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// Operations and their gradients, recorded with a batch size that varies, saved as ONNX, loaded and replayed.
@Suite("Recorded operations") struct RecordedOperationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let function: @Sendable (Tensor) throws -> Tensor

    init(_ name: String, _ function: @escaping @Sendable (Tensor) throws -> Tensor) {
      testDescription = name
      self.function = function
    }
  }

  /// Each takes a tensor of shape (batch, 2, 6).
  static let cases: [Case] = [
    Case("Transpose") { $0.transposed([2, 0, 1]) },
    Case("Concat along the batch") { .concat([$0, $0 * 2], axis: 0) },
    Case("Concat along another axis") { .concat([$0, $0 * 2], axis: -1) },
    Case("Split into sizes") { $0.split([2, 4], axis: 2)[1] },
    Case("Split into equal parts") { $0.split(into: 3, axis: 2)[0] },
    Case("Gather from the batch") { $0.gather(Tensor([0, 1, 1])) },
    Case("Gather") { $0.gather(Tensor([0, 5, -1, 0], shape: [2, 2]), axis: 2) },
    Case("GatherElements") { $0.gatherElements(Tensor([1, 0], shape: [1, 1, 2]), axis: 1) },
    Case("ScatterElements") { x in
      x.scatterElements(Tensor([1, 0], shape: [1, 1, 2]), x.slice([0..<1, 0..<1, 0..<2]), axis: 1, reduction: .add)
    },
    Case("Slice of the batch, backwards") { $0.slice(starts: [-1], ends: [Int.min], steps: [-2]) },
    Case("Slice") { $0.slice(starts: [1, 1], ends: [2, 6], axes: [1, 2], steps: [1, 2]) },
    Case("Pad") { $0.padded([0, 1, -2, 0, 0, 3], value: 0.5) },
    Case("Pad by reflection") { $0.padded([0, 0, 2, 0, 0, 3], mode: .reflect) },
    Case("Pad the batch by its edge") { $0.padded([1, 0, 0, 0, 0, 0], mode: .edge) },
    Case("Tile") { $0.tiled([2, 1, 3]) },
    Case("Expand") { $0.unsqueezed(axes: [0]).expanded(to: [2, 1, 1, 1]) },
    Case("ReduceMean") { $0.mean(axes: [0, 2]) },
    Case("ReduceMean of all") { $0.mean() },
    Case("ReduceMax") { $0.max(axes: [2], keepDims: true) },
    Case("ReduceMin of the batch") { $0.min(axes: [0]) },
    Case("ReduceProd") { $0.product(axes: [1]) },
    Case("ReduceLogSumExp") { $0.logSumExp(axes: [0]) },
    Case("Pow") { ($0.abs() + 0.5) ** 2.5 },
    Case("Clip") { $0.clip(min: -0.5, max: 0.5) },
    Case("Max") { .maximum($0, $0.slice([0..<1])) },
    Case("activations") { $0.elu().leakyRelu().softplus().gelu().mish().selu().celu() },
    Case("NegativeLogLikelihoodLoss") { $0.negativeLogLikelihood($0.argMax(axis: 1)) },
    Case("SoftmaxCrossEntropyLoss") { x in
      x.reshaped(to: [-1, 6]).softmaxCrossEntropy(x.reshaped(to: [-1, 6]).argMax(axis: 1))
    },
    Case("CumSum") { $0.cumulativeSum(axis: -1, reverse: true) },
    Case("ScatterND") { x in
      x.scatterND(Tensor([0, 1, 0, 0], shape: [2, 2]), x.slice([0..<1, 0..<2]).squeezed(axes: [0]), reduction: .add)
    },
    Case("GatherND") { $0.gatherND(Tensor([1, 0, 0, 1], shape: [2, 2])) },
    Case("Resize") { $0.resized(to: [4, 9]) },
    Case("Resize, smaller, cubic") { $0.resized(to: [4], Interpolation(mode: .cubic, antialiases: true)) },
    Case("Resize, nearest") { $0.resized(to: [3, 9], Interpolation()) },
    Case("GroupNormalization") { $0.groupNormalization(groups: 2, scale: .ones([2]), bias: .ones([2])) },
    Case("Softmax of rows from an axis on") { try apply(Softmax(axis: 1, flattensFromAxis: true), to: $0) },
    Case("OneHot") { x in x.argMax(axis: 2).oneHot(depth: 6) * x },
  ]

  @Test("replayed from a file they are the eager ones", arguments: cases)
  func replay(row: Case) throws {
    let scale = numbers(12, shape: [2, 6])
    func step(_ x: Tensor) throws -> [Tensor] {
      let weight = try scale.requiringGrad()
      let y = try row.function(x * weight)
      return [y, try grad(of: (y * y * y).sum(), withRespectTo: weight)]
    }
    let graph = try Graph.record(inputs: ["x": .float32("N", 2, 6)], outputs: ["y", "gradient"]) { inputs in
      try enableGrad { try step(inputs[0]) }
    }
    let folder = try TemporaryFolder()
    try graph.save(to: folder.path("step.onnx"))
    let model = try Model(contentsOf: folder.path("step.onnx"))
    for batch in [2, 5] {
      let x = numbers(batch * 12, shape: [batch, 2, 6])
      let eager = try withErrors { try step(x) }
      let outputs = try model(["x": x])
      for (name, expected) in zip(["y", "gradient"], eager) {
        let found = outputs[name]
        try #require(found.shape == expected.shape)
        let pairs = zip(try found.elements(as: Double.self), try expected.elements(as: Double.self))
        #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-3 * (1 + abs($1)) }, "\(name) of batch \(batch)")
      }
    }
  }

  @Test("constant axes are written as opset 17 has them, in an attribute") func oldestForm() throws {
    func opset(_ function: @escaping (Tensor) -> Tensor) throws -> (
      opset: Int64?, reduction: NodeProto?, constants: Int
    ) {
      let proto = try Graph.record(inputs: ["x": .float32("N", 2, 6)]) { function($0) }.model()
      return (
        proto.opsetImport.first?.version, proto.graph?.node.first { $0.opType?.hasPrefix("Reduce") ?? false },
        proto.graph?.initializer.count ?? 0
      )
    }
    let mean = try opset { $0.mean(axes: [1, 2]) }
    #expect(mean.opset == 17 && mean.constants == 0)
    #expect(mean.reduction?.input.count == 1)
    #expect(mean.reduction?.attribute.first { $0.name == "axes" }?.ints == [1, 2])
    #expect(try opset { $0.mean() }.opset == 17)
    let computed = try opset { x in
      .catching { try apply(ReduceMean(options: .init()), to: x, x.shapeTensor().slice([1..<2]) - 1) }
    }
    #expect(computed.opset == 18)
    #expect(computed.reduction?.input.count == 2)
  }

  private func numbers(_ count: Int, shape: [Int]) -> Tensor {
    let values: [Float] = (0..<count).map { index in Float((index * 37) % 101) / 50 - 1 }
    return Tensor(values, shape: shape)
  }
}
