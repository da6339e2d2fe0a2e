import Synchronization
import ThawKernels
import ThawTensor

/// A model's forward pass where shapes or decisions depend on numbers: programs, with the nodes between them that no
/// program can hold.
///
/// What follows such a node is compiled for the types that came out, and for the numbers that decide shapes when they
/// are few. The first two of these at a place are compiled at once, others when they come again. Where numbers keep
/// changing, the nodes that read them run by themselves, and what follows is compiled for types alone.
package final class StagedProgram: Sendable {
  /// Which of a model's computations it is.
  struct Use: Hashable {
    let targets: [Graph.ValueIndex]
    let modes: NodeModes
    let options: CompilerOptions
    let backend: Backend
    let threads: Int
  }

  /// What a stage is compiled for.
  fileprivate struct Key: Hashable {
    /// The stage before it, nil for none.
    let previous: Int?
    /// Whether the one before it ended by types alone.
    let isByTypes: Bool
    let types: [Graph.ValueIndex: ValueType]
    let numbers: [Graph.ValueIndex: [UInt8]]
  }

  fileprivate enum Entry {
    case met
    case made(number: Int, Stage)
    /// It cannot be compiled.
    case impossible
  }

  fileprivate struct State {
    var entries: [Key: (entry: Entry, lastUse: Int)] = [:]
    /// By stage, how many ways it went on.
    var followers: [Int?: Int] = [:]
    /// The stages after which numbers kept changing.
    var changing: Set<Int> = []
    var stageCount = 0
    var time = 0
  }

  private let replay: Replay
  private let options: CompilerOptions
  private let fixed: ParameterRevisions
  private let state = Mutex(State())

  /// How many ways to go on after a stage are compiled at the first meeting.
  fileprivate static let eagerFollowers = 2
  /// After so many different ones, numbers are no ground to compile for.
  fileprivate static let followersByNumbers = 8
  fileprivate static let capacity = 64

  /// - Throws: what reading a parameter throws.
  init(_ replay: Replay, _ options: CompilerOptions = CompilerOptions()) throws {
    self.replay = replay
    self.options = options
    fixed = ParameterRevisions(replay.parameters.map(\.parameter))
  }

  /// Whether the parameters have the values that the programs hold.
  var isCurrent: Bool { fixed.areCurrent }

  /// The nodes that no program holds, with the reason, as far as runs came upon them.
  package var islands: [String] {
    state.withLock { state in
      let stages = state.entries.values.compactMap { entry -> (number: Int, stage: Stage)? in
        if case .made(let number, let stage) = entry.entry { (number, stage) } else { nil }
      }
      var seen: Set<String> = []
      return stages.sorted { $0.number < $1.number }
        .flatMap { ($0.stage.program?.islands ?? []) + $0.stage.islands }.filter { seen.insert($0).inserted }
    }
  }

  /// How many programs there are.
  package var programCount: Int {
    state.withLock { state in
      state.entries.values.count { if case .made(_, let stage) = $0.entry { stage.program != nil } else { false } }
    }
  }

  /// Computes the targets of the replay.
  ///
  /// - Throws: the error of the node that failed, with its name.
  func run(_ given: [Graph.ValueIndex: Value]) throws -> [Value] {
    var values = given
    var rest = replay.order
    var previous: (number: Int, isByTypes: Bool, deciding: Set<Graph.ValueIndex>)?
    try noGrad {
      while !rest.isEmpty {
        keepOnly(&values, for: rest)
        guard let (number, stage, isByTypes) = try next(rest, values, after: previous),
          runProgram(of: stage, &values)
        else {
          try run(rest, &values)
          break
        }
        let tail = isByTypes ? stage.byTypes : stage.byNumbers
        try run(tail.islands, &values)
        // What decided before goes on to: a node that waits for two values would else wait for them in turns, for ever.
        let deciding = isByTypes ? [] : Set(tail.deciding).union(previous?.deciding ?? [])
        (rest, previous) = (tail.rest, (number, isByTypes, deciding))
      }
    }
    return try replay.targets.map { target in
      guard let value = try values[target] ?? replay.initialValue(target) else {
        throw ModelError(.graph, "nothing in the model makes the value '\(replay.graph.values[target].name)'")
      }
      return value
    }
  }

  /// Drops what nobody reads any more.
  private func keepOnly(_ values: inout [Graph.ValueIndex: Value], for rest: [Int]) {
    var read = Set(replay.targets)
    for node in rest { read.formUnion(replay.graph.nodes[node].inputs.compactMap { $0 }) }
    values = values.filter { read.contains($0.key) }
  }

  private func run(_ nodes: [Int], _ values: inout [Graph.ValueIndex: Value]) throws {
    for node in nodes {
      for (output, value) in try replay.evaluate(node, of: { try values[$0] ?? replay.initialValue($0) }) {
        values[output] = value
      }
    }
  }

  /// Whether the stage's values are there now; where the program failed, running node by node tells the node.
  private func runProgram(of stage: Stage, _ values: inout [Graph.ValueIndex: Value]) -> Bool {
    if let program = stage.program {
      guard let results = try? program.run(stage.inputs.compactMap { values[$0]?.tensor }) else { return false }
      values.merge(zip(stage.outputs, results.map(Value.tensor))) { $1 }
    }
    values.merge(stage.constants) { $1 }
    return true
  }

  /// The stage to go on with; nil to run what is left node by node.
  private func next(
    _ rest: [Int], _ values: [Graph.ValueIndex: Value],
    after previous: (number: Int, isByTypes: Bool, deciding: Set<Graph.ValueIndex>)?
  ) throws -> (number: Int, stage: Stage, isByTypes: Bool)? {
    let deciding = previous?.deciding ?? []
    var numbers: [Graph.ValueIndex: [UInt8]] = [:]
    for index in deciding {
      if let tensor = values[index]?.tensor { numbers[index] = try tensor.contiguous().withBytes { Array($0) } }
    }
    let key = Key(
      previous: previous?.number, isByTypes: previous?.isByTypes ?? false, types: values.mapValues(\.type),
      numbers: numbers)
    let found = state.withLock { $0.use(key) }
    switch found {
    case .made(let number, let stage):
      return (number, stage, state.withLock { $0.changing.contains(number) })
    case .met, .impossible: return nil
    case nil: break
    }
    let stage = try? Stage(rest, of: replay, values, numbers: deciding, options)
    return state.withLock { state in
      guard let stage else {
        state.put(.impossible, at: key)
        return nil
      }
      state.stageCount += 1
      state.put(.made(number: state.stageCount, stage), at: key)
      return (state.stageCount, stage, false)
    }
  }
}

extension StagedProgram.State {
  /// What is known of a key; nil when it should be compiled now.
  fileprivate mutating func use(_ key: StagedProgram.Key) -> StagedProgram.Entry? {
    time += 1
    switch entries[key]?.entry {
    case .met?: return nil
    case let entry?:
      entries[key]?.lastUse = time
      return entry
    case nil:
      let count = (followers[key.previous] ?? 0) + 1
      followers[key.previous] = count
      if let previous = key.previous, !key.numbers.isEmpty, count > StagedProgram.followersByNumbers {
        changing.insert(previous)
        followers[previous] = 0
      }
      guard key.previous == nil || count > StagedProgram.eagerFollowers else { return nil }
      put(.met, at: key)
      return .met
    }
  }

  fileprivate mutating func put(_ entry: StagedProgram.Entry, at key: StagedProgram.Key) {
    entries[key] = (entry, time)
    guard entries.count > StagedProgram.capacity else { return }
    if let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) { entries[oldest.key] = nil }
  }
}
