import Foundation
import Thaw

/// Makes the files under `Models/` anew from `digits.csv`; see Models/README.md.
@main enum MakeModels {
  static func main() throws {
    let folder = CommandLine.arguments.dropFirst().first ?? "Models"
    let digits = try Digits(contentsOf: "\(folder)/digits.csv")
    try digits.write(rows: digits.training, to: "\(folder)/digits-train.npz")
    try digits.write(rows: digits.heldOut, to: "\(folder)/digits-test.npz")
    try makeTutorial(at: "\(folder)/tutorial.onnx")
    try makeDigitsModel(digits, at: "\(folder)/digits.onnx")
  }

  /// Q = 3a³ − b² of the engine's worked example.
  static func makeTutorial(at path: String) throws {
    let graph = try Graph.record(inputs: ["a": .float32([2]), "b": .float32([2])], output: "Q") { a, b in
      3 * a ** 3 - b ** 2
    }
    try graph.save(to: path)
  }

  /// A convolutional network, pre-trained on the digits 0 to 4 of the training rows.
  static func makeDigitsModel(_ digits: Digits, at path: String) throws {
    let model = try Model(network(classes: 5))
    let rows = digits.training.filter { digits.labels[$0] < 5 }
    let trainer = try Trainer(model, loss: .crossEntropy, optimizer: .sgd(0.05, momentum: 0.9))
    let epochs = try trainer.fit(digits.dataset(rows: rows), epochs: 20, batching: Batching(size: 32))
    for epoch in epochs { print(epoch) }
    let heldOut = digits.heldOut.filter { digits.labels[$0] < 5 }
    print("held out, digits 0 to 4:", try trainer.evaluate(digits.dataset(rows: heldOut)))
    try model.save(to: path)
  }

  /// Two convolutions, a maximum over 2 × 2, and a linear head.
  static func network(classes: Int) throws -> Graph {
    let generator = RandomGenerator(seed: 0)
    func weight(_ name: String, _ shape: [Int]) throws -> Parameter {
      let bound = 1 / Double(shape.dropFirst().reduce(1, *)).squareRoot()
      let value = try withErrors { try (2 * generator.uniform(shape) - 1) * bound }
      return Parameter(name, value)
    }
    func bias(_ name: String, _ count: Int) -> Parameter {
      Parameter(name, Tensor([Float](repeating: 0, count: count)))
    }
    let parameters = [
      try weight("features.conv1.weight", [16, 1, 3, 3]), bias("features.conv1.bias", 16),
      try weight("features.conv2.weight", [32, 16, 3, 3]), bias("features.conv2.bias", 32),
      try weight("classifier.weight", [classes, 512]), bias("classifier.bias", classes),
    ]
    return try Graph.record(inputs: ["image": .float32("N", 1, 8, 8)], output: "logits", parameters: parameters) {
      image in
      let values = try parameters.map { try $0.value() }
      return
        image
        .conv(values[0], values[1], pads: [1, 1, 1, 1]).relu()
        .conv(values[2], values[3], pads: [1, 1, 1, 1]).relu()
        .maxPool(kernel: [2, 2], strides: [2, 2])
        .flatten()
        .gemm(values[4], values[5], transposesB: true)
    }
  }
}

/// The UCI digits: 8 × 8 images with values 0 to 16, a label last in each row.
struct Digits {
  let images: [[Float]]
  let labels: [Int]

  init(contentsOf path: String) throws {
    let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: ",").compactMap { Int($0) }
    }
    guard rows.allSatisfy({ $0.count == 65 }) else { throw CocoaError(.fileReadCorruptFile) }
    images = rows.map { row in row.dropLast().map { Float($0) / 16 } }
    labels = rows.map { $0[64] }
  }

  /// Every fifth row, in pre-training too.
  var heldOut: [Int] { labels.indices.filter { $0 % 5 == 4 } }
  var training: [Int] { labels.indices.filter { $0 % 5 != 4 } }

  private func arrays(rows: [Int]) -> (image: Tensor, target: Tensor) {
    (
      Tensor(rows.flatMap { images[$0] }, shape: [rows.count, 1, 8, 8]), Tensor(rows.map { labels[$0] })
    )
  }

  func dataset(rows: [Int]) -> Dataset {
    let (image, target) = arrays(rows: rows)
    return Dataset([("image", image), ("target", target)], source: "digits")
  }

  func write(rows: [Int], to path: String) throws {
    let (image, target) = arrays(rows: rows)
    try TensorFile.write([("image", image), ("target", target)], to: path)
  }
}
