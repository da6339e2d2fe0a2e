import Testing
import ThawONNX
import ThawTensor

@testable import ThawGraph

@Suite("The last layers train") struct TrainLastTests {
  /// embedding, [1, T, C] positions, two layers with a normalization between and one after, a head with a bias [1, 3].
  private func model() throws -> Model {
    let shapes: KeyValuePairs = [
      "embedding": [9, 4], "position": [1, 5, 4], "first.w": [4, 4], "first.b": [1, 4], "norm.scale": [4],
      "norm.bias": [4], "second.w": [4, 4], "final.scale": [4], "final.bias": [4], "head.w": [4, 3], "head.b": [1, 3],
      "aside": [4, 4],
    ]
    let parameters = shapes.map { Parameter($0.key, Tensor.ones($0.value)) }
    let named = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0) })
    func value(_ name: String) throws -> Tensor { try named[name]?.value() ?? Tensor.ones([]) }
    let graph = try Graph.record(
      inputs: ["ids": .int64("N", 5)], outputs: ["y", "z"], parameters: parameters
    ) { inputs in
      let embedded = try apply(Gather(axis: 0), to: value("embedding"), inputs[0]) + value("position")
      let first = try embedded.matmul(value("first.w")) + value("first.b")
      let normalized = try apply(LayerNormalization(), to: first, value("norm.scale"), value("norm.bias"))
      let second = try normalized.matmul(value("second.w").transposed([1, 0]))
      let last = try apply(LayerNormalization(), to: second, value("final.scale"), value("final.bias"))
      return [try last.matmul(value("head.w")) + value("head.b"), try first.matmul(value("aside"))]
    }
    return try Model(graph)
  }

  static let rows: [(count: Int, trained: [String])] = [
    (1, ["head.b", "head.w"]),
    (2, ["final.bias", "final.scale", "head.b", "head.w", "second.w"]),
    (
      3,
      [
        "final.bias", "final.scale", "first.b", "first.w", "head.b", "head.w", "norm.bias", "norm.scale", "second.w",
      ]
    ),
    (
      4,
      [
        "final.bias", "final.scale", "first.b", "first.w", "head.b", "head.w", "norm.bias", "norm.scale", "position",
        "second.w",
      ]
    ),
    (
      5,
      [
        "embedding", "final.bias", "final.scale", "first.b", "first.w", "head.b", "head.w", "norm.bias", "norm.scale",
        "position", "second.w",
      ]
    ),
  ]

  @Test("with what only feeds the path after them", arguments: rows)
  func trained(count: Int, trained: [String]) throws {
    let model = try model()
    // What is frozen counts too.
    try model.freeze("second.*")
    try model.trainLast(count, output: "y")
    #expect(model.parameters.with(.trainable).map(\.name).sorted() == trained)
    #expect(model.parameters.with(.frozen).count == 12 - trained.count)
  }

  @Test("a normalization that another branch reads before the layer is not behind it")
  func shared() throws {
    let (w, v, scale) = (
      Parameter("w", Tensor.ones([2, 2])), Parameter("v", Tensor.ones([2, 2])), Parameter("scale", Tensor.ones([2]))
    )
    let model = try Model(
      Graph.record(inputs: ["x": .float32("N", 2)], output: "y", parameters: [w, v, scale]) { x in
        let body = x.matmul(try w.value()) * (try scale.value())
        return body.matmul(try v.value()) * (try scale.value())
      })
    try model.trainLast(1)
    #expect(model.parameters.with(.trainable).map(\.name) == ["v"])
    try model.trainLast(2)
    #expect(model.parameters.with(.trainable).count == 3)
  }

  @Test("buffers and constants never train")
  func buffers() throws {
    let (w, mean, number) = (
      Parameter("w", Tensor.ones([2, 2])), Parameter("mean", Tensor.ones([2]), role: .buffer),
      Parameter("number", Tensor.ones([2, 2]), role: .constant)
    )
    let model = try Model(
      Graph.record(inputs: ["x": .float32("N", 2)], output: "y", parameters: [w, mean, number]) { x in
        (x.matmul(try w.value()) + (try mean.value())).matmul(try number.value())
      })
    try model.trainLast(1)
    #expect(model.parameters.map(\.role) == [.trainable, .buffer, .constant])
  }

  @Test("more than there are", arguments: [0, 6])
  func tooMany(count: Int) throws {
    let model = try model()
    let message =
      "the last \(count) operators with weights should train, and on the way to the output 'y' there are 5 that read a "
      + "parameter of rank 2 or more"
    #expect(throws: ModelError(.request, message)) { try model.trainLast(count, output: "y") }
    #expect(model.parameters.with(.trainable).count == 12)
  }
}
