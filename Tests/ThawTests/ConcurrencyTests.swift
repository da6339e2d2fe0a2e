import Foundation
import Testing
import Thaw

/// Tasks side by side: one model that many read, models of their own that train.
@Suite("Concurrency") struct ConcurrencyTests {
  private static let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Models").path

  @Test("16 tasks infer on one model, with the numbers of one") func inference() async throws {
    let model = try Model(contentsOf: "\(Self.models)/digits.onnx")
    let batches = try (0..<4).map { try RandomGenerator(seed: $0).uniform([8, 1, 8, 8]) }
    let alone = try batches.map { try model(["image": $0])["logits"].elements(as: Float.self) }
    // By a program, which may round otherwise.
    let inferred = try batches.map { batch in
      try inferenceMode { try model(["image": batch])["logits"].elements(as: Float.self) }
    }
    for (a, b) in zip(alone.joined(), inferred.joined()) { #expect((a - b).magnitude <= 1e-5 * max(1, a.magnitude)) }
    let together = try await withThrowingTaskGroup(of: (Int, [Float]).self) { group in
      for task in 0..<16 {
        group.addTask {
          var last: [Float] = []
          for _ in 0..<4 {
            let run = { try model(["image": batches[task % 4]])["logits"] }
            last = try (task < 8 ? inferenceMode { try run() } : run()).elements()
          }
          return (task, last)
        }
      }
      return try await group.reduce(into: [Int: [Float]]()) { $0[$1.0] = $1.1 }
    }
    #expect(together.count == 16)
    for (task, numbers) in together {
      #expect(numbers == (task < 8 ? inferred : alone)[task % 4], "task \(task)")
    }
    // What is first asked for in inference mode trains none the less.
    let loss = crossEntropy(try model(["image": batches[0]])["logits"], Tensor([0, 1, 2, 3, 4, 0, 1, 2]))
    try loss.backward()
    #expect(model.parameters.with(.trainable).allSatisfy { $0.grad != nil })
  }

  @Test("models that train in tasks of their own end with the same weights") func training() async throws {
    let data: Dataset = [
      "image": try RandomGenerator(seed: 9).uniform([12, 1, 8, 8]), "target": Tensor((0..<12).map { $0 % 5 }),
    ]
    let results = try await withThrowingTaskGroup(of: [[Float]].self) { group in
      for _ in 0..<4 {
        group.addTask {
          let model = try Model(contentsOf: "\(Self.models)/digits.onnx")
          let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.05, momentum: 0.9))
          try trainer.fit(data, epochs: 2, batching: Batching(size: 4))
          return try model.parameters.map { try $0.value().elements() }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 4)
    for weights in results { #expect(weights == results[0]) }
  }

  /// Layers large enough for several threads: the trainings take turns at the cores.
  @Test(
    "two trainings at once end with the bits of each alone",
    arguments: [Execution.compiled, .eager, .compiled.deterministic])
  func trainings(execution: Execution) async throws {
    @Sendable func train(seed: UInt64, threads: Int) throws -> [[Float]] {
      let generator = RandomGenerator(seed: seed)
      let filter = Parameter("filter", try generator.uniform([32, 16, 3, 3], from: -0.1, to: 0.1))
      let weight = Parameter("weight", try generator.uniform([32, 10], from: -0.1, to: 0.1))
      let graph = try Graph.record(
        inputs: ["x": .float32("N", 16, 20, 20)], output: "y", parameters: [filter, weight]
      ) { x in
        let features = try x.conv(filter.value(), pads: [1, 1, 1, 1]).relu()
        return features.mean(axes: [2, 3], keepDims: false).matmul(try weight.value())
      }
      let model = try Model(graph)
      let data: Dataset = [
        "x": try generator.uniform([32, 16, 20, 20]), "target": Tensor((0..<32).map { $0 % 10 }),
      ]
      try Threads.with(threads) {
        let trainer = try Trainer(
          model, loss: .crossEntropy, optimizer: .sgd(0.1, momentum: 0.9), execution: execution)
        try trainer.fit(data, epochs: 3, batching: Batching(size: 16))
      }
      return try model.parameters.map { try $0.value().elements() }
    }
    let cases: [(seed: UInt64, threads: Int)] = [(1, 2), (2, 2), (3, 1), (4, 3)]
    let alone = try cases.map { try train(seed: $0.seed, threads: $0.threads) }
    let together = try await withThrowingTaskGroup(of: (Int, [[Float]]).self) { group in
      for (index, item) in cases.enumerated() {
        group.addTask { (index, try train(seed: item.seed, threads: item.threads)) }
      }
      return try await group.reduce(into: [Int: [[Float]]]()) { $0[$1.0] = $1.1 }
    }
    for (index, weights) in alone.enumerated() { #expect(together[index] == weights, "training \(index)") }
  }

  @Test("a batch that does not fit is an error of its own task") func errors() async throws {
    let model = try Model(contentsOf: "\(Self.models)/digits.onnx")
    let outcomes = await withTaskGroup(of: (Int, Bool).self) { group in
      for task in 0..<16 {
        group.addTask {
          let width = task % 2 == 0 ? 8 : 7
          let logits = try? withErrors { try model(["image": Tensor.ones([2, 1, 8, width])])["logits"] }
          return (width, logits != nil)
        }
      }
      return await group.reduce(into: [(Int, Bool)]()) { $0.append($1) }
    }
    for (width, isComputed) in outcomes { #expect(isComputed == (width == 8)) }
  }
}
