import Foundation
import Testing
import Thaw

/// The code of the article "A network from nothing", and what it says of the result.
@Suite("LeNet on MNIST") struct LeNetTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  private static let data = root.deletingLastPathComponent().appending(path: "shared/data/mnist_5k.csv.gz")

  /// LeNet-5 for images of 28 × 28.
  private func lenet(seed: UInt64) throws -> Model {
    let generator = RandomGenerator(seed: seed)
    var weights: [Parameter] = []
    for (layer, shape) in [
      ("conv1", [6, 1, 5, 5]), ("conv2", [16, 6, 5, 5]), ("fc1", [120, 400]), ("fc2", [84, 120]), ("fc3", [10, 84]),
    ] {
      let bound = 1 / Double(shape.dropFirst().reduce(1, *)).squareRoot()
      weights.append(Parameter("\(layer).weight", try generator.kaimingUniform(shape)))
      weights.append(Parameter("\(layer).bias", try generator.uniform([shape[0]], from: -bound, to: bound)))
    }
    let graph = try Graph.record(inputs: ["image": .float32("N", 1, 28, 28)], output: "logits", parameters: weights) {
      image in
      let p = try weights.map { try $0.value() }
      let features =
        image
        .conv(p[0], p[1], pads: [2, 2, 2, 2]).relu().maxPool(kernel: [2, 2], strides: [2, 2])
        .conv(p[2], p[3]).relu().maxPool(kernel: [2, 2], strides: [2, 2])
        .flatten()
      return
        features
        .gemm(p[4], p[5], transposesB: true).relu()
        .gemm(p[6], p[7], transposesB: true).relu()
        .gemm(p[8], p[9], transposesB: true)
    }
    return try Model(graph)
  }

  @Test(
    "trains to 97 % of the images held out", .enabled(if: FileManager.default.fileExists(atPath: data.path)))
  func trains() throws {
    let seed: UInt64 = 0
    let path = Self.data.path
    let output = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString).onnx").path
    defer { try? FileManager.default.removeItem(atPath: output) }
    let normal = DataReading.Scaling(factor: 1 / 78.6, offset: -0.424)
    let images = try Dataset(
      contentsOf: path, DataReading(target: "785", hasHeader: false, scalings: ["image": normal]))
    let rows = 0..<(try images.sampleCount())
    let training = try images.subset(rows.filter { $0 % 5 != 4 })
    let heldOut = try images.subset(rows.filter { $0 % 5 == 4 })

    let model = try lenet(seed: seed)
    let batching = Batching(size: 32, order: .shuffled(seed: seed))
    for (learningRate, epochs) in [(0.002, 6), (0.0002, 3)] {
      let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .adam(learningRate))
      try trainer.fit(training, epochs: epochs, batching: batching)
    }
    let evaluation = try Evaluator(model, loss: .crossEntropy).evaluate(heldOut)
    try model.save(to: output)
    #expect(evaluation.sampleCount == 1000)
    #expect(evaluation[.accuracy] ?? 0 >= 0.97)
    let saved = try Evaluator(Model(contentsOf: output), loss: .crossEntropy)
    #expect(try saved.evaluate(heldOut) == evaluation)
  }

  @Test("the article's code is this file's")
  func article() throws {
    func lines(_ path: String) throws -> [String] {
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    let here = Set(try lines(#filePath).map { $0.replacing("private func", with: "func") })
    var isCode = false
    var count = 0
    for line in try lines(Self.root.appending(path: "Sources/Thaw/Thaw.docc/LeNet.md").path) {
      if line.hasPrefix("```") {
        isCode = line == "```swift"
      } else if isCode {
        #expect(here.contains(line), "\(line)")
        count += 1
      }
    }
    #expect(count > 30)
  }
}
