import Foundation
import Synchronization

/// Ctrl-C and the request to end: noted, so that the step that is being taken can end. A second one ends the program.
enum Interruption {
  /// The signal that came; 0 before.
  private static let signal = Atomic<Int32>(0)

  /// The code with which a program ends after the signal that came; nil before.
  static var exitCode: Int32? {
    let number = signal.load(ordering: .relaxed)
    return number == 0 ? nil : 128 + number
  }

  /// Takes note of signals from now on.
  static func watch() {
    // Made now: a handler may make nothing.
    _ = exitCode
    var watched = sigset_t()
    sigemptyset(&watched)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&watched, number)
      Foundation.signal(number) { number in
        Interruption.signal.store(number, ordering: .relaxed)
        Foundation.signal(number, SIG_DFL)
      }
    }
    // Who starts a program from a thread that blocks signals hands that on.
    pthread_sigmask(SIG_UNBLOCK, &watched, nil)
  }
}
