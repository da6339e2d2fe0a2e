import Foundation
import Synchronization

/// Ctrl-C and the request to end.
enum Interruption {
  /// The signal that came while they were watched for; 0 before.
  private static let signal = Atomic<Int32>(0)
  private static let isScreen = Atomic(false)

  /// The code with which a program ends after the signal that came; nil before.
  static var exitCode: Int32? {
    let number = signal.load(ordering: .relaxed)
    return number == 0 ? nil : 128 + number
  }

  /// From now on a signal that ends the program takes the status line with it.
  static func erasesStatusLine() {
    guard Console.Stream.error.isScreen else { return }
    isScreen.store(true, ordering: .relaxed)
    for number in [SIGINT, SIGTERM] {
      // What a parent had ignored stays so.
      var action = sigaction()
      sigaction(number, nil, &action)
      guard unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 0 else { continue }
      Foundation.signal(number) { Interruption.end($0) }
    }
  }

  /// Takes note of signals from now on, so that the step that is being taken can end; a second one ends the program. A
  /// reader that goes away is no signal: what is computed is worth more than what is said of it.
  static func watch() {
    // Made now: a handler may make nothing.
    _ = exitCode
    isScreen.store(Console.Stream.error.isScreen, ordering: .relaxed)
    Foundation.signal(SIGPIPE, SIG_IGN)
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&watched, number)
      Foundation.signal(number) { Interruption.note($0) }
    }
    // Who starts a program from a thread that blocks signals hands that on.
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
  }

  // Handlers: they may call little.

  private static func note(_ number: Int32) {
    signal.store(number, ordering: .relaxed)
    Foundation.signal(SIGINT) { Interruption.end($0) }
    Foundation.signal(SIGTERM) { Interruption.end($0) }
    write("\r\u{1B}[Kthaw: ending as soon as nothing is lost; once more to end at once\n")
  }

  private static func end(_ number: Int32) {
    write("\r\u{1B}[K")
    // It comes when this function has returned.
    Foundation.signal(number, SIG_DFL)
    raise(number)
  }

  /// Words to a screen.
  private static func write(_ text: StaticString) {
    guard isScreen.load(ordering: .relaxed) else { return }
    _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  }
}
