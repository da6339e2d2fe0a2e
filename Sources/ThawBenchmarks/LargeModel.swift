import ArgumentParser
import Foundation
import Thaw

/// A model of matrices in a folder of its own, which goes when it is done with.
struct LargeModel {
  let folder: String
  var path: String { "\(folder)/model.onnx" }
  let byteCount: Int

  /// - Parameter megabytes: of weights, about.
  init(megabytes: Int) throws {
    let size = 1024
    let count = max(1, megabytes * 1_000_000 / (size * size * 4))
    byteCount = count * size * size * 4
    folder = try Self.newFolder()
    let weights = try (0..<count).map { Parameter("weight.\($0)", try Tensor.full([size, size], Double($0))) }
    let graph = try Graph.record(inputs: ["x": .float32("N", .known(size))], output: "y", parameters: weights) { x in
      try weights.reduce(x) { $0.matmul(try $1.value()) }
    }
    try Model(graph).save(to: path)
  }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  static func newFolder() throws -> String {
    let url = FileManager.default.temporaryDirectory.appending(path: "thaw-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url.path
  }
}

/// How large the model is, and how often it is used.
struct LargeModelOptions: ParsableArguments {
  @Option(help: "The size of the model's weights.") var megabytes = 1000
  @Option(help: "How many times to measure.") var rounds = 5
  @Flag(help: "Prints JSON also on a terminal.") var json = false

  func validate() throws {
    guard (1...1900).contains(megabytes) else {
      throw ValidationError("--megabytes should be from 1 to 1900, so that one file holds it, and is \(megabytes)")
    }
    guard rounds >= 1 else { throw ValidationError("--rounds should be at least 1 and is \(rounds)") }
  }
}
