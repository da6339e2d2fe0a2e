import ThawKernels
import ThawTensor
import ThawTypes

/// What a program does and where its values lie, for people: `thaw explain`.
package struct ProgramDescription: Codable, Sendable {
  /// How many of something there are, or by how many it became more or fewer.
  package struct Count: Codable, Hashable, Sendable {
    package let kind: String
    package let count: Int
  }

  /// What one pass of the compiler did.
  package struct Pass: Codable, Sendable {
    /// Its name among `CompilerOptions.Pass`.
    package let name: String
    package let isDisabled: Bool
    /// How many nodes, or calls of kernels, there were.
    package let countBefore: Int
    package let countAfter: Int
    /// The kinds of nodes or calls that became more or fewer.
    package let changes: [Count]
    package let milliseconds: Double

    init(
      pass: CompilerOptions.Pass, isDisabled: Bool = false, before: [String] = [], after: [String] = [],
      duration: Duration = .zero
    ) {
      name = pass.rawValue
      self.isDisabled = isDisabled
      countBefore = before.count
      countAfter = after.count
      var differences: [String: Int] = [:]
      for kind in before { differences[kind, default: 0] -= 1 }
      for kind in after { differences[kind, default: 0] += 1 }
      changes = differences.filter { $0.value != 0 }.sorted { $0.key < $1.key }.map {
        Count(kind: $0.key, count: $0.value)
      }
      milliseconds = duration / .milliseconds(1)
    }
  }

  /// A value that a step reads or writes.
  package struct Operand: Codable, Hashable, Sendable {
    package enum Place: String, Codable, Sendable { case arena, constant, input, output }

    /// As people write it: "float32".
    package let dtype: String
    package let shape: [Int]
    package let place: Place
    /// How many channels lie together; 1 where they do not.
    package let channelBlock: Int
    package let byteCount: Int
  }

  /// One call of a kernel, or of Swift code.
  package struct Step: Codable, Sendable {
    /// The operators that it computes, or for a reorder the one that it is made for, in order; empty for what only moves
    /// results.
    package let operators: [String]
    /// `KernelRequest.kind`, "reorder" or "Swift code".
    package let kind: String
    /// `Kernel.implementation`; empty for Swift code.
    package let implementation: String
    package let inputs: [Operand?]
    package let outputs: [Operand?]
    /// Multiplications and additions; 0 where moving memory costs.
    package let arithmetic: Double
    package let scratchByteCount: Int
    package var isReorder: Bool { kind == "reorder" }
    /// The bytes that it reads and writes at least.
    package var byteCount: Int { (inputs + outputs).reduce(0) { $0 + ($1?.byteCount ?? 0) } }
  }

  /// The operators of the trace, before the first pass, in order.
  package let operators: [String]
  package let passes: [Pass]
  package let steps: [Step]
  /// Operations that run through the engine's door, with the reason.
  package let islands: [String]
  package let arenaByteCount: Int
  package let scratchByteCount: Int
  package let constantByteCount: Int
  package let inputByteCount: Int
  package let outputByteCount: Int

  init(
    _ lowering: Lowering, operators: [String], passes: [Pass], kernels: [Kernel?], islands: [String],
    arenaByteCount: Int, scratchByteCount: Int
  ) {
    self.operators = operators
    self.passes = passes
    self.islands = islands
    self.arenaByteCount = arenaByteCount
    self.scratchByteCount = scratchByteCount
    let inputs = Set(lowering.inputs.map(\.buffer))
    let outputs = Set(lowering.outputs.map(\.buffer))
    func byteCount(of buffers: Set<Int>) -> Int { buffers.reduce(0) { $0 + lowering.buffers[$1].byteCount } }
    inputByteCount = byteCount(of: inputs)
    outputByteCount = byteCount(of: outputs)
    let read = Set(lowering.calls.flatMap { $0.inputs.compactMap { $0?.buffer } })
    constantByteCount = byteCount(of: read.filter { lowering.isConstant($0) })
    func operand(_ operand: Lowering.Operand?) -> Operand? {
      guard let operand else { return nil }
      let place: Operand.Place =
        if inputs.contains(operand.buffer) {
          .input
        } else if outputs.contains(operand.buffer) {
          .output
        } else {
          lowering.isConstant(operand.buffer) ? .constant : .arena
        }
      return Operand(
        dtype: "\(operand.dtype)", shape: operand.shape, place: place,
        channelBlock: lowering.layouts[operand.buffer]?.block ?? 1,
        byteCount: operand.shape.reduce(operand.dtype.itemSize, *))
    }
    steps = zip(zip(lowering.calls, lowering.origins), kernels).map { part, kernel in
      let (call, origins) = part
      let arithmetic = if case .kernel(let request) = call.body { request.arithmetic } else { 0.0 }
      return Step(
        operators: origins.map { lowering.operations[$0] }, kind: lowering.kind(of: call),
        implementation: kernel?.implementation ?? "", inputs: call.inputs.map(operand),
        outputs: call.outputs.map(operand), arithmetic: arithmetic, scratchByteCount: kernel?.scratchByteCount ?? 0)
    }
  }
}

extension Lowering {
  fileprivate func isConstant(_ buffer: Int) -> Bool {
    if case .constant = buffers[buffer] { true } else { false }
  }
}
