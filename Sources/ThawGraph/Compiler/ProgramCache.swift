import Synchronization
import ThawKernels
import ThawTensor

/// A model's programs by the types that they were made for; the one that was least recently used goes first.
///
/// Safe from any task: where two want a program that is not there yet, one makes it and the other goes on without.
package final class ProgramCache: Sendable {
  /// What a program was made for.
  package struct Key: Hashable, Sendable {
    package let inputs: [String: TensorType]
    package let extra: [TensorType]
    package let targets: [Int]
    package let modes: NodeModes
    package let options: CompilerOptions
    package let backend: Backend
    package let threads: Int
    /// Whether parameters are given in each run that a training step may change.
    package let trains: Bool

    package init(
      inputs: [String: TensorType], extra: [TensorType] = [], targets: [Int], modes: NodeModes,
      options: CompilerOptions, trains: Bool
    ) {
      self.inputs = inputs
      self.extra = extra
      self.targets = targets
      self.modes = modes
      self.options = options
      self.trains = trains
      backend = Context.current.backend
      threads = threadCount
    }
  }

  fileprivate enum State: Sendable {
    /// Its types were met so many times.
    case met(Int)
    case making
    case made(ModelProgram)
    /// There can be none.
    case impossible
  }

  fileprivate struct Entry: Sendable {
    var state: State
    /// The parameters that got new values while they were part of a program: they are given from then on.
    var varying: Set<ObjectIdentifier> = []
    var lastUse: Int

    var isProgram: Bool { if case .made = state { true } else { false } }
  }

  fileprivate struct Contents {
    var entries: [Key: Entry] = [:]
    var time = 0
    /// How many times types are met before a program is made for them; grows where programs displace each other.
    var patience: Int
    var reasons: [String] = []
  }

  private let capacity: Int
  private let contents: Mutex<Contents>

  /// - Parameters:
  ///   - capacity: the most programs.
  ///   - patience: how many runs for the same types go without a program before one is made; the types that come first
  ///     of all need none, as most models are run for no others.
  package init(capacity: Int = 8, patience: Int) {
    self.capacity = capacity
    contents = Mutex(Contents(patience: patience))
  }

  /// Why there can be no program, one sentence for each different cause, in the order in which they were met.
  package var reasons: [String] { contents.withLock { $0.reasons } }

  /// How many programs there are.
  package var count: Int { contents.withLock { $0.programCount } }

  /// The program of a key that computes what the model does now.
  ///
  /// - Parameter make: compiles, with some parameters given in each run; its error is the reason why there is none.
  /// - Returns: nil where the caller should go on without one.
  package func program(
    _ key: Key, atOnce: Bool = false, make: (_ varies: @escaping (Parameter) -> Bool) throws -> ModelProgram
  ) throws -> ModelProgram? {
    let found = contents.withLock { $0.use(key, atOnce: atOnce) }
    var varying = found.varying
    switch found.decision {
    case .goWithout: return nil
    case .use(let program):
      if program.isCurrent { return program }
      // Who sets values will do it again: what changed twice should not be compiled twice.
      varying.formUnion(program.changed.map(ObjectIdentifier.init))
      guard contents.withLock({ $0.begin(key, replacing: program) }) else { return nil }
    case .make: break
    }
    do {
      let program = try make { [varying] in varying.contains(ObjectIdentifier($0)) }
      contents.withLock { $0.put(.made(program), varying, at: key, capacity) }
      return program
    } catch {
      contents.withLock { contents in
        contents.put(.impossible, varying, at: key, capacity)
        contents.add(reason: "\(error)")
      }
      return nil
    }
  }

  /// Whether it is known that there can be no program for a key.
  package func isImpossible(_ key: Key) -> Bool {
    contents.withLock { if case .impossible? = $0.entries[key]?.state { true } else { false } }
  }

  /// Takes down why a program that was there could not be run; there will be none for the key.
  package func giveUp(_ key: Key, because error: any Error) {
    contents.withLock { contents in
      contents.put(.impossible, [], at: key, capacity)
      contents.add(reason: "\(error)")
    }
  }

  fileprivate enum Decision {
    case goWithout
    case use(ModelProgram)
    case make
  }
}

extension ProgramCache.Contents {
  /// Entries that are no programs cost little.
  private static let entryCapacity = 256

  fileprivate mutating func use(
    _ key: ProgramCache.Key, atOnce: Bool
  ) -> (decision: ProgramCache.Decision, varying: Set<ObjectIdentifier>) {
    time += 1
    let isFirst = entries.isEmpty
    var entry = entries[key] ?? ProgramCache.Entry(state: .met(0), lastUse: time)
    entry.lastUse = time
    defer {
      entries[key] = entry
      if entries.count > Self.entryCapacity { removeOldest { _ in true } }
    }
    switch entry.state {
    case .made(let program): return (.use(program), entry.varying)
    case .making, .impossible: return (.goWithout, [])
    case .met(let count):
      guard atOnce || isFirst || count >= patience else {
        entry.state = .met(count + 1)
        return (.goWithout, [])
      }
      entry.state = .making
      return (.make, entry.varying)
    }
  }

  /// Whether the caller is the one to replace a program.
  fileprivate mutating func begin(_ key: ProgramCache.Key, replacing program: ModelProgram) -> Bool {
    guard case .made(let present)? = entries[key]?.state, present.program === program.program else { return false }
    entries[key]?.state = .making
    return true
  }

  fileprivate mutating func put(
    _ state: ProgramCache.State, _ varying: Set<ObjectIdentifier>, at key: ProgramCache.Key, _ capacity: Int
  ) {
    entries[key] = ProgramCache.Entry(state: state, varying: varying, lastUse: time)
    guard programCount > capacity else { return }
    removeOldest(where: \.isProgram)
    // Shapes that take turns would be compiled over and over.
    patience = min(max(patience, 1) * 2, 1 << 20)
  }

  fileprivate var programCount: Int { entries.values.count(where: \.isProgram) }

  private mutating func removeOldest(where isMeant: (ProgramCache.Entry) -> Bool) {
    let oldest = entries.filter { isMeant($0.value) }.min { $0.value.lastUse < $1.value.lastUse }
    if let oldest { entries[oldest.key] = nil }
  }

  fileprivate mutating func add(reason: String) {
    if reasons.count < 16, !reasons.contains(reason) { reasons.append(reason) }
  }
}
