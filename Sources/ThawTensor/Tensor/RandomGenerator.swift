import Synchronization
import ThawKernels
import ThawTypes

/// A source of random numbers: a seed, and how many numbers were drawn.
///
/// The numbers are a function of the two (Philox4x32-10), so that neither threads nor the sizes in which they are drawn
/// matter. Drawing is safe from any task; which task gets which numbers then depends on who comes first. It belongs to
/// nobody's task: a generator is given explicitly, or is the process's default one.
public final class RandomGenerator: Sendable {
  private struct State {
    var seed: UInt64
    var drawn: UInt64 = 0
  }

  private let state: Mutex<State>
  /// Whether it was made for one operation, so that its numbers are the same at every call of that.
  private let isRepeated: Bool

  public init(seed: UInt64) {
    state = Mutex(State(seed: seed))
    isRepeated = false
  }

  /// The generator of an operation that has a seed of its own.
  init(ofOperation seed: UInt64) {
    state = Mutex(State(seed: seed))
    isRepeated = true
  }

  /// The generator that operations draw from when none is given; the same numbers in every process until it is seeded.
  public static let `default` = RandomGenerator(seed: 0)

  /// Starts again, with another seed.
  public func seed(_ seed: UInt64) { state.withLock { $0 = State(seed: seed) } }

  /// Numbers uniform in `low ..< high`, 0 ..< 1 where nothing is said.
  ///
  /// - Throws: `TensorError` of kind `shape` or `memory` when there can be no such tensor, `unsupported` for a type
  ///   without fractions.
  public func uniform(
    _ shape: [Int], from low: Double = 0, to high: Double = 1, dtype: DType = .float32
  ) throws -> Tensor {
    guard let count = DType.elementCount(of: shape) else {
      throw TensorError(.shape, "a tensor of shape \(shape) has no valid element count")
    }
    guard isRepeated || !Context.current.isCompiling else {
      throw TensorError(.valueNeeded, "random numbers are drawn anew in each run")
    }
    let (seed, offset) = draw(count)
    let request = RandomUniformRequest(
      dtype: dtype, count: count, seed: seed, offset: offset, from: low, to: high)
    return try compute(request, dtype: dtype, shape: shape)
  }

  /// A seed for one of many parts of what a seed stands for, as different from the others as if it were drawn
  /// (the mixing function of SplitMix64; Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014).
  package static func seed(_ seed: UInt64, for part: Int) -> UInt64 {
    var mixed = seed &+ (UInt64(bitPattern: Int64(part)) &+ 1) &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
    return mixed ^ mixed >> 31
  }

  /// Seed and position, for whoever wants to go on from here.
  package var position: (seed: UInt64, drawn: UInt64) {
    get { state.withLock { ($0.seed, $0.drawn) } }
    set { state.withLock { $0 = State(seed: newValue.seed, drawn: newValue.drawn) } }
  }

  /// Takes `count` numbers out of the sequence: its seed, and where they start.
  package func draw(_ count: Int) -> (seed: UInt64, offset: UInt64) {
    func take() -> DrawLog.Draw {
      state.withLock { state in
        defer { state.drawn &+= UInt64(count) }
        return (state.seed, state.drawn)
      }
    }
    return Context.current.draws?.draw(take) ?? take()
  }
}

extension RandomGenerator: Hashable {
  public static func == (left: RandomGenerator, right: RandomGenerator) -> Bool { left === right }
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
