import ArgumentParser
import Foundation
import Thaw
import ThawGraph

/// `thaw conformance`.
struct Conformance: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Runs cases of ONNX's backend tests and compares what comes out.",
    discussion: """
      A case is a folder with model.onnx and test_data_set_*/input_*.pb and output_*.pb, or with these files beside the \
      model; the folders given are searched for cases. Each case gives a line of JSON with its folder (dir), status \
      (pass, fail, unsupported or error) and what is wrong (detail); then come the totals for each operator. Floating \
      numbers may differ by rtol 1e-3 and atol 1e-7, or as data.json in the case's folder says.

      Example: thaw conformance onnx/backend/test/data/node
      """)

  @Argument(help: ArgumentHelp("Folders of cases.", valueName: "dir"), completion: .directory) var folders: [String] =
    []
  @Option(help: "A file that names more folders, one a line.", completion: .file()) var list: String?
  @Option(help: "Where to write what was computed, as <folder>/<case>/<data set>/output_<i>.pb.") var out: String?
  @Option(help: "How the models are computed: eager or compiled.") var runtime = RuntimeArgument.compiled
  @OptionGroup(title: "Opening") var opening: OpeningOptions

  func validate() throws {
    guard !folders.isEmpty || list != nil else {
      throw ValidationError("there should be a folder of cases, or --list FILE")
    }
  }

  func run() throws {
    var totals = ConformanceTotals()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let cases = try folders.flatMap(ConformanceCase.folders) + listed()
    for (number, folder) in cases.enumerated() {
      StatusLine.show("case \(number + 1) of \(cases.count): \(folder)")
      let result = ConformanceCase(folder).run(
        execution: runtime.execution, limits: opening.limits, allowLinks: opening.allowLinks, writingTo: out)
      totals.add(result)
      Console.line(String(decoding: try encoder.encode(result), as: UTF8.self))
    }
    Console.line(totals.text)
  }

  /// The cases of the folders that the file names; one that is not there is a case that fails.
  private func listed() throws -> [String] {
    guard let list else { return [] }
    guard let data = FileManager.default.contents(atPath: list) else { throw FileError(.notReadable, path: list) }
    return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      .flatMap { folder in (try? ConformanceCase.folders(in: folder)) ?? [folder] }
  }
}

/// How models are computed, as it is written on the command line.
enum RuntimeArgument: String, ExpressibleByArgument, CaseIterable {
  case eager, compiled

  var execution: Execution { self == .eager ? .eager : .compiled }
}

/// How many cases ended in which way: in all, and of each operator.
struct ConformanceTotals {
  private typealias Counts = [ConformanceResult.Status: Int]
  private var all: Counts = [:]
  private var byOperator: [String: Counts] = [:]

  mutating func add(_ result: ConformanceResult) {
    all[result.status, default: 0] += 1
    for name in result.operators { byOperator[name, default: [:]][result.status, default: 0] += 1 }
  }

  /// A line for each operator, and one for all cases.
  var text: String {
    let rows = byOperator.sorted { $0.key < $1.key } + [("all", all)]
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, counts in
      let total = counts.values.reduce(0, +)
      let others = ConformanceResult.Status.allCases.dropFirst().compactMap { status in
        counts[status].map { ", \($0) \(status.rawValue)" }
      }
      return "\(name.padded(to: width))  \(counts[.pass] ?? 0) of \(total) pass\(others.joined())"
    }.joined(separator: "\n")
  }
}
