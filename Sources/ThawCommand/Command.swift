import ArgumentParser
import Foundation
import Thaw
import ThawTypes

/// `thaw`: fine-tunes ONNX models.
@main struct Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thaw",
    abstract: "Opens ONNX models, shows what in them trains, fine-tunes them and writes them back as ONNX.",
    discussion: """
      Results go to standard output; notes, errors and progress to standard error. Colours and progress appear on a \
      terminal only; NO_COLOR switches colours off.

      \(exitCodes)

      Examples: thaw inspect model.onnx
                thaw finetune model.onnx --data train.npz -o tuned.onnx
      """,
    version: Release.version,
    subcommands: [
      Finetune.self, Evaluate.self, Run.self, Inspect.self, Explain.self, Check.self, Draw.self, Diff.self, Freeze.self,
      Unfreeze.self, Convert.self, Extract.self, Rename.self, Merge.self, Average.self, Weights.self, Conformance.self,
      OperatorList.self, Tutorial.self, Completions.self, Manual.self,
    ])

  /// What the code says with which a command ends.
  static let exitCodes =
    "Exit codes: 0 done, 1 the model or the data is at fault (of diff: something differs), 2 the command line is, 3 "
    + "check found warnings and no errors, 130 and 143 ended by Ctrl-C or SIGTERM."

  static func main() {
    // Who reads no further wants no more; a parent may have said otherwise.
    signal(SIGPIPE, SIG_DFL)
    Interruption.erasesStatusLine()
    let command: any ParsableCommand
    do {
      command = try parseAsRoot()
    } catch {
      finish(parsing: error)
    }
    do {
      var command = command
      try command.run()
    } catch {
      finish(running: error)
    }
  }

  /// Ends with help that was asked for, or with one sentence about a wrong command line.
  private static func finish(parsing error: any Error) -> Never {
    guard exitCode(for: error) != .success else {
      Console.line(fullMessage(for: error))
      Foundation.exit(0)
    }
    let names = configuration.subcommands.compactMap { $0.configuration.commandName }
    let subcommand = CommandLine.arguments.dropFirst().first.flatMap { names.contains($0) ? " \($0)" : nil } ?? ""
    Console.failure("\(message(for: error).singleLine); see `thaw\(subcommand) --help`")
    Foundation.exit(2)
  }

  private static func finish(running error: any Error) -> Never {
    // Help that was asked for comes as an error of the command that would have shown it.
    if exitCode(for: error) == .success { finish(parsing: error) }
    // A command that has said all there is to say ends with a code alone.
    if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
    // What only the run could find out of the command line.
    if error is ValidationError { finish(parsing: error) }
    Console.failure("\(error)")
    Foundation.exit(1)
  }
}

extension String {
  /// The text without its line breaks and its last full stop.
  fileprivate var singleLine: String {
    let line = split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    return line.hasSuffix(".") ? String(line.dropLast()) : line
  }
}
