import ArgumentParser
import Foundation
import Thaw
import ThawONNX
import ThawTypes

/// `thaw manual`.
struct Manual: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual",
    abstract: "Writes the manual pages, or prints one.",
    discussion: """
      A page is of the form that man reads. With -o, all pages go into a folder, thaw.1 and one for each subcommand; \
      man finds them in ~/.local/share/man/man1 or /usr/local/share/man/man1.

      Examples: thaw manual finetune | man -l -
                thaw manual -o ~/.local/share/man/man1
      """)

  @Argument(help: ArgumentHelp("The subcommand whose page to print.", valueName: "subcommand"))
  var subcommand: [String] = []
  @Option(name: [.customShort("o"), .long], help: "The folder to write all pages to.", completion: .directory)
  var out: String?

  func validate() throws {
    guard out == nil || subcommand.isEmpty else {
      throw ValidationError("give a subcommand whose page to print, or -o FOLDER for all pages")
    }
  }

  func run() throws {
    let pages = try ManualPage.all()
    guard let out else {
      let name = (["thaw"] + subcommand).joined(separator: "-")
      guard let page = pages.first(where: { $0.name == name }) else {
        throw ValidationError("there is no subcommand '\(subcommand.joined(separator: " "))'")
      }
      return Console.line(page.text)
    }
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    for page in pages {
      try AtomicFile.write(to: "\(out)/\(page.name).1") { file throws(FileError) in
        try file.write(Array((page.text + "\n").utf8))
      }
    }
    Console.line("saved: \(pages.count) pages to \(out)")
  }
}

/// A page of the manual, in the language of man's macros.
struct ManualPage {
  let name: String
  let text: String

  /// What the parser tells of a command; the rest of it is of no use here.
  private struct Info: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable {
        let kind: String
        let name: String
      }
      let kind: String
      let shouldDisplay: Bool
      let sectionTitle: String?
      let isOptional: Bool
      let isRepeating: Bool
      let names: [Name]?
      let valueName: String?
      let defaultValue: String?
      let allValues: [String]?
      let abstract: String?
    }
    let commandName: String
    let abstract: String?
    let discussion: String?
    let subcommands: [Info]?
    let arguments: [Argument]?
  }

  /// The page of the command, and of each that it has.
  static func all() throws -> [ManualPage] {
    struct Tool: Decodable { let command: Info }
    let tool = try JSONDecoder().decode(Tool.self, from: Data(Command._dumpHelp().utf8))
    func pages(_ info: Info, _ path: [String]) -> [ManualPage] {
      let path = path + [info.commandName]
      let inner = (info.subcommands ?? []).filter { $0.commandName != "help" }
      return [ManualPage(info, path, inner.map(\.commandName))] + inner.flatMap { pages($0, path) }
    }
    return pages(tool.command, [])
  }

  private init(_ info: Info, _ path: [String], _ inner: [String]) {
    name = path.joined(separator: "-")
    let shown = (info.arguments ?? []).filter(\.shouldDisplay)
    var lines = [
      ".TH \(name.uppercased()) 1 \"\" \"thaw \(Release.version)\"", ".SH NAME",
      "\(Self.plain(name)) \\- \(Self.plain(info.abstract ?? ""))", ".SH SYNOPSIS",
      ".B \(Self.plain(path.joined(separator: " ")))",
    ]
    lines += shown.filter { !$0.isOptional || $0.kind == "positional" }.map(Self.synopsis)
    lines.append(inner.isEmpty ? "[\\fIoptions\\fR]" : "\\fIsubcommand\\fR")
    if let discussion = info.discussion { lines += [".SH DESCRIPTION"] + Self.paragraphs(discussion) }
    if !inner.isEmpty {
      lines.append(".SH SUBCOMMANDS")
      for command in info.subcommands ?? [] where inner.contains(command.commandName) {
        lines += [
          ".TP", ".BR \(Self.plain((path + [command.commandName]).joined(separator: "-"))) (1)",
          Self.plain(command.abstract ?? ""),
        ]
      }
    }
    var sections: [String] = []
    for argument in shown {
      let title = argument.sectionTitle ?? (argument.kind == "positional" ? "Arguments" : "Options")
      if !sections.contains(title) { sections.append(title) }
    }
    for section in sections {
      lines.append(".SH \(section.uppercased())")
      for argument in shown
      where (argument.sectionTitle ?? (argument.kind == "positional" ? "Arguments" : "Options")) == section {
        lines += [".TP", Self.title(argument), Self.explanation(argument)]
      }
    }
    lines += [".SH EXIT STATUS", Self.plain(Command.exitCodes)]
    if path.count > 1 { lines += [".SH SEE ALSO", ".BR thaw (1)"] }
    text = lines.joined(separator: "\n")
  }

  private static func synopsis(_ argument: Info.Argument) -> String {
    let text = argument.kind == "positional" ? "\\fI\(plain(argument.valueName ?? ""))\\fR" : title(argument)
    return (argument.isOptional ? "[\(text)]" : text) + (argument.isRepeating ? " ..." : "")
  }

  private static func title(_ argument: Info.Argument) -> String {
    let value = argument.kind == "flag" ? nil : argument.valueName.map { "\\fI\(plain($0))\\fR" }
    let names = (argument.names ?? []).map { "\\fB\(plain(($0.kind == "long" ? "--" : "-") + $0.name))\\fR" }
    return ([names.joined(separator: ", ")] + (value.map { [$0] } ?? [])).filter { !$0.isEmpty }.joined(separator: " ")
  }

  private static func explanation(_ argument: Info.Argument) -> String {
    var text = argument.abstract ?? ""
    if let values = argument.allValues, values.count > 1, argument.kind != "flag" {
      text += " Values: \(values.joined(separator: ", "))."
    }
    if let value = argument.defaultValue, argument.kind != "flag" { text += " Default: \(value)." }
    return plain(text)
  }

  /// Examples, and lines that are indented, keep their form.
  private static func paragraphs(_ text: String) -> [String] {
    text.components(separatedBy: "\n\n").flatMap { paragraph -> [String] in
      let lines = paragraph.split(separator: "\n").map { plain(String($0)) }
      let keepsForm = lines.count > 1 || CommandExample.isExample(paragraph)
      return [".PP"] + (keepsForm ? [".nf"] + lines + [".fi"] : lines)
    }
  }

  /// Text that means itself.
  private static func plain(_ text: String) -> String {
    let escaped = text.replacingOccurrences(of: "\\", with: "\\e").replacingOccurrences(of: "-", with: "\\-")
      .replacingOccurrences(of: "\n", with: " ")
    // Letters beyond ASCII by their numbers: not every roff reads UTF-8.
    let ascii = escaped.unicodeScalars.map { $0.isASCII ? String($0) : String(format: "\\[u%04X]", $0.value) }.joined()
    return ascii.first == "." || ascii.first == "'" ? "\\&" + ascii : ascii
  }
}

/// The command lines that a help text shows.
enum CommandExample {
  static func isExample(_ paragraph: String) -> Bool {
    paragraph.hasPrefix("Example:") || paragraph.hasPrefix("Examples:")
  }

  /// The command lines behind "Example:" or "Examples:", one a line.
  static func lines(in discussion: String) -> [String] {
    discussion.components(separatedBy: "\n\n").filter(isExample).flatMap { paragraph in
      paragraph.split(separator: "\n").map { line in
        let text = line.hasPrefix("Example") ? line.drop { $0 != ":" }.dropFirst() : line
        return text.trimmingCharacters(in: .whitespaces)
      }
    }
  }
}
