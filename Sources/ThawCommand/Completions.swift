import ArgumentParser
import Thaw

/// `thaw completions`.
struct Completions: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completions",
    abstract: "Prints what makes a shell complete the command's words: bash, zsh or fish.",
    discussion: """
      For bash, evaluate it in ~/.bashrc:  source <(thaw completions bash)
      For zsh, put it into a folder of $fpath:  thaw completions zsh > ~/.zfunc/_thaw
      For fish:  thaw completions fish > ~/.config/fish/completions/thaw.fish

      Example: thaw completions bash
      """)

  @Argument(help: "The shell.") var shell: Shell

  enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

  func run() throws {
    let shell: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    Console.line(Command.completionScript(for: shell))
  }
}

extension CompletionKind {
  /// A model's file.
  static var model: CompletionKind { .file(extensions: ["onnx", "gz"]) }
}
