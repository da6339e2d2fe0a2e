import ArgumentParser
import Thaw

/// `thaw diff`.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Shows what differs between two models: structure, weights, roles, opsets, metadata.",
    discussion: """
      Nodes and tensors are matched by what they do and what they are connected to, not by name or order. Names inside \
      are told and are no difference. Exit code 0 when nothing differs, 1 when something does.

      Example: thaw diff model.onnx tuned.onnx
      """)

  @Argument(help: "The first model, an .onnx file.", completion: .model) var first: String
  @Argument(help: "The second model.", completion: .model) var second: String
  @OptionGroup(title: "Opening") var opening: OpeningOptions
  @Flag(help: "Prints JSON.") var json = false
  @Flag(help: "Prints nothing; the exit code tells.") var quiet = false

  func run() throws {
    let models = try (opening.open(first), opening.open(second))
    let difference = try Activity.run("comparing") { try ModelDifference(models.0, models.1) }
    if !quiet { Console.line(json ? try Inspect.json(difference) : DifferenceText(difference).text) }
    if difference.isDifferent { throw ExitCode(1) }
  }
}
