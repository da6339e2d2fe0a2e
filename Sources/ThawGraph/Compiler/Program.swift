import Synchronization
import ThawKernels
import ThawTensor

/// Prepared kernels in order, with a place for every operand: runs without allocating anything but its results.
///
/// Immutable; any number of tasks may run it at once, each with an arena of its own from a bounded pool.
package final class Program: Sendable {
  /// What the program takes and gives, in order.
  package let inputTypes: [TensorType]
  package let outputTypes: [TensorType]
  /// Operations that run through the engine's door, with the reason.
  package let islands: [String]
  /// What is reserved for values between inputs and outputs and for kernels' scratch, and the most scratch of a kernel.
  package let arenaByteCount: Int
  package let scratchByteCount: Int
  /// What it does; nil unless it was compiled for that.
  package let description: ProgramDescription?
  private let steps: [Step]
  private let runs: RunPool

  /// Where an operand starts.
  enum Place: Sendable {
    case arena(Int)
    case constant(Storage, Int)
    /// An input, or behind these an output.
    case slot(Int, Int)
  }

  enum Step: Sendable {
    /// With the place of its scratch memory in the arena.
    case kernel(Kernel, [Place?], scratch: Int)
    case host(@Sendable ([Tensor?]) throws -> [Tensor?], inputs: [HostOperand?], outputs: [HostOperand?])
  }

  struct HostOperand: Sendable {
    let place: Place
    let operand: Lowering.Operand
  }

  /// Compiles a trace.
  ///
  /// - Throws: `TensorError` of kind `valueNeeded` when the trace cannot be a program.
  package convenience init(_ trace: Trace, _ options: CompilerOptions = CompilerOptions()) throws {
    var trace = trace
    var compilation = Compilation(options)
    let operators = options.isDescribed ? trace.kinds : []
    trace.recognizeOperators(&compilation)
    try self.init(trace, options, after: compilation, of: operators)
  }

  /// Compiles a trace in which operators were recognized before it was differentiated.
  convenience init(_ trace: consuming Trace, _ options: CompilerOptions, after recognition: Compilation) throws {
    let operators = options.isDescribed ? trace.kinds : []
    try self.init(trace, options, after: recognition, of: operators)
  }

  private convenience init(
    _ trace: consuming Trace, _ options: CompilerOptions, after recognition: Compilation, of operators: [String]
  ) throws {
    var compilation = recognition
    var lowering = try Self.lowering(of: trace, &compilation)
    compilation.run(.blockChannels, on: &lowering) { $0 = ChannelBlocking.apply(to: $0) }
    compilation.run(.fuseNormalization, on: &lowering) { $0 = NormalizationFusion.apply(to: $0) }
    compilation.run(.chooseConvolutions, on: &lowering) {
      $0 = ConvolutionChoice.apply(to: $0, isExact: options.usesExactConvolution)
    }
    compilation.run(.fuseTails, on: &lowering) { $0 = ConvolutionTails.apply(to: $0) }
    compilation.run(.fuseProducts, on: &lowering) { $0 = ProductFusion.apply(to: $0) }
    compilation.run(.orderWeights, on: &lowering) { $0 = WeightOrder.apply(to: $0) }
    compilation.run(.packWeights, on: &lowering) { $0 = WeightPacking.apply(to: $0) }
    compilation.run(.fuseElementwise, on: &lowering) { $0 = ElementwiseFusion.apply(to: $0) }
    try self.init(lowering, describing: options.isDescribed ? (operators, compilation.passes) : nil)
  }

  /// The calls that a trace becomes; nothing is left of the trace itself, which holds weights in their old form.
  private static func lowering(of trace: consuming Trace, _ compilation: inout Compilation) throws -> Lowering {
    var trace = trace
    try compilation.run(.foldConstants, on: &trace) { try $0.foldConstants() }
    try compilation.run(.shareSubexpressions, on: &trace) { try $0.shareSubexpressions() }
    try compilation.run(.foldNormalization, on: &trace) { try $0.foldNormalization() }
    try compilation.run(.simplify, on: &trace) { $0 = try Simplification.apply(to: $0) }
    return try Lowering(trace)
  }

  init(_ lowering: Lowering, describing: (operators: [String], passes: [ProgramDescription.Pass])?) throws {
    inputTypes = lowering.inputs.map { TensorType($0.dtype, shape: $0.shape) }
    outputTypes = lowering.outputs.map { TensorType($0.dtype, shape: $0.shape) }
    islands = lowering.islands.map { "\($0.operation): \($0.reason)" }
    let slots = Dictionary(
      (lowering.inputs + lowering.outputs).enumerated().map { ($1.buffer, $0) }, uniquingKeysWith: { first, _ in first }
    )
    let kernels = try lowering.calls.map { call -> Kernel? in
      guard case .kernel(let request) = call.body else { return nil }
      do { return try KernelCache.shared.kernel(for: request, backend: Context.current.backend) } catch let error
        as KernelError
      {
        throw TensorError(error)
      }
    }
    // Scratch memory lives for one call, behind the numbers of all buffers.
    let scratch = kernels.enumerated().compactMap { index, kernel -> MemoryPlan.Life? in
      guard let byteCount = kernel?.scratchByteCount, byteCount > 0 else { return nil }
      return MemoryPlan.Life(
        buffers: [lowering.buffers.count + index], byteCount: byteCount, first: index, last: index)
    }
    let plan = MemoryPlan(lowering.lives(except: Set(slots.keys)) + scratch)
    func place(_ operand: Lowering.Operand) throws -> Place {
      if let slot = slots[operand.buffer] { return .slot(slot, operand.byteOffset) }
      if case .constant(let storage) = lowering.buffers[operand.buffer] {
        return .constant(storage, operand.byteOffset)
      }
      guard let offset = plan.offsets[operand.buffer] else {
        throw TensorError(.internal, "an operand of a program has no place")
      }
      return .arena(offset + operand.byteOffset)
    }
    steps = try zip(lowering.calls, kernels).enumerated().map { index, pair in
      let (call, kernel) = pair
      if let kernel {
        return .kernel(
          kernel, try (call.inputs + call.outputs).map { try $0.map(place) },
          scratch: plan.offsets[lowering.buffers.count + index] ?? 0)
      }
      switch call.body {
      case .kernel: throw TensorError(.internal, "a call of a program has no kernel")
      case .host(let body):
        func hostOperand(_ operand: Lowering.Operand) throws -> HostOperand {
          HostOperand(place: try place(operand), operand: operand)
        }
        return .host(
          body, inputs: try call.inputs.map { try $0.map(hostOperand) },
          outputs: try call.outputs.map { try $0.map(hostOperand) })
      }
    }
    arenaByteCount = plan.byteCount
    scratchByteCount = scratch.map(\.byteCount).max() ?? 0
    runs = RunPool(capacity: 16)
    if let describing {
      description = ProgramDescription(
        lowering, operators: describing.operators, passes: describing.passes, kernels: kernels, islands: islands,
        arenaByteCount: arenaByteCount, scratchByteCount: scratchByteCount)
    } else {
      description = nil
    }
  }

  /// Computes the outputs of inputs of the program's types.
  ///
  /// - Throws: `TensorError` of kind `internal` for inputs of other types, else the error of the kernel that failed.
  package func run(_ inputs: [Tensor]) throws -> [Tensor] {
    try execute(inputs) { run, slots in try run.execute(steps, slots: slots) }
  }

  /// The same, with the time that each step takes.
  ///
  /// - Parameter observe: called with each step's place and time.
  package func run(_ inputs: [Tensor], observe: (Int, Duration) -> Void) throws -> [Tensor] {
    try execute(inputs) { run, slots in try run.execute(steps, slots: slots, observe: observe) }
  }

  private func execute(
    _ inputs: [Tensor], _ body: (Run, [UnsafeMutableRawPointer]) throws -> Void
  ) throws -> [Tensor] {
    guard inputs.count == inputTypes.count,
      zip(inputs, inputTypes).allSatisfy({ $0.dtype == $1.dtype && $0.shape == $1.shape })
    else {
      throw TensorError(
        .internal, "a program for \(inputTypes) was given \(inputs.map(\.type))")
    }
    let inputs = try inputs.map { try $0.detach().contiguous() }
    let outputs = try outputTypes.map { try Tensor.uninitialized($0.shape ?? [], dtype: $0.dtype) }
    let run = try runs.take { try Run(arenaByteCount: arenaByteCount, steps) }
    defer { runs.give(back: run) }
    try withExtendedLifetime((inputs, outputs)) {
      try body(run, try (inputs + outputs).map { try $0.address() })
    }
    return outputs
  }
}

/// One arena, and the addresses of all operands in it.
private final class Run: @unchecked Sendable {
  // `@unchecked`: whoever took it from the pool is alone with it.
  private let arena: Storage
  private var operands: [Operands]
  /// Which addresses are those of inputs and outputs, which each run gives anew.
  private let patches: [(step: Int, operand: Int, slot: Int, offset: Int)]

  init(arenaByteCount: Int, _ steps: [Program.Step]) throws {
    arena = try Storage(byteCount: arenaByteCount)
    var patches: [(step: Int, operand: Int, slot: Int, offset: Int)] = []
    operands = []
    for (index, step) in steps.enumerated() {
      guard case .kernel(_, let places, _) = step else {
        operands.append([])
        continue
      }
      var addresses: Operands = []
      for (position, place) in places.enumerated() {
        switch place {
        case .arena(let offset): addresses.append(arena.pointer + offset)
        case .constant(let storage, let offset): addresses.append(storage.pointer + offset)
        case .slot(let slot, let offset):
          patches.append((index, position, slot, offset))
          addresses.append(nil)
        case nil: addresses.append(nil)
        }
      }
      operands.append(addresses)
    }
    self.patches = patches
  }

  func execute(_ steps: [Program.Step], slots: [UnsafeMutableRawPointer]) throws {
    patch(slots)
    for (index, step) in steps.enumerated() { try execute(step, index, slots) }
  }

  func execute(
    _ steps: [Program.Step], slots: [UnsafeMutableRawPointer], observe: (Int, Duration) -> Void
  ) throws {
    patch(slots)
    for (index, step) in steps.enumerated() {
      let start = ContinuousClock.now
      try execute(step, index, slots)
      observe(index, ContinuousClock.now - start)
    }
  }

  private func patch(_ slots: [UnsafeMutableRawPointer]) {
    for patch in patches { operands[patch.step][patch.operand] = slots[patch.slot] + patch.offset }
  }

  private func execute(_ step: Program.Step, _ index: Int, _ slots: [UnsafeMutableRawPointer]) throws {
    switch step {
    case .kernel(let kernel, _, let scratch):
      do { try kernel.run(operands[index], scratch: arena.pointer + scratch) } catch let error as KernelError {
        throw TensorError(error)
      }
    case .host(let body, let inputs, let outputs):
      let results = try body(inputs.map { $0.map { tensor($0, slots) } })
      for (result, output) in zip(results, outputs) {
        guard let output else { continue }
        guard let result, result.shape == output.operand.shape, result.dtype == output.operand.dtype else {
          throw TensorError(
            .internal,
            "an operation of a program gave \(result.map { "\($0.type)" } ?? "nothing") where "
              + "\(output.operand.dtype)\(output.operand.shape) was planned")
        }
        try result.detach().copy(onto: tensor(output, slots))
      }
    }
  }

  /// A look at an operand, for Swift code; it must not outlive the run.
  private func tensor(_ operand: Program.HostOperand, _ slots: [UnsafeMutableRawPointer]) -> Tensor {
    let start: UnsafeMutableRawPointer
    let owner: any Sendable
    switch operand.place {
    case .arena(let offset): (start, owner) = (arena.pointer + offset, arena)
    case .constant(let storage, let offset): (start, owner) = (storage.pointer + offset, storage)
    case .slot(let slot, let offset): (start, owner) = (slots[slot] + offset, self)
    }
    return Tensor(
      viewing: start, owner: owner, dtype: operand.operand.dtype, shape: operand.operand.shape,
      strides: operand.operand.strides)
  }
}

/// Runs that wait to be used again.
private final class RunPool: Sendable {
  private let capacity: Int
  private let waiting = Mutex<[Run]>([])

  init(capacity: Int) { self.capacity = capacity }

  func take(orMake make: () throws -> Run) throws -> Run {
    if let run = waiting.withLock({ $0.popLast() }) { return run }
    return try make()
  }

  func give(back run: Run) {
    waiting.withLock { if $0.count < capacity { $0.append(run) } }
  }
}
