import Foundation
import Testing
import Thaw

/// What the README says is what happens.
@Suite("README") struct ReadmeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func readme() throws -> [String] {
    try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8).components(separatedBy: "\n")
  }

  @Test("the numbers beside its first code")
  func numbers() throws {
    let claimed = try readme().compactMap { line in
      line.range(of: "// tensor(").map { String(line[$0.lowerBound...].dropFirst("// ".count)) }
    }
    let a = Tensor([2, 3], requiresGrad: true)
    let b = Tensor([6, 4], requiresGrad: true)
    let q = 3 * a ** 3 - b ** 2
    var printed = ["\(q)", "\(q.sum())"]
    try q.sum().backward()
    printed += [a, b].map { "\($0.grad.map(String.init(describing:)) ?? "nil")" }
    #expect(claimed == printed)
  }

  @Test("its second code, with the numbers that it leaves open")
  func model() throws {
    let models = Self.root.appending(path: "Models").path
    let data = try Dataset(contentsOf: "\(models)/digits-train.npz")
    let model = try Model(contentsOf: "\(models)/digits.onnx").resettingHead(classes: 10, seed: 0)
    #expect(
      model.parameters.summary
        == "trainable: 6 tensors, 9930 numbers\nroles: as written in the file")
    try model.freeze("features.*")
    let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.05, momentum: 0.9))
    var accuracies: [Double] = []
    for epoch in try trainer.fit(data, epochs: 5) {
      accuracies.append(try #require(epoch.evaluation[.accuracy]))
    }
    #expect(accuracies.count == 5 && accuracies.last ?? 0 > 0.9)
  }

  @Test("a step by hand, as in PyTorch, and the same by the trainer")
  func steps() throws {
    let path = Self.root.appending(path: "Models/digits.onnx").path
    let model = try Model(contentsOf: path)
    try model.freeze("features.*")
    let batch = try RandomGenerator(seed: 0).uniform([4, 1, 8, 8])
    let labels = Tensor([0, 1, 2, 3])
    let logits = try model(["image": batch])["logits"]
    var optimizer = SGD(model.parameters, learningRate: 0.01, momentum: 0.9)
    let loss = crossEntropy(logits, labels)
    try loss.backward()
    optimizer.step()
    model.zeroGrad()

    let data: Dataset = ["image": batch, "target": labels]
    let other = try Model(contentsOf: path)
    try other.freeze("features.*")
    let trainer = try Trainer(other, loss: .crossEntropy, optimizer: .sgd(0.01, momentum: 0.9))
    try trainer.fit(data, epochs: 1, batching: Batching(size: 4, order: .asGiven))
    for (byHand, trained) in zip(model.parameters, other.parameters) {
      #expect(try byHand.value().elements(as: Float.self) == trained.value().elements(), "\(byHand.name)")
    }
  }

  @Test("its layer table names the modules of the package, in order")
  func layers() throws {
    let package = try String(contentsOf: Self.root.appending(path: "Package.swift"), encoding: .utf8)
    let named = try readme().filter { $0.hasPrefix("| `") && !$0.hasPrefix("| `thaw") }
      .flatMap { line in line.split(separator: "|")[0].matches(of: /`(\w+)`/).map { String($0.1) } }
    #expect(named.count == 13)
    let places = try named.map { module in
      try #require(
        package.range(of: "arget(\n      name: \"\(module)\"") ?? package.range(of: "arget(name: \"\(module)\""),
        "\(module)"
      )
      .lowerBound
    }
    #expect(places == places.sorted(), "\(named)")
  }
}
