import ArgumentParser
import Thaw

/// `thaw check`.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Finds what is wrong with models: structure, types, shapes, external data, roles, weights, trainability.",
    discussion: """
      Lists all problems of each file in one run, each with its place and what to do. An error breaks a rule of ONNX, or \
      cannot be computed; a warning is wrong all the same; a note is good to know. Nothing is run.

      Exit code 0 when nothing is worse than a note, 3 when something is a warning and nothing an error, 1 when \
      something is an error.

      Examples: thaw check model.onnx
                thaw check *.onnx --quiet
                thaw check model.onnx --json
      """)

  @Argument(help: "The models, .onnx files.", completion: .model) var models: [String]
  @Flag(help: "Reads external data also through symbolic links that lead out of the model's folder.")
  var allowLinks = false
  @Flag(help: "Prints a list with one JSON object for each file.") var json = false
  @Flag(help: "Leaves out notes, and files with nothing else.") var quiet = false

  func run() throws {
    var checks: [ModelCheck] = []
    for path in models {
      let check = Activity.run("checking \(path)") { ModelCheck(contentsOf: path, allowLinks: allowLinks) }
      checks.append(check)
      let text = CheckText(check, showsNotes: !quiet).text
      if !json, !text.isEmpty { Console.line(text) }
    }
    if json { Console.line(try Inspect.json(checks)) }
    let levels = checks.compactMap(\.worst)
    if levels.contains(.error) { throw ExitCode(1) }
    if levels.contains(.warning) { throw ExitCode(3) }
  }
}
