import ArgumentParser
import ThawTypes

/// `thaw-bench`: times Thaw.
@main struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thaw-bench", abstract: "Times Thaw: a table, or a line of JSON a figure.", version: Release.version,
    subcommands: [Network.self, OperatorTimes.self, Load.self, Save.self, Start.self])
}
