import Synchronization

/// The random numbers that a checkpoint's first run drew, for the second run to draw again.
///
/// What is logged are places in the generators' sequences, in order, so that no generator has to be set back.
package final class DrawLog: Sendable {
  package typealias Draw = (seed: UInt64, offset: UInt64)

  private struct State {
    var draws: [Draw] = []
    /// The next to be drawn again; nil while logging.
    var next: Int?
  }

  /// The log of the region around this one, which sees its draws too.
  private let outer: DrawLog?
  private let state: Mutex<State>

  package init(outer: DrawLog?) {
    self.outer = outer
    state = Mutex(State())
  }

  private init(replaying draws: [Draw]) {
    outer = nil
    state = Mutex(State(draws: draws, next: 0))
  }

  /// A log that hands out from the start what this one holds.
  package func replay() -> DrawLog { DrawLog(replaying: state.withLock { $0.draws }) }

  /// What the first run drew here; in the first run, or beyond what it drew, what `take` draws.
  package func draw(_ take: () -> Draw) -> Draw {
    let earlier = state.withLock { state -> Draw? in
      guard let next = state.next, next < state.draws.count else { return nil }
      state.next = next + 1
      return state.draws[next]
    }
    if let earlier { return earlier }
    let draw = outer?.draw(take) ?? take()
    state.withLock { if $0.next == nil { $0.draws.append(draw) } }
    return draw
  }
}
