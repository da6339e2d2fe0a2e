import Foundation

/// A file to which a run adds lines of JSON, one an epoch and perhaps one every so many steps.
///
/// Each line is written by one call at the end of the file, so that it is there whole or not at all. `run` tells the
/// runs in a file apart.
final class TrainingLog {
  private let path: String
  private let run: String
  private let descriptor: CInt

  /// Opens the file, and makes it where there is none.
  ///
  /// - Parameters:
  ///   - run: what this run's lines are marked with.
  ///   - state: where this run stands; its lines about what comes after, which will come again, are cut off.
  /// - Throws: `TrainingError` of kind `setting` when it cannot be written.
  init(_ path: String, run: String, after state: TrainingState) throws {
    self.path = path
    self.run = run
    descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.error(path) }
    var status = stat()
    // A terminal or a pipe has nothing to cut.
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { try cut(after: state) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds a line about an epoch.
  ///
  /// - Parameter step: all steps that are done.
  func add(_ report: EpochReport, step: Int) throws {
    var fields = [("event", "\"epoch\""), ("epoch", "\(report.epoch)"), ("step", "\(step)")]
    fields += report.evaluation.values.map { ($0.name, Self.number($0.value)) }
    fields += report.validation?.values.map { ("validation_\($0.name)", Self.number($0.value)) } ?? []
    if report.validation != nil { fields.append(("best", "\(report.isBest)")) }
    fields += [("lr", Self.numbers(report.learningRates)), ("seconds", Self.number(report.seconds))]
    try write(fields)
  }

  /// Adds a line about a step.
  ///
  /// - Parameter seconds: those that the epoch has taken so far.
  func add(_ progress: TrainingProgress, step: Int, learningRates: [Double], seconds: Double) throws {
    try write([
      ("event", "\"step\""), ("epoch", "\(progress.epoch)"), ("step", "\(step)"),
      ("loss", Self.number(progress.loss)), ("lr", Self.numbers(learningRates)), ("seconds", Self.number(seconds)),
    ])
  }

  private func write(_ fields: [(name: String, value: String)]) throws {
    let members = [("run", "\"\(run)\"")] + fields
    let line = "{" + members.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}\n"
    let bytes = Array(line.utf8)
    guard Foundation.write(descriptor, bytes, bytes.count) == bytes.count else { throw Self.error(path) }
  }

  /// JSON has no infinity and no NaN.
  private static func number(_ value: Double) -> String { value.isFinite ? "\(value)" : "null" }

  /// A number where there is one group of parameters, else a list.
  private static func numbers(_ values: [Double]) -> String {
    values.count == 1 ? number(values[0]) : "[" + values.map(number).joined(separator: ",") + "]"
  }

  /// Cuts off this run's lines about what comes later, as far as they stand at the end.
  private func cut(after state: TrainingState) throws {
    struct Line: Decodable {
      let run: String
      let event: String
      let epoch: Int
      let step: Int
    }
    guard let content = FileManager.default.contents(atPath: path), !content.isEmpty else { return }
    var end = content.endIndex
    while end > content.startIndex {
      let start = content[..<(end - 1)].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? content.startIndex
      let line = try? JSONDecoder().decode(Line.self, from: content[start..<end])
      guard let line, line.run == run else { break }
      guard line.step > state.step || (line.event == "epoch" && line.epoch > state.epoch) else { break }
      end = start
    }
    if end < content.endIndex { guard ftruncate(descriptor, off_t(end)) == 0 else { throw Self.error(path) } }
    // A line that somebody left unfinished should not take ours in.
    if end > content.startIndex, content[end - 1] != UInt8(ascii: "\n") {
      guard Foundation.write(descriptor, "\n", 1) == 1 else { throw Self.error(path) }
    }
  }

  private static func error(_ path: String) -> TrainingError {
    TrainingError(.setting, "the log \(path) cannot be written: \(String(cString: strerror(errno)))")
  }
}
