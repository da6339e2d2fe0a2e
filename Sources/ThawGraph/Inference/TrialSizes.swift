import ThawTensor

/// Sizes for dimensions that vary, in several trials: the same for the same name, and another one for every other.
///
/// What a size became in all trials tells what it is: a number where it is the same in each, a name where it has that
/// name's sizes. The trials lie far apart, so that a bound on a size shows.
final class TrialSizes {
  static let count = 3

  private var named: [String: [Int]] = [:]
  /// For each trial, the names that have a size in it.
  private var names = [[Int: [String]]](repeating: [:], count: TrialSizes.count)
  private var batchCount = 0
  private var otherCount = 0
  private var primes = [2, 3]

  /// The sizes of a name in each trial.
  ///
  /// - Parameter axis: where it stands when it is met first.
  func sizes(of name: String, axis: Int) -> [Int] {
    if let known = named[name] { return known }
    let sizes = fresh(axis: axis)
    bind(name, to: sizes)
    return sizes
  }

  func knows(_ name: String) -> Bool { named[name] != nil }

  /// Gives a name the sizes that a dimension has.
  func bind(_ name: String, to sizes: [Int]) {
    named[name] = sizes
    for (trial, size) in sizes.enumerated() { names[trial][size, default: []].append(name) }
  }

  /// Sizes that no name has. Batches are prime, so that they hide in no other number; what may be an image's side or a
  /// text's length is divisible by 32, because networks halve it often.
  func fresh(axis: Int) -> [Int] {
    if axis == 0 {
      defer { batchCount += 1 }
      return [prime(15 + 2 * batchCount), prime(16 + 2 * batchCount), prime(170 + batchCount)]
    }
    defer { otherCount += 1 }
    return [prime(1 + 2 * otherCount), prime(2 + 2 * otherCount), prime(12 + otherCount)].map { 32 * $0 }
  }

  /// What a dimension is that has these sizes, as far as the trials are there.
  func dim(of sizes: [Int?]) -> Dim {
    let known = sizes.enumerated().compactMap { trial, size in size.map { (trial, $0) } }
    guard known.count >= 2, let (trial, size) = known.first else { return .unknown }
    if known.count == Self.count, known.allSatisfy({ $0.1 == size }) { return .known(size) }
    let name = names[trial][size]?.first { name in known.allSatisfy { named[name]?[$0.0] == $0.1 } }
    return name.map(Dim.symbol) ?? .unknown
  }

  private func prime(_ index: Int) -> Int {
    while primes.count <= index {
      var candidate = primes[primes.count - 1] + 2
      while primes.lazy.prefix(while: { $0 * $0 <= candidate }).contains(where: { candidate % $0 == 0 }) {
        candidate += 2
      }
      primes.append(candidate)
    }
    return primes[index]
  }
}
