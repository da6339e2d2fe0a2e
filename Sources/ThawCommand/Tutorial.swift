import ArgumentParser
import Thaw

/// `thaw tutorial`.
struct Tutorial: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Shows automatic differentiation at work, in numbers.")

  @Option(name: .shortAndLong, help: "Where to save the recorded function.") var output = "tutorial.onnx"

  func run() throws { try TensorFile.checkWritable(output) }
}
