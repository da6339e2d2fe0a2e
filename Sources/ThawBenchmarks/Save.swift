import ArgumentParser
import Foundation
import Thaw
import ThawTraining

/// `thaw-bench save`: saving a large model, beside the disk's own speed.
struct Save: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "save",
    abstract: "MB/s of saving a large model, and of the same bytes written and synced without Thaw.")

  @OptionGroup var options: LargeModelOptions

  func run() throws {
    let large = try LargeModel(megabytes: options.megabytes)
    defer { large.remove() }
    let model = try Model(contentsOf: large.path)
    var (saved, written): ([Double], [Double]) = ([], [])
    // In turn, so that a disk that grows slower does so for both.
    for _ in 0..<options.rounds {
      saved.append(
        try Timing.measure(seconds: 0, warmUp: 0, minimum: 1) { try model.save(to: "\(large.folder)/saved.onnx") }
          .milliseconds)
      written.append(
        try Timing.measure(seconds: 0, warmUp: 0, minimum: 1) {
          try write(large.byteCount, to: "\(large.folder)/plain")
        }.milliseconds)
    }
    let (time, plain) = (Timing(saved), Timing(written))
    func speed(_ milliseconds: Double) -> Double { (Double(large.byteCount) / milliseconds / 1000).rounded3 }
    var output = FigureOutput<SaveFigure>(json: options.json)
    try output.add(
      SaveFigure(
        peer: peer, figure: "save", mb: large.byteCount / 1_000_000, ms: time.milliseconds.rounded3,
        spreadMs: time.spread.rounded3, mbPerS: speed(time.milliseconds), diskMbPerS: speed(plain.milliseconds)))
    output.finish()
  }

  /// What the disk takes: zeros, written in large pieces and synced.
  private func write(_ count: Int, to path: String) throws {
    let piece = Data(count: 1 << 22)
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    defer { try? file.close() }
    var left = count
    while left > 0 {
      try file.write(contentsOf: left < piece.count ? piece.prefix(left) : piece)
      left -= min(left, piece.count)
    }
    try file.synchronize()
    try FileManager.default.removeItem(atPath: path)
  }
}

struct SaveFigure: Figure {
  let peer: String
  let figure: String
  let mb: Int
  let ms: Double
  let spreadMs: Double
  let mbPerS: Double
  let diskMbPerS: Double

  static var columns: [TextTable.Column] {
    [.left("figure"), .right("MB"), .right("ms"), .right("spread"), .right("MB/s"), .right("disk's MB/s")]
  }

  var cells: [String] { [figure, "\(mb)", ms.short, spreadMs.short, mbPerS.short, diskMbPerS.short] }
}
