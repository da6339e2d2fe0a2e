internal import Synchronization

/// How much memory readers may fill with what they expand or convert; what is beyond goes to files without names.
///
/// Views of files do not count: the system gives their pages back when it needs them.
public final class MemoryBudget: Sendable {
  /// No limit.
  public static let unlimited = MemoryBudget(limit: .max)

  /// The bytes that may be held at a time.
  public let limit: Int
  private let state = Mutex(State())

  private struct State {
    var held = 0
    var peak = 0
  }

  /// Makes a budget; a quarter of a gigabyte when left out.
  public init(limit: Int = 1 << 28) { self.limit = limit }

  /// The bytes that are held now.
  public var held: Int { state.withLock { $0.held } }
  /// The most bytes that were held at a time.
  public var peak: Int { state.withLock { $0.peak } }

  /// Takes bytes out of the budget, if there are as many.
  func take(_ count: Int) -> Bool {
    state.withLock { state in
      guard count <= limit - state.held else { return false }
      state.held += count
      state.peak = max(state.peak, state.held)
      return true
    }
  }

  /// Gives back what was taken.
  func give(_ count: Int) { state.withLock { $0.held -= count } }
}
