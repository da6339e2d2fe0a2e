/// How long something takes: the median of several times, and how far the middle half of them spreads.
struct Timing {
  let milliseconds: Double
  let spread: Double
  let count: Int

  init(_ times: [Double]) {
    let sorted = times.sorted()
    func at(_ share: Double) -> Double {
      sorted.isEmpty ? .nan : sorted[min(Int(share * Double(sorted.count)), sorted.count - 1)]
    }
    milliseconds = at(0.5)
    spread = at(0.75) - at(0.25)
    count = times.count
  }

  /// Runs `body` for some seconds, and at least `minimum` times; what runs before that to warm up does not count.
  static func measure(seconds: Double, warmUp: Int = 2, minimum: Int = 5, _ body: () throws -> Void) rethrows -> Timing
  {
    for _ in 0..<warmUp { try body() }
    var times: [Double] = []
    let start = ContinuousClock.now
    while (ContinuousClock.now - start) / .seconds(1) < seconds || times.count < minimum {
      times.append(try once(body))
    }
    return Timing(times)
  }

  /// The same for what is too short to be timed alone: each time is the mean over as many runs as take a tenth of a
  /// millisecond.
  static func measureShort(seconds: Double, _ body: () throws -> Void) rethrows -> Timing {
    try body()
    let first = max(try once(body), 1e-5)
    let group = max(1, Int(0.1 / first))
    let timing = try measure(seconds: seconds) { for _ in 0..<group { try body() } }
    return Timing(timing, each: group)
  }

  /// The time of one of so many parts.
  init(_ timing: Timing, each group: Int) {
    milliseconds = timing.milliseconds / Double(group)
    spread = timing.spread / Double(group)
    count = timing.count * group
  }

  private static func once(_ body: () throws -> Void) rethrows -> Double {
    let before = ContinuousClock.now
    try body()
    return (ContinuousClock.now - before) / .milliseconds(1)
  }
}
