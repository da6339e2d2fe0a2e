import ArgumentParser
import Thaw

/// `thaw freeze`.
struct Freeze: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "freeze", abstract: "Freezes parameters of a model: they train no more.",
    discussion: "Example: thaw freeze model.onnx 'features.*' -o model.onnx")

  @OptionGroup var arguments: RoleArguments

  func run() throws { try arguments.change { try $0.freeze($1) } }
}

/// What `freeze` and `unfreeze` take.
struct RoleArguments: ParsableArguments {
  @Argument(help: "The model, an .onnx file.", completion: .model) var model: String
  @Argument(help: "Names of parameters or of nodes that read them; * and ? stand for what varies.")
  var patterns: [String]
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Option(
    name: [.customShort("o"), .long], help: "Where to save the model; may be the same file.", completion: .file())
  var out: String
  @OptionGroup var saving: SavingOptions

  /// Opens the model, changes roles pattern by pattern, says what the roles are now, and saves.
  func change(_ change: (Model, String) throws -> Void) throws {
    try TensorFile.checkWritable(out)
    let model = try opening.open(model)
    for pattern in patterns { try change(model, pattern) }
    try saving.save(model, to: out)
    Console.line("\(ParameterReport(model.parameters))")
    Console.line("saved: \(out)")
  }
}
