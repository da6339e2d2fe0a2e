import Synchronization
import ThawKernels
import ThawTypes

/// Takes down the kernels that operations ask for instead of running them: how a program is compiled.
///
/// Operations run as ever, on tensors some of which are planned: they have a type and a shape, and their bytes come with
/// the program. What reads such bytes to decide something cannot be taken down, and fails with `valueNeeded`.
package final class KernelCapture: Sendable {
  /// Memory that calls read and write, by its number.
  package typealias BufferIndex = Int

  package enum Buffer: Sendable {
    /// Given by the program.
    case planned(byteCount: Int)
    /// The same in every run.
    case constant(Storage)
    /// Written to, after it got these contents.
    case initialized(Storage)

    package var byteCount: Int {
      switch self {
      case .planned(let byteCount): byteCount
      case .constant(let storage), .initialized(let storage): storage.byteCount
      }
    }
  }

  /// A tensor of a program: where in a buffer its elements lie.
  package struct Operand: Hashable, Sendable {
    package var buffer: BufferIndex
    /// Where the element at 0, 0, … starts.
    package var byteOffset: Int
    package var dtype: DType
    package var shape: [Int]
    package var strides: [Int]

    package init(buffer: BufferIndex, byteOffset: Int = 0, dtype: DType, shape: [Int], strides: [Int]) {
      self.buffer = buffer
      self.byteOffset = byteOffset
      self.dtype = dtype
      self.shape = shape
      self.strides = strides
    }
  }

  package struct Call: Sendable {
    package enum Body: Sendable {
      case kernel(any KernelRequest)
      /// Swift code on tensors, whose results are copied into the outputs.
      case host(@Sendable ([Tensor?]) throws -> [Tensor?])
    }

    package var body: Body
    package var inputs: [Operand?]
    package var outputs: [Operand?]

    package init(body: Body, inputs: [Operand?], outputs: [Operand?]) {
      self.body = body
      self.inputs = inputs
      self.outputs = outputs
    }
  }

  package struct State: Sendable {
    package var buffers: [Buffer] = []
    package var calls: [Call] = []
    /// By storage, which `storages` keeps alive.
    fileprivate var indices: [ObjectIdentifier: BufferIndex] = [:]
    fileprivate var storages: [Storage] = []
  }

  private let state = Mutex(State())

  package init() {}

  package static let valueNeeded = TensorError(
    .valueNeeded, "the operation reads numbers that are there only when the program runs")

  /// What was taken down so far.
  package var captured: State { state.withLock { $0 } }

  /// A tensor whose bytes a program gives.
  package static func planned(_ shape: [Int], dtype: DType) throws -> Tensor {
    try .uninitialized(shape, dtype: dtype, isPlanned: true)
  }

  /// The buffer and the place of a tensor's elements.
  package func operand(of tensor: Tensor) throws -> Operand {
    try state.withLock { try $0.operand(of: tensor, isWritten: false) }
  }

  /// Forgets the calls after the first `count`, of an operation that could not be taken down whole.
  package func forgetCalls(after count: Int) { state.withLock { $0.calls.removeSubrange(count...) } }

  package var callCount: Int { state.withLock { $0.calls.count } }

  /// Takes a call down, unless all that it reads and writes is there: then it can run now.
  func takes(_ request: some KernelRequest, _ inputs: [Tensor?], _ results: [Tensor?]) throws -> Bool {
    try state.withLock { state in
      guard (inputs + results).contains(where: { $0.map(state.isPlanned) ?? false }) else { return false }
      try state.append(.kernel(request), inputs, results)
      return true
    }
  }

  /// Takes down Swift code that computes `results` of `inputs`.
  package func record(
    _ inputs: [Tensor?], _ results: [Tensor?], _ body: @escaping @Sendable ([Tensor?]) throws -> [Tensor?]
  ) throws {
    try state.withLock { try $0.append(.host(body), inputs, results) }
  }

  fileprivate func isPlanned(_ tensor: Tensor) -> Bool { state.withLock { $0.isPlanned(tensor) } }
}

extension KernelCapture.State {
  /// Whether the tensor's bytes differ from run to run.
  fileprivate func isPlanned(_ tensor: Tensor) -> Bool {
    guard case .memory(let storage, _, _) = tensor.contents else { return false }
    if storage.isPlanned { return true }
    if let index = indices[ObjectIdentifier(storage)], case .initialized = buffers[index] { return true }
    return false
  }

  fileprivate mutating func append(
    _ body: KernelCapture.Call.Body, _ inputs: [Tensor?], _ results: [Tensor?]
  ) throws {
    let inputs = try inputs.map { try $0.map { try operand(of: $0, isWritten: false) } }
    let outputs = try results.map { try $0.map { try operand(of: $0, isWritten: true) } }
    calls.append(KernelCapture.Call(body: body, inputs: inputs, outputs: outputs))
  }

  fileprivate mutating func operand(of tensor: Tensor, isWritten: Bool) throws -> KernelCapture.Operand {
    guard case .memory(let storage, let offset, let strides) = tensor.contents else {
      throw TensorError(.unsupported, "a program computes with numbers, and an operand is \(tensor.type)")
    }
    let key = ObjectIdentifier(storage)
    let index: Int
    if let known = indices[key] {
      index = known
    } else {
      index = buffers.count
      indices[key] = index
      storages.append(storage)
      buffers.append(storage.isPlanned ? .planned(byteCount: storage.byteCount) : .constant(storage))
    }
    if isWritten, case .constant(let contents) = buffers[index] { buffers[index] = .initialized(contents) }
    return KernelCapture.Operand(
      buffer: index, byteOffset: offset * tensor.dtype.itemSize, dtype: tensor.dtype, shape: tensor.shape,
      strides: strides)
  }
}

extension Context {
  /// Whether what is computed of these has its bytes only when a program runs.
  func plans(_ inputs: [Tensor?]) -> Bool {
    capture != nil && (plansConstants || inputs.contains { $0?.isPlanned ?? false })
  }
}

extension Tensor {
  /// Whether its bytes come when a program runs.
  package var isPlanned: Bool {
    guard case .memory(let storage, _, _) = contents else { return false }
    return storage.isPlanned || (Context.current.capture?.isPlanned(self) ?? false)
  }

  /// Checks the numbers of a contiguous tensor: now, or in each run of the program that is being compiled.
  func verify(_ check: @escaping @Sendable (Tensor) throws -> Void) throws {
    guard isPlanned, let capture = Context.current.capture else { return try check(self) }
    try capture.record([self], []) { tensors in
      if let tensor = tensors[0] { try check(tensor) }
      return []
    }
  }
}

// What a program needs of tensors' memory.
extension Tensor {
  /// Elements at `start`, which `owner` keeps alive.
  package init(
    viewing start: UnsafeMutableRawPointer, owner: any Sendable, dtype: DType, shape: [Int], strides: [Int]
  ) {
    let bytes = UnsafeRawBufferPointer(start: start, count: dtype.itemSize)
    self.init(
      dtype: dtype, shape: shape,
      contents: .memory(Storage(viewing: bytes, owner: owner), offset: 0, strides: strides))
  }
}
