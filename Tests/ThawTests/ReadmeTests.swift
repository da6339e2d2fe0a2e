import Foundation
import Testing
import Thaw

/// The README's code, with one import.
@Suite("As in the README") struct ReadmeTests {
  @Test("gradients, and a recorded graph")
  func gradients() throws {
    let a = Tensor([2, 3], requiresGrad: true)
    let b = Tensor([6, 4], requiresGrad: true)
    let q = 3 * a ** 3 - b ** 2
    #expect("\(q)" == "tensor([-12.,  65.], grad_fn=<SubBackward0>)")
    #expect("\(q.sum())" == "tensor(53., grad_fn=<SumBackward0>)")
    try q.sum().backward()
    #expect("\(try #require(a.grad))" == "tensor([36., 81.])")
    #expect("\(try #require(b.grad))" == "tensor([-12.,  -8.])")

    let graph = try Graph.record(inputs: ["a": .float32([2]), "b": .float32([2])], output: "Q") { a, b in
      3 * a ** 3 - b ** 2
    }
    let path = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString).onnx").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try graph.save(to: path)
    #expect(try Model(contentsOf: path).outputs[0].name == "Q")
  }

  @Test("a model, by hand and by the trainer")
  func model() throws {
    let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Models")
    let model = try Model(contentsOf: models.appending(path: "digits.onnx").path)
    #expect(model.parameters.summary.hasPrefix("trainable: "))
    try model.freeze("features.*")
    #expect(model.parameters.with(Role.trainable).allSatisfy { !$0.name.hasPrefix("features.") })

    let batch = try RandomGenerator(seed: 0).uniform([4, 1, 8, 8])
    let labels = Tensor([0, 1, 2, 3])
    let logits = try model(["image": batch])["logits"]
    var optimizer = SGD(model.parameters, learningRate: 0.01, momentum: 0.9)
    let loss = crossEntropy(logits, labels)
    try loss.backward()
    optimizer.step()
    model.zeroGrad()

    let data: Dataset = ["image": batch, "target": labels]
    let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.01, momentum: 0.9))
    var lines: [String] = []
    for epoch in try trainer.fit(data, epochs: 2) { lines.append("\(epoch)") }
    #expect(lines.count == 2)
    #expect(throws: FileError.self) { try model.save(to: "/dev/null/tuned.onnx") }
  }
}
