import Foundation
import Thaw
import ThawTraining

/// Work of unknown length: after a while the status line tells what it is and how long it has taken.
enum Activity {
  /// What is done sooner is not worth a word.
  private static let patience = 0.3
  private static let interval = 0.1

  static func run<Result>(_ work: String, _ body: () throws -> Result) rethrows -> Result {
    guard Console.Stream.error.isScreen else { return try body() }
    let (end, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let clock = Thread {
      let start = ContinuousClock.now
      var wait = patience
      while end.wait(timeout: .now() + wait) == .timedOut {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        StatusLine.show("\(work): \(String(format: "%.1f", seconds)) s")
        wait = interval
      }
      ended.signal()
    }
    clock.start()
    defer {
      end.signal()
      ended.wait()
      StatusLine.erase()
    }
    return try body()
  }
}
