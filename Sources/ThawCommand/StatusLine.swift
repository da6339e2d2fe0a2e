import Foundation
import Synchronization
import Thaw

/// The last line of the screen, which tells what is being done: drawn again and again, and erased before anything else
/// is said. On a screen only.
enum StatusLine {
  /// When it was drawn last; nil where it is not there.
  private static let drawn = Mutex<ContinuousClock.Instant?>(nil)
  /// Nobody reads faster, and a connection may be slow.
  private static let interval = Duration.milliseconds(50)

  static func show(_ text: String) {
    guard Console.Stream.error.isScreen else { return }
    drawn.withLock { drawn in
      let now = ContinuousClock.now
      if let last = drawn, now - last < interval { return }
      // A line that wraps could not be erased.
      let width = max(1, (Console.Stream.error.width ?? 80) - 1)
      Console.write("\r\(text.prefix(width))\u{1B}[K")
      drawn = now
    }
  }

  static func erase() {
    drawn.withLock { drawn in
      guard drawn != nil else { return }
      Console.write("\r\u{1B}[K")
      drawn = nil
    }
  }

  /// - Parameter share: how much of some work is done.
  static func show(_ work: String, share: Double) { show("\(work): \(Int(100 * share)) %") }

  static func show(_ progress: TrainingProgress) { show(text(progress)) }

  static func text(_ progress: TrainingProgress) -> String {
    let width = 30
    let filled = width * progress.step / max(progress.steps, 1)
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    return "epoch \(progress.epoch)/\(progress.epochs) [\(bar)] step \(progress.step)/\(progress.steps)"
      + String(format: ", loss %.4f", progress.loss)
  }
}
