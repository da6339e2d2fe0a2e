import Foundation
import Synchronization

/// Ctrl-C and the request to end: noted, so that the step that is being taken can end. A second one ends the program.
enum Interruption {
  /// The signal that came; 0 before.
  private static let signal = Atomic<Int32>(0)
  private static let isScreen = Atomic(false)

  /// The code with which a program ends after the signal that came; nil before.
  static var exitCode: Int32? {
    let number = signal.load(ordering: .relaxed)
    return number == 0 ? nil : 128 + number
  }

  /// Takes note of signals from now on. A reader that goes away is none: what is computed is worth more than what is
  /// said of it.
  static func watch() {
    // Made now: a handler may make nothing.
    _ = exitCode
    isScreen.store(Console.Stream.error.isScreen, ordering: .relaxed)
    Foundation.signal(SIGPIPE, SIG_IGN)
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&watched, number)
      Foundation.signal(number) { number in
        Interruption.signal.store(number, ordering: .relaxed)
        Foundation.signal(number, SIG_DFL)
        guard Interruption.isScreen.load(ordering: .relaxed) else { return }
        let text: StaticString =
          "\r\u{1B}[Kthaw: ending as soon as nothing is lost; once more to end at once\n"
        _ = Foundation.write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
      }
    }
    // Who starts a program from a thread that blocks signals hands that on.
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
  }
}
