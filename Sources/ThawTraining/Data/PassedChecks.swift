import Synchronization

/// The checks that a data set has passed.
final class PassedChecks: Sendable {
  private let names = Mutex<Set<String>>([])

  /// Runs a check, unless one of this name has passed.
  func once(_ name: String, _ check: () throws -> Void) rethrows {
    if names.withLock({ $0.contains(name) }) { return }
    try check()
    _ = names.withLock { $0.insert(name) }
  }
}
