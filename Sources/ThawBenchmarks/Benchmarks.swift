import ArgumentParser

/// `thaw-bench`: times Thaw.
@main struct Benchmarks: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thaw-bench", abstract: "Times Thaw; a JSON line a figure.", subcommands: [Network.self])
}
