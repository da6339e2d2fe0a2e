import Foundation
import Thaw

/// Where the command speaks: results to standard output, troubles and the progress bar to standard error.
enum Console {
  static func line(_ text: String) {
    print(text)
    // Whoever reads through a pipe should see a line when it is there.
    fflush(nil)
  }

  /// Something a user should know about what is done.
  static func note(_ text: String) { line("note: \(text)") }

  static func error(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    // Nobody is left to tell when standard error is closed.
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Whether somebody watches standard error.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// How many characters fit into a line of standard output; 120 where that is no terminal.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 120 }
    return Int(size.ws_col)
  }
}

/// A bar that is drawn again after each step, on a terminal only.
struct ProgressBar {
  private let isShown = Console.isTerminal
  private static let width = 30

  func show(_ progress: TrainingProgress) {
    guard isShown else { return }
    draw(Self.text(progress))
  }

  /// - Parameter share: how much of some work is done.
  func show(_ work: String, _ share: Double) {
    guard isShown else { return }
    draw("\(work): \(Int(100 * share)) %")
  }

  /// Makes room for a line.
  func clear() {
    guard isShown else { return }
    draw("")
  }

  static func text(_ progress: TrainingProgress) -> String {
    let filled = width * progress.step / max(progress.steps, 1)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    return "epoch \(progress.epoch)/\(progress.epochs) [\(bar)] step \(progress.step)/\(progress.steps)"
      + String(format: ", loss %.4f", progress.loss)
  }

  private func draw(_ text: String) {
    let line = "\r" + text.padded(to: 78) + (text.isEmpty ? "\r" : "")
    let bytes = Array(line.utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
