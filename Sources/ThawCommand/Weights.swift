import ArgumentParser
import Thaw

/// `thaw weights`.
struct Weights: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Writes a model's weights to a .safetensors or .npz file by name, or takes them from one.",
    discussion: """
      Examples: thaw weights export model.onnx -o weights.safetensors
                thaw weights import model.onnx weights.safetensors -o new.onnx
      """,
    subcommands: [Export.self, Import.self])

  /// `thaw weights export`.
  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the weights to a file.",
      discussion: "Example: thaw weights export model.onnx -o weights.safetensors")

    @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
    @OptionGroup(title: "Opening") var opening: OpeningOptions
    @Option(name: [.customShort("o"), .long], help: "The file, named .safetensors or .npz.", completion: .file())
    var out: String

    func run() throws {
      _ = try WeightFile.Format(path: out)
      try TensorFile.checkWritable(out)
      let opened = try opening.open(model)
      let names = try Activity.run("saving \(out)") { try opened.exportWeights(to: out) }
      Console.line("saved: \(names.count) tensors to \(out)")
    }
  }

  /// `thaw weights import`.
  struct Import: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gives a model the weights of a file.",
      discussion: "Example: thaw weights import model.onnx weights.safetensors -o new.onnx")

    @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
    @Argument(help: "The file, named .safetensors or .npz.", completion: .file(extensions: ["safetensors", "npz"]))
    var weights: String
    @OptionGroup(title: "Opening") var opening: OpeningOptions
    @Flag(help: "Converts numbers of another type.") var cast = false
    @Flag(help: "Takes what matches, and says what does not.") var partial = false
    @Option(
      name: [.customShort("o"), .long], help: "Where to save the model; may be the same file.", completion: .file())
    var out: String
    @OptionGroup var saving: SavingOptions

    func run() throws {
      try TensorFile.checkWritable(out)
      let opened = try opening.open(model)
      let result = try Activity.run("reading \(weights)") {
        try opened.importingWeights(from: weights, casts: cast, isPartial: partial)
      }
      try saving.save(result.model, to: out)
      Console.line("taken: \(result.matched.count) tensors")
      if !result.missing.isEmpty { Console.line("not in the file: \(result.missing.joined(separator: ", "))") }
      if !result.unexpected.isEmpty { Console.line("not in the model: \(result.unexpected.joined(separator: ", "))") }
      Console.line("saved: \(out)")
    }
  }
}
