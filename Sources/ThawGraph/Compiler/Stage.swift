import ThawTensor

/// One program of a staged run, and what comes after it.
///
/// The program computes whatever has shapes that are known; the nodes that have not end the stage.
struct Stage: Sendable {
  /// What follows the program.
  struct Tail: Sendable {
    /// The nodes that run through the engine's door, in order.
    var islands: [Int] = []
    /// The values whose numbers decide how the stage after it is compiled.
    var deciding: [Graph.ValueIndex] = []
    /// The nodes that are left then.
    var rest: [Int] = []
  }

  /// nil when nothing could be compiled.
  let program: Program?
  let inputs: [Graph.ValueIndex]
  let outputs: [Graph.ValueIndex]
  /// What came out while the stage was compiled, the same in every run.
  let constants: [Graph.ValueIndex: Value]
  /// Where numbers may be part of what the next stage is compiled for, and where they may not.
  let byNumbers: Tail
  let byTypes: Tail
  /// The nodes that end the stage, with the reason.
  let islands: [String]

  /// The numbers of a larger tensor decide nothing.
  static let decidingCount = 64
  /// A loop of more iterations is not written out.
  static let iterationCount = 64

  /// Compiles as many nodes as can be.
  ///
  /// - Parameters:
  ///   - nodes: of the replay, in order.
  ///   - values: what is there when the stage begins.
  ///   - numbers: the values whose numbers are part of the program.
  /// - Throws: what compiling throws.
  init(
    _ nodes: [Int], of replay: Replay, _ values: [Graph.ValueIndex: Value], numbers: Set<Graph.ValueIndex>,
    _ options: CompilerOptions
  ) throws {
    let graph = replay.graph
    let read = Set(nodes.flatMap { graph.nodes[$0].inputs.compactMap { $0 } })
    let given = values.keys.sorted().filter { index in
      guard read.contains(index), !numbers.contains(index), case .tensor(let tensor)? = values[index] else {
        return false
      }
      return tensor.dtype != .string
    }
    var tracing = Tracing(replay, values.filter { numbers.contains($0.key) })
    var outputs: [Graph.ValueIndex] = []
    let trace = try Trace(inputs: given.compactMap { values[$0]?.tensor?.type }) { tensors in
      for (index, tensor) in zip(given, tensors) { tracing.values[index] = .tensor(tensor) }
      for node in nodes { try tracing.trace(node) }
      let later = tracing.valuesReadLater
      outputs = tracing.made.filter(later.contains)
      return outputs.compactMap { tracing.values[$0]?.tensor }
    }
    program = outputs.isEmpty ? nil : try Program(trace, options)
    inputs = given
    self.outputs = outputs
    let later = tracing.valuesReadLater
    constants = tracing.constants.filter { later.contains($0.key) }
    islands = tracing.reasons
    byTypes = Tail(islands: tracing.blocked, rest: tracing.rest)
    let decided = tracing.blocked.filter { tracing.deciding[$0] != nil }
    byNumbers = Tail(
      islands: tracing.blocked.filter { tracing.deciding[$0] == nil },
      deciding: Set(decided.flatMap { tracing.deciding[$0] ?? [] }).sorted(), rest: (decided + tracing.rest).sorted())
  }

  /// The nodes of one stage on their way into a trace.
  private struct Tracing {
    private let replay: Replay
    /// By value, traced or the same in every run.
    var values: [Graph.ValueIndex: Value]
    /// The values that the program computes.
    private(set) var made: [Graph.ValueIndex] = []
    private(set) var constants: [Graph.ValueIndex: Value] = [:]
    /// The nodes that end the stage, and those after them.
    private(set) var blocked: [Int] = []
    private(set) var rest: [Int] = []
    private(set) var reasons: [String] = []
    /// For a blocked node the values whose numbers it waits for, when these are few enough to compile for them.
    private(set) var deciding: [Int: [Graph.ValueIndex]] = [:]
    private var missing: Set<Graph.ValueIndex> = []

    init(_ replay: Replay, _ values: [Graph.ValueIndex: Value]) {
      self.replay = replay
      self.values = values
    }

    /// What is read after the program.
    var valuesReadLater: Set<Graph.ValueIndex> {
      Set(replay.targets + (blocked + rest).flatMap { replay.graph.nodes[$0].inputs.compactMap { $0 } })
    }

    mutating func trace(_ index: Int) throws {
      let node = replay.graph.nodes[index]
      guard let operation = replay.operation(index) else { return }
      guard !node.inputs.contains(where: { $0.map(missing.contains) ?? false }) else {
        rest.append(index)
        missing.formUnion(node.outputs.compactMap { $0 })
        return
      }
      let inputs = try node.inputs.map { input in
        try input.flatMap { index in try values[index] ?? replay.initialValue(index) }
      }
      if zip(node.inputs, inputs).contains(where: { $0 != nil && $1 == nil }) {
        return block(index, operation, "an input is no tensor of numbers")
      }
      let waiting = inputs.indices.filter { position in
        operation.schema.input(at: position)?.isNeededAsValue == true && (inputs[position]?.tensor?.isUnknown ?? false)
      }
      guard waiting.isEmpty else {
        let names = waiting.map { "'\(operation.schema.input(at: $0)?.name ?? "?")'" }.joined(separator: ", ")
        block(index, operation, "the numbers of its input \(names) decide what is computed")
        let areFew = waiting.allSatisfy { (inputs[$0]?.tensor?.count ?? .max) <= Stage.decidingCount }
        if areFew { deciding[index] = waiting.compactMap { node.inputs[$0] } }
        return
      }
      do {
        let outputs = try outputs(operation, inputs, wanted: replay.wanted(of: node))
        for (output, value) in zip(node.outputs, outputs) {
          guard let output, let value else { continue }
          values[output] = value
          if value.tensor?.isTraced ?? false { made.append(output) } else { constants[output] = value }
        }
      } catch {
        block(index, operation, "\(error)")
      }
    }

    private func outputs(
      _ operation: any Operator, _ inputs: [Value?], wanted: OutputMask
    ) throws -> [Value?] {
      let outputs: [Value?]
      switch operation {
      case let flow as If: outputs = try flow.body(inputs, wanted: wanted)
      case let flow as Loop where try iterations(inputs) <= Stage.iterationCount:
        outputs = try flow.body(inputs, wanted: wanted)
      default: outputs = try apply(operation, to: inputs, wanted: wanted)
      }
      let areNumbers = outputs.allSatisfy { $0?.tensor.map { !$0.isTraced || $0.dtype != .string } ?? true }
      guard areNumbers else { throw TensorError(.valueNeeded, "its result is strings") }
      return outputs
    }

    private func iterations(_ inputs: [Value?]) throws -> Int {
      guard let count = inputs.first??.tensor, !count.isTraced, count.count == 1 else { return .max }
      return try count.integers()[0]
    }

    private mutating func block(_ index: Int, _ operation: any Operator, _ reason: String) {
      let node = replay.graph.nodes[index]
      blocked.append(index)
      reasons.append("\(operation.schema.name) '\(node.name)': \(reason)")
      missing.formUnion(node.outputs.compactMap { $0 })
    }
  }
}

extension Tensor {
  /// Whether it is traced and its numbers are not known meanwhile.
  fileprivate var isUnknown: Bool {
    if case .traced(let value) = contents { value.trial == nil } else { false }
  }
}
