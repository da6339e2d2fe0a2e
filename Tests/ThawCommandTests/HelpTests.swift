import ArgumentParser
import Foundation
import Testing

@testable import ThawCommand

@Suite("Help, completions, manual pages") struct HelpTests {
  /// Every command with the way to it.
  private static let commands: [(path: [String], type: any ParsableCommand.Type)] = {
    func all(_ type: any ParsableCommand.Type, _ path: [String]) -> [([String], any ParsableCommand.Type)] {
      let path = path + [type._commandName]
      return [(path, type)] + type.configuration.subcommands.flatMap { all($0, path) }
    }
    return all(Command.self, [])
  }()

  /// A line's words, as a shell has them up to a pipe or a redirection.
  private func words(_ line: String) -> [String] {
    var (words, word, quote) = ([String](), "", Character?.none)
    for character in line + " " {
      switch (character, quote) {
      case ("'", nil): quote = "'"
      case ("'", "'"?): quote = nil
      case (" ", nil):
        if !word.isEmpty { words.append(word) }
        word = ""
      default: word.append(character)
      }
    }
    return words.prefix { $0 != "|" && $0 != ">" }.map { $0 }
  }

  @Test("every command's help has an example, and every example parses")
  func examples() throws {
    #expect(Self.commands.count > 18)
    for (path, type) in Self.commands {
      let lines = CommandExample.lines(in: type.configuration.discussion)
      #expect(!lines.isEmpty, "\(path)")
      for line in lines {
        let words = words(line)
        #expect(words.starts(with: path), "\(path): \(line)")
        #expect(throws: Never.self, "\(line)") { _ = try Command.parseAsRoot(Array(words.dropFirst())) }
      }
    }
  }

  @Test("help shows the example")
  func help() {
    for (path, type) in Self.commands {
      #expect(Command.helpMessage(for: type, columns: 80).contains("Example"), "\(path)")
    }
  }

  @Test("where files are not there, every command says so in one line and ends with 1")
  func errors() throws {
    try Thaw.withFolder { folder in
      var failed = 0
      for (path, type) in Self.commands {
        for line in CommandExample.lines(in: type.configuration.discussion) {
          let result = try Thaw.run(Array(words(line).dropFirst()), in: folder)
          #expect(result.code == 0 ? result.error.isEmpty : result.code == 1, "\(line): \(result.error)")
          // These tell it of each of several, among what they found.
          guard result.code != 0, path != ["thaw", "conformance"], path != ["thaw", "check"] else { continue }
          failed += 1
          let lines = result.error.split(separator: "\n", omittingEmptySubsequences: false)
          #expect(lines.count == 2 && lines[1].isEmpty && lines[0].hasPrefix("thaw: "), "\(line): \(result.error)")
        }
      }
      #expect(failed > 15)
    }
  }

  @Test(
    "completions: bash completes subcommands and models' files",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/bin/bash")))
  func completions() throws {
    try Thaw.withFolder { folder in
      try SmallModels.write(to: folder)
      let script = try Thaw.run(["completions", "bash"], in: folder)
      #expect(script.code == 0)
      try script.output.write(toFile: "\(folder)/thaw.bash", atomically: true, encoding: .utf8)
      func complete(_ words: String...) throws -> [String] {
        let list = words.map { "'\($0)'" }.joined(separator: " ")
        let shell = Process()
        let output = Pipe()
        shell.executableURL = URL(filePath: "/bin/bash")
        shell.arguments = [
          "-c",
          "source thaw.bash; COMP_WORDS=(thaw \(list)); COMP_CWORD=\(words.count); COMP_LINE=\"${COMP_WORDS[*]}\"; "
            + "COMP_POINT=${#COMP_LINE}; COMP_TYPE=9; _thaw thaw '\(words.last ?? "")' '' 2>/dev/null; "
            + "printf '%s\\n' \"${COMPREPLY[@]}\"",
        ]
        shell.currentDirectoryURL = URL(filePath: folder)
        shell.standardOutput = output
        try shell.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        shell.waitUntilExit()
        return text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      }
      #expect(try complete("insp").contains("inspect"))
      #expect(try complete("inspect", "--sha").contains("--shapes"))
      let files = try complete("inspect", "")
      #expect(files.contains("model.onnx") && !files.contains("data.npz"), "\(files)")
    }
  }

  @Test("completions for other shells", arguments: [("zsh", "#compdef thaw"), ("fish", "complete -c 'thaw'")])
  func otherShells(shell: String, text: String) throws {
    let script = try Thaw.run(["completions", shell], in: ".")
    #expect(script.code == 0 && script.output.contains(text))
    for (path, _) in Self.commands { #expect(script.output.contains(path.last ?? ""), "\(path)") }
    #expect(try Thaw.run(["completions", "csh"], in: ".").code == 2)
  }

  @Test("manual pages: one for each command, each with all its options and examples")
  func manual() throws {
    try Thaw.withFolder { folder in
      let result = try Thaw.run(["manual", "-o", "man1"], in: folder)
      #expect(result.output == "saved: \(Self.commands.count) pages to man1\n", "\(result.error)")
      for (path, type) in Self.commands {
        let page = try String(contentsOfFile: "\(folder)/man1/\(path.joined(separator: "-")).1", encoding: .utf8)
        #expect(page.hasPrefix(".TH \(path.joined(separator: "-").uppercased()) 1 "))
        let plain = page.replacingOccurrences(of: "\\-", with: "-")
        let help = Command.helpMessage(for: type, columns: 200)
        for option in help.matches(of: /\n  .*?(--[a-z][a-z-]+)/) {
          #expect(plain.contains(option.1), "\(path) \(option.1)")
        }
        for example in CommandExample.lines(in: type.configuration.discussion) { #expect(plain.contains(example)) }
        let macros = page.split(separator: "\n").filter { $0.hasPrefix(".") }.map { $0.prefix { $0 != " " } }
        #expect(Set(macros).isSubset(of: [".TH", ".SH", ".B", ".BR", ".PP", ".TP", ".nf", ".fi"]), "\(path)")
      }
      let one = try Thaw.run(["manual", "weights", "export"], in: folder)
      #expect(try one.output == String(contentsOfFile: "\(folder)/man1/thaw-weights-export.1", encoding: .utf8))
      let none = try Thaw.run(["manual", "nothing"], in: folder)
      #expect(none.code == 2 && none.error == "thaw: there is no subcommand 'nothing'; see `thaw manual --help`\n")
    }
  }

  @Test("sizes are written one way")
  func sizes() {
    let cases: [(String, Int?)] = [
      ("1000", 1000), ("64K", 65_536), ("64kB", 64_000), ("1.5MiB", 1_572_864), ("2 GB", 2_000_000_000),
      ("1T", 1 << 40),
      ("8G", 8 << 30), ("500mb", 500_000_000), ("", nil), ("0", nil), ("-1", nil), ("many", nil), ("5Q", nil),
      ("1e30", nil), ("99999999999T", nil),
    ]
    for (text, count) in cases { #expect((try? ByteCount(argument: text))?.count == count, "\(text)") }
  }

  @Test("the command line that goes on")
  func resuming() {
    let words = ["thaw", "finetune", "it's.onnx", "--resume", "a.npz", "--freeze", "f.*", "--resume=b"]
    #expect(
      ShellWords.resuming(words, from: "c d.npz") == "thaw finetune 'it'\\''s.onnx' --freeze 'f.*' --resume 'c d.npz'")
  }
}
