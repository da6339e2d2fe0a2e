import ArgumentParser
import Foundation
import Thaw
import ThawTraining

/// `thaw-bench start`: what a user waits for, from the start of the process to the trained model on disk.
struct Start: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Milliseconds from the start of `thaw finetune` to its trained model on disk.",
    discussion: "The model has layers of 784, 512, 256 and 10 and is made for it, its data too, unless both are given.")

  @Option(help: "The executable (default: thaw beside this one).") var thaw: String?
  @Option(help: "The model, an .onnx file.") var model: String?
  @Option(help: "Its data, as `thaw finetune --data` takes it.") var data: String?
  @Option(help: "The steps to train where the data is made.") var steps = 100
  @Option(help: "The samples of a step.") var batch = 64
  @Option(help: "How many times to measure.") var rounds = 5
  @Flag(help: "Prints JSON also on a terminal.") var json = false

  func validate() throws {
    guard (model == nil) == (data == nil) else { throw ValidationError("give both --model and --data, or neither") }
    for (name, number) in [("--steps", steps), ("--batch", batch), ("--rounds", rounds)] {
      guard number >= 1 else { throw ValidationError("\(name) should be at least 1 and is \(number)") }
    }
  }

  func run() throws {
    let folder = try LargeModel.newFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let executable = thaw ?? Self.sibling
    guard FileManager.default.isExecutableFile(atPath: executable) else {
      throw ValidationError("there is no executable \(executable): build it, or name it with --thaw")
    }
    if model == nil { try Self.write(steps: steps, batch: batch, to: folder) }
    let arguments = [
      "finetune", model ?? "\(folder)/model.onnx", "--data", data ?? "\(folder)/data.npz", "--loss", "cross-entropy",
      "--optimizer", "sgd", "--lr", "0.01", "--momentum", "0.9", "--batch", "\(batch)", "--epochs", "1", "--no-shuffle",
      "-o", "\(folder)/trained.onnx",
    ]
    let timing = try Timing.measure(seconds: 0, warmUp: 1, minimum: rounds) {
      let process = Process()
      process.executableURL = URL(filePath: executable)
      process.arguments = arguments
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        throw CleanExit.message("\(executable) ended with code \(process.terminationStatus)")
      }
    }
    let samples = try Dataset(files: [arguments[3]]).sampleCount()
    var output = FigureOutput<StartFigure>(json: json)
    try output.add(
      StartFigure(
        peer: peer, figure: "start", steps: (samples - 1) / batch + 1, batch: batch, ms: timing.milliseconds.rounded3,
        spreadMs: timing.spread.rounded3))
    output.finish()
  }

  private static var sibling: String {
    let own = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    return own.deletingLastPathComponent().appending(path: "thaw").path
  }

  private static func write(steps: Int, batch: Int, to folder: String) throws {
    let sizes = [784, 512, 256, 10]
    let generator = RandomGenerator(seed: 0)
    var parameters: [Parameter] = []
    for (index, (inputs, outputs)) in zip(sizes, sizes.dropFirst()).enumerated() {
      let bound = 1 / Double(inputs).squareRoot()
      parameters.append(
        Parameter("layer\(index).weight", try generator.uniform([inputs, outputs], from: -bound, to: bound)))
      parameters.append(Parameter("layer\(index).bias", Tensor.zeros([outputs])))
    }
    let graph = try Graph.record(inputs: ["input": .float32("N", 784)], output: "logits", parameters: parameters) { x in
      try stride(from: 0, to: parameters.count, by: 2).reduce(x) { x, place in
        let y = x.matmul(try parameters[place].value()) + (try parameters[place + 1].value())
        return place + 2 < parameters.count ? y.relu() : y
      }
    }
    try Model(graph).save(to: "\(folder)/model.onnx")
    let count = steps * batch
    let labels = Tensor((0..<count).map { $0 % 10 })
    try TensorFile.write(
      [("input", generator.uniform([count, 784])), ("target", labels)], to: "\(folder)/data.npz")
  }
}

struct StartFigure: Figure {
  let peer: String
  let figure: String
  let steps: Int
  let batch: Int
  let ms: Double
  let spreadMs: Double

  static var columns: [TextTable.Column] {
    [.left("figure"), .right("steps"), .right("batch"), .right("ms"), .right("spread")]
  }

  var cells: [String] { [figure, "\(steps)", "\(batch)", ms.short, spreadMs.short] }
}
