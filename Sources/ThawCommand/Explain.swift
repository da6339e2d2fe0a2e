import ArgumentParser
import Foundation
import Thaw
import ThawGraph
import ThawTraining

/// `thaw explain`.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows what the compiler makes of a model: its passes, the kernels that run, memory, and times.",
    discussion: """
      Inputs are made up unless they are given. Times are medians over runs of two seconds together. Of a step that \
      trains, what is shown goes from the inputs to the gradients.

      Example: thaw explain model.onnx --train --profile --sort
      """)

  @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Flag(help: "Explains a training step instead of inference.") var train = false
  @Option(
    name: .customLong("loss"),
    help: "What the step makes small; output:NAME is an output of the model, a single number.")
  var loss = LossName.crossEntropy
  @OptionGroup(title: "Training") var layers: ModelOptions
  @Option(help: "The samples of a batch (default: what the file declares, or 1).") var batch: Int?
  @Option(help: "The size of an axis that the file leaves open, by its name there; repeatable.") var size: [NamedSize] =
    []
  @Option(name: .customLong("inputs"), help: "A .npz or .npy file, or a folder of input_*.pb.", completion: .file())
  var file: String?
  @Option(help: "Leaves out a pass of the compiler; repeatable.") var without: [PassName] = []
  @Flag(help: "Computes convolutions as they are defined, never by Winograd's algorithm.") var exactConvolution = false
  @Flag(help: "Runs the program and shows how long each step takes.") var profile = false
  @Flag(help: "Shows the slowest steps first.") var sort = false
  @OptionGroup(title: "Execution") var compute: ComputeOptions
  @Flag(help: "Prints JSON.") var json = false

  func validate() throws {
    if let batch, batch < 1 { throw ValidationError("--batch should be at least 1 and is \(batch)") }
    guard !sort || profile else { throw ValidationError("--sort needs --profile") }
  }

  func run() throws {
    let execution = compute.deterministic ? Execution.compiled.deterministic : .compiled
    try compute.run(execution: execution) {
      let model = try layers.prepared(opening.open(model), seed: 0)
      let given = try layers.inputs.tensors(for: model)
      let read = try file.map { try ModelInputs(at: $0, for: model, except: Set(given.keys)).tensors } ?? [:]
      let inputs = try model.randomInputs(
        batch: batch, sizes: Dictionary(size.map { ($0.name, $0.size) }) { $1 }, given: read.merging(given) { $1 })
      let explanation = try Activity.run(profile ? "compiling and timing" : "compiling") {
        try execution.run {
          try Explanation(
            model, inputs: inputs, loss: train ? loss.withDefaults : nil, output: layers.output,
            batchNormalization: layers.batchNorm.mode,
            options: CompilerOptions(
              disabled: Set(without.map(\.pass)), usesExactConvolution: exactConvolution),
            profiles: profile)
        }
      }
      if json {
        Console.line(try Inspect.json(explanation))
      } else {
        Console.line(ExplanationText(explanation, isSorted: sort).text(width: Console.width))
      }
      return 1
    }
  }
}

/// The size of an axis by its name, `NAME=NUMBER`.
struct NamedSize: ExpressibleByArgument {
  let name: String
  let size: Int

  init?(argument: String) {
    guard let separator = argument.lastIndex(of: "="), separator > argument.startIndex,
      let size = Int(argument[argument.index(after: separator)...]), size > 0
    else { return nil }
    name = String(argument[..<separator])
    self.size = size
  }
}
