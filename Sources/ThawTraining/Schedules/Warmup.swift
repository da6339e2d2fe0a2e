import Foundation

/// The first steps of a run, over which the learning rate grows to its full value.
///
/// Of n steps, step t (from 0) takes the share (t + 1) / (n + 1): PyTorch's `LinearLR` with a `start_factor` of
/// 1 / (n + 1), then the schedule from its beginning (`SequentialLR`).
public enum Warmup: Hashable, Sendable {
  /// So many steps.
  case steps(Int)
  /// A share of all steps, from 0 to 1, rounded up.
  case share(Double)

  /// No warm-up.
  public static let none = Warmup.steps(0)

  /// Whether the number of steps depends on how many there are.
  var readsLength: Bool { if case .share = self { true } else { false } }

  /// What is wrong with it; nil when nothing is.
  var problem: String? {
    switch self {
    case .steps(let count): count >= 0 ? nil : "the warm-up should be at least 0 steps and is \(count)"
    case .share(let share):
      share >= 0 && share <= 1 ? nil : "the warm-up should be a share from 0 to 1 of the steps and is \(share)"
    }
  }

  /// The number of steps, of a run of `total`.
  func count(of total: Int) -> Int {
    switch self {
    case .steps(let count): count
    case .share(let share): Int((share * Double(total)).rounded(.up))
    }
  }
}

extension Warmup: CustomStringConvertible {
  public var description: String {
    switch self {
    case .steps(let count): "\(count) steps"
    case .share(let share): "\(share * 100) % of the steps"
    }
  }
}

/// The learning rate's share at each step of a run: the warm-up, then the schedule.
struct Pace: Hashable, Sendable {
  let schedule: Schedule
  let warmup: Int
  let total: Int
  let stepsPerEpoch: Int

  init(_ schedule: Schedule, warmup: Warmup, total: Int, stepsPerEpoch: Int) {
    self.schedule = schedule
    self.warmup = warmup.count(of: total)
    self.total = total
    self.stepsPerEpoch = stepsPerEpoch
  }

  /// - Parameter step: counted from 0 over the whole run.
  func factor(at step: Int) -> Double {
    guard step >= warmup else { return Double(step + 1) / (Double(warmup) + 1) }
    return schedule.factor(at: step - warmup, of: total - warmup, stepsPerEpoch: stepsPerEpoch)
  }
}
