import ArgumentParser
import Thaw
import ThawTraining

/// `thaw-bench load`: opening a large model.
struct Load: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Milliseconds to open a large model, which is made for it.")

  @OptionGroup var options: LargeModelOptions

  func run() throws {
    let large = try LargeModel(megabytes: options.megabytes)
    defer { large.remove() }
    let timing = try Timing.measure(seconds: 0, warmUp: 1, minimum: options.rounds) {
      _ = try Model(contentsOf: large.path).parameters.count
    }
    var output = FigureOutput<LoadFigure>(json: options.json)
    try output.add(
      LoadFigure(
        peer: peer, figure: "load", mb: large.byteCount / 1_000_000, ms: timing.milliseconds.rounded3,
        spreadMs: timing.spread.rounded3))
    output.finish()
  }
}

struct LoadFigure: Figure {
  let peer: String
  let figure: String
  let mb: Int
  let ms: Double
  let spreadMs: Double

  static var columns: [TextTable.Column] { [.left("figure"), .right("MB"), .right("ms"), .right("spread")] }
  var cells: [String] { [figure, "\(mb)", ms.short, spreadMs.short] }
}
