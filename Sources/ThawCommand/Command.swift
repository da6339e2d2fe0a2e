import ArgumentParser
import Foundation
import Thaw
import ThawTypes

/// `thaw`: fine-tunes ONNX models.
@main struct Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thaw",
    abstract: "Opens ONNX models, shows what in them trains, fine-tunes them and writes them back as ONNX.",
    discussion: "Exit codes: 0 done, 1 the model or the data is at fault, 2 the command line is, 130 interrupted.",
    version: Release.version,
    subcommands: [
      Finetune.self, Evaluate.self, Run.self, Inspect.self, Explain.self, Check.self, Diff.self, Freeze.self,
      Unfreeze.self,
      Convert.self, Extract.self, Rename.self, Merge.self, Average.self, Weights.self, Conformance.self,
      OperatorList.self, Tutorial.self,
    ])

  static func main() {
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
    Console.error("thaw: \(message(for: error).singleLine); see `thaw\(subcommand) --help`")
    Foundation.exit(2)
  }

  private static func finish(running error: any Error) -> Never {
    // Help that was asked for comes as an error of the command that would have shown it.
    if exitCode(for: error) == .success { finish(parsing: error) }
    // A command that has said all there is to say ends with a code alone.
    if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
    Console.error("thaw: \(error)")
    let isInterrupted = (error as? TrainingError)?.kind == .interrupted
    Foundation.exit(isInterrupted ? Interruption.exitCode ?? 1 : 1)
  }
}

extension String {
  /// The text without its line breaks and its last full stop.
  fileprivate var singleLine: String {
    let line = split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    return line.hasSuffix(".") ? String(line.dropLast()) : line
  }
}
