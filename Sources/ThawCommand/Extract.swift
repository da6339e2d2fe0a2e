import ArgumentParser
import Thaw

/// `thaw extract`.
struct Extract: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Takes the part of a model between named values.",
    discussion: """
      Without --from the part begins at the model's inputs, without --to it ends at its outputs.

      Example: thaw extract model.onnx --to features -o body.onnx
      """)

  @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Option(name: .customLong("from"), help: "A value that the part is given; repeatable.") var inputs: [String] = []
  @Option(name: .customLong("to"), help: "A value that it computes; repeatable.") var outputs: [String] = []
  @Option(name: [.customShort("o"), .long], help: "Where to save the part.", completion: .file()) var out: String
  @OptionGroup var saving: SavingOptions

  func run() throws {
    try TensorFile.checkWritable(out)
    let part = try opening.open(model)
      .extracted(inputs: inputs.isEmpty ? nil : inputs, outputs: outputs.isEmpty ? nil : outputs)
    try saving.save(part, to: out)
    for (name, type) in part.inputs { Console.line("input   \(name): \(type?.description ?? "unknown")") }
    for (name, type) in part.outputs { Console.line("output  \(name): \(type?.description ?? "unknown")") }
    Console.line("saved: \(out)")
  }
}
