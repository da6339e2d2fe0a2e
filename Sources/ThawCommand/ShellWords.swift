import Foundation

/// Words as a shell reads them.
enum ShellWords {
  /// The words as one line, those in quotes that a shell would read otherwise.
  static func line(_ words: [String]) -> String {
    words.map { word in
      let isPlain = !word.isEmpty && word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:,+%@".contains($0) }
      return isPlain ? word : "'" + word.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }.joined(separator: " ")
  }

  /// The command line that goes on from a checkpoint with what `words` have begun.
  static func resuming(_ words: [String], from checkpoint: String) -> String {
    var kept: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--resume" {
        _ = rest.popFirst()
      } else if !word.hasPrefix("--resume=") {
        kept.append(word)
      }
    }
    return line(kept + ["--resume", checkpoint])
  }
}
