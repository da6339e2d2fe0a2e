import Synchronization
import ThawONNX
import ThawTensor
import ThawTypes

/// Takes down the operations of Swift code as a graph: types and names, no numbers.
///
/// Dimensions that vary have a name and, for the trial, a size. Small integer values that follow from shapes are
/// computed for the trial too, so that Swift code may ask for them; whether what it makes of them depends on the size
/// shows when a second trial, at other sizes, is compared.
final class Tracer: Recorder {
  /// One operation as it was recorded.
  struct Step {
    let operation: any Operator
    let inputs: [Int?]
    let outputs: [Int?]
  }

  /// A value of the recording.
  enum Entry {
    case input(name: String, type: TensorType)
    case constant(Tensor)
    case result(TensorType)
  }

  struct State {
    var entries: [Entry] = []
    var steps: [Step] = []
    /// The constants already seen, by leaf or by memory.
    var constants: [ConstantKey: Int] = [:]
    /// The trial's values of small integer results.
    var trialValues: [Int: Tensor] = [:]
    var trialShapes: [Int: [Int]] = [:]
  }

  enum ConstantKey: Hashable {
    case leaf(ObjectIdentifier)
    case memory(ObjectIdentifier, offset: Int, shape: [Int], strides: [Int])
  }

  private let state = Mutex(State())
  private let sizes: [String: Int]
  private let task: Int?
  let isForFile: Bool

  /// Opens a recording in this task.
  ///
  /// - Parameters:
  ///   - sizes: what the named dimensions are in this trial.
  ///   - isForFile: whether operators of Thaw's own are taken down as what they stand for in ONNX.
  init(sizes: [String: Int], isForFile: Bool = true) {
    self.sizes = sizes
    self.isForFile = isForFile
    task = Self.currentTask
  }

  private static var currentTask: Int? { withUnsafeCurrentTask { $0?.hashValue } }

  /// What was recorded so far.
  var recorded: State { state.withLock { $0 } }

  /// A named input.
  func input(_ name: String, _ type: TensorType) throws -> Tensor {
    guard let dims = type.dims else {
      throw ModelError(.recording, "the input '\(name)' needs dimensions; a name stands for one that varies")
    }
    let shape = try dims.map { dim -> Int in
      switch dim {
      case .known(let size): size
      case .symbol(let symbol): sizes[symbol] ?? 1
      case .unknown:
        throw ModelError(.recording, "the input '\(name)' has a dimension without a number or a name")
      }
    }
    return state.withLock { state in
      tensor(of: add(.input(name: name, type: type), shape: shape, to: &state), type, shape)
    }
  }

  /// What is drawn differs from run to run; what is much larger than what it is made of is not worth keeping.
  func takes(_ operation: any Operator, of inputs: [Value?]) -> Bool {
    if operation.draws { return true }
    guard !isForFile, inputs.allSatisfy({ $0 == nil || $0?.tensor != nil }) else { return false }
    let known = KnownValues(inputs.map { $0?.tensor })
    let types = (try? operation.outputTypes(inputs.map { $0?.type }, known: known)) ?? []
    return !Trace.isWorthKeeping(types.map(\.tensor), madeOf: inputs.map { $0?.tensor?.type })
  }

  func record(_ operation: any Operator, inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    guard task == Self.currentTask else {
      throw TensorError(
        .operand, "\(operation.schema.name): a recording belongs to the task that opened it, and this is another")
    }
    if isForFile, let expandable = operation as? any Expandable {
      return try expandable.expansion(inputs, wanted: wanted)
    }
    if let old = operation as? any Superseded, old.isSuperseded { return try old.successor(inputs, wanted: wanted) }
    return try state.withLock { state in
      let indices = try inputs.map { try $0.map { try index(of: $0, in: &state) } }
      return try infer(operation, inputs, indices, wanted, &state)
    }
  }

  private func infer(
    _ operation: any Operator, _ inputs: [Value?], _ indices: [Int?], _ wanted: OutputMask, _ state: inout State
  ) throws -> [Value?] {
    let known = indices.map { $0.flatMap { Self.trialValue(of: $0, in: state) } }
    // Values that hang on a named dimension are not known in general, so that its name is lost, not its variation.
    let fixed = indices.map { $0.flatMap { Self.constant(of: $0, in: state) } }
    let named = inputs.map { $0?.type }
    let trial = indices.map { $0.map { ValueType.tensor(Self.trialType(of: $0, in: state)) } }
    let types = try operation.outputTypes(named, known: KnownValues(fixed))
    let trialTypes = try operation.outputTypes(trial, known: KnownValues(known))
    var outputs: [Int?] = []
    var results: [Value?] = []
    // How many outputs a node with any number of them has says what it computes: all of them stay.
    let isVariadic = operation.schema.outputs.last?.isVariadic ?? false
    for (position, type) in types.enumerated() {
      guard wanted[position] || isVariadic else {
        outputs.append(nil)
        results.append(nil)
        continue
      }
      // What stays for its place's sake needs no shape.
      guard let type = type.tensor, let shape = trialTypes[position].tensor?.shape ?? (wanted[position] ? nil : [])
      else {
        throw TensorError(
          .valueNeeded,
          "\(operation.schema.name): the shape of its result depends on numbers that are not known while "
            + "recording")
      }
      let index = add(.result(type), shape: shape, to: &state)
      outputs.append(index)
      results.append(wanted[position] ? .tensor(tensor(of: index, type, shape)) : nil)
    }
    while outputs.last == .some(nil) { outputs.removeLast() }
    state.steps.append(Step(operation: operation, inputs: indices, outputs: outputs))
    return try computeTrial(operation, inputs, known, outputs, results, &state)
  }

  /// Integer results that are small and follow from what is known get their trial values.
  private func computeTrial(
    _ operation: any Operator, _ inputs: [Value?], _ known: [Tensor?], _ outputs: [Int?], _ results: [Value?],
    _ state: inout State
  ) throws -> [Value?] {
    func type(_ value: Value?) -> ValueType? {
      (value?.tensor).map { .tensor(TensorType($0.dtype, shape: $0.shape)) }
    }
    guard results.allSatisfy({ !($0?.tensor?.dtype.isFloatingPoint ?? false) }),
      let computed = try operation.following(inputs.map(type), known, outputs: results.map(type))
    else { return results }
    return results.enumerated().map { position, result in
      guard position < outputs.count, let index = outputs[position], let value = computed[position],
        let tensor = result?.tensor
      else { return result }
      state.trialValues[index] = value
      return .tensor(self.tensor(of: index, tensor.type, tensor.shape, trial: value))
    }
  }

  private func add(_ entry: Entry, shape: [Int], to state: inout State) -> Int {
    state.entries.append(entry)
    state.trialShapes[state.entries.count - 1] = shape
    return state.entries.count - 1
  }

  private func tensor(of index: Int, _ type: TensorType, _ shape: [Int], trial: Tensor? = nil) -> Tensor {
    let value = TracedValue(recorder: ObjectIdentifier(self), index: index, type: type, trial: trial)
    return Tensor(dtype: type.dtype, shape: shape, contents: .traced(value))
  }

  private func index(of value: Value, in state: inout State) throws -> Int {
    guard case .tensor(let tensor) = value else {
      throw ModelError(.recording, "only tensors can be recorded, and an input is \(value.type)")
    }
    if case .traced(let traced) = tensor.contents {
      guard traced.recorder == ObjectIdentifier(self) else {
        throw TensorError(.operand, "an input is a value of another recording")
      }
      return traced.index
    }
    return constantIndex(of: tensor, in: &state)
  }

  func constantIndex(of tensor: Tensor) -> Int { state.withLock { constantIndex(of: tensor, in: &$0) } }

  private func constantIndex(of tensor: Tensor, in state: inout State) -> Int {
    let key: ConstantKey? =
      switch (tensor.link, tensor.contents) {
      case (.leaf(let leaf), _): .leaf(ObjectIdentifier(leaf))
      case (_, .memory(let storage, let offset, let strides)):
        .memory(ObjectIdentifier(storage), offset: offset, shape: tensor.shape, strides: strides)
      default: nil
      }
    if let key, let index = state.constants[key] { return index }
    let index = add(.constant(tensor), shape: tensor.shape, to: &state)
    if let key { state.constants[key] = index }
    return index
  }

  private static func constant(of index: Int, in state: State) -> Tensor? {
    if case .constant(let tensor) = state.entries[index] { tensor } else { nil }
  }

  private static func trialValue(of index: Int, in state: State) -> Tensor? {
    state.trialValues[index] ?? constant(of: index, in: state)
  }

  private static func trialType(of index: Int, in state: State) -> TensorType {
    let dtype: DType =
      switch state.entries[index] {
      case .input(_, let type), .result(let type): type.dtype
      case .constant(let tensor): tensor.dtype
      }
    return TensorType(dtype, shape: state.trialShapes[index] ?? [])
  }
}
