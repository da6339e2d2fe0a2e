import ThawKernels
import ThawTensor
import ThawTypes

/// Runs elementwise functions of the same elements together, so that what one gives to the next never leaves the cache.
struct ElementwiseFusion {
  typealias Operand = Lowering.Operand
  typealias Call = Lowering.Call

  private typealias Member = (call: Call, step: FusedRequest.Step, origin: [Int])

  /// Functions over one shape that wait for more.
  private struct Group {
    let shape: [Int]
    var calls: [Member] = []
    var made: Set<Int> = []
  }

  private let lowering: Lowering
  private let smallestGroup: Int
  /// How many operands name each buffer.
  private var uses: [Int: Int] = [:]
  private var writers: [Int: Int] = [:]
  private let slots: Set<Int>
  private var groups: [Int: Group] = [:]
  private var order: [Int] = []
  /// The open group that makes a buffer.
  private var makers: [Int: Int] = [:]
  private var calls: [Call] = []
  private var origins: [[Int]] = []

  /// - Parameter fusesSingleCalls: whether a function alone becomes a fused one too.
  static func apply(to lowering: Lowering, fusesSingleCalls: Bool = false) -> Lowering {
    var pass = ElementwiseFusion(lowering, smallestGroup: fusesSingleCalls ? 1 : 2)
    return pass.run()
  }

  private init(_ lowering: Lowering, smallestGroup: Int) {
    self.lowering = lowering
    self.smallestGroup = smallestGroup
    slots = Set((lowering.inputs + lowering.outputs).map(\.buffer))
    for call in lowering.calls {
      for case let operand? in call.inputs + call.outputs { uses[operand.buffer, default: 0] += 1 }
      for case let operand? in call.outputs { writers[operand.buffer, default: 0] += 1 }
    }
  }

  private mutating func run() -> Lowering {
    for (call, origin) in zip(lowering.calls, lowering.origins) {
      guard let (step, shape) = elementwise(call) else {
        emitMakers(of: call)
        append(call, origin)
        continue
      }
      add(call, step, shape, origin)
    }
    for group in order { emit(group) }
    var result = lowering
    result.calls = calls
    result.origins = origins
    return result
  }

  /// The function of a call that can run with others, and the shape it runs over.
  private func elementwise(_ call: Call) -> (FusedRequest.Step, [Int])? {
    guard case .kernel(let request) = call.body, let output = call.outputs.first ?? nil, writers[output.buffer] == 1,
      output.byteOffset == 0
    else { return nil }
    let step: FusedRequest.Step
    let shape: [Int]
    switch request {
    case let unary as UnaryRequest:
      let function = FusedRequest.Function.unary(unary.function, alpha: unary.alpha, beta: unary.beta)
      (step, shape) = (FusedRequest.Step(function: function, dtype: unary.dtype, inputs: [0], output: 1), unary.shape)
    case let binary as BinaryRequest:
      step = FusedRequest.Step(
        function: .binary(binary.function), dtype: binary.dtype, inputs: [0, 1], output: 2)
      shape = binary.shape
    case let select as SelectRequest:
      (step, shape) = (
        FusedRequest.Step(function: .select, dtype: select.dtype, inputs: [0, 1, 2], output: 3), select.shape
      )
    default: return nil
    }
    guard step.isFusible, call.inputs.allSatisfy({ $0 != nil }) else { return nil }
    return (step, shape)
  }

  private static func strides(of call: Call) -> [[Int]] {
    guard case .kernel(let request) = call.body else { return [] }
    return switch request {
    case let unary as UnaryRequest: [unary.strides]
    case let binary as BinaryRequest: [binary.leftStrides, binary.rightStrides]
    case let select as SelectRequest: [select.conditionStrides, select.trueStrides, select.falseStrides]
    default: []
    }
  }

  private mutating func add(_ call: Call, _ step: FusedRequest.Step, _ shape: [Int], _ origin: [Int]) {
    var joined: Int?
    for (operand, strides) in zip(call.inputs, Self.strides(of: call)) {
      guard let operand, let maker = makers[operand.buffer] else { continue }
      // Only what is read element by element as it was made can stay in the cache.
      if groups[maker]?.shape == shape, operand.byteOffset == 0, Strides.isContiguous(strides, for: shape),
        joined == nil || joined == maker || merge(maker, into: joined!)
      {
        joined = joined ?? maker
      } else {
        emit(maker)
        if joined == maker { joined = nil }
      }
    }
    // One operand may have closed the group that another had joined.
    if let group = joined, groups[group] == nil { joined = nil }
    if let group = joined, !fits(call, in: group) {
      emit(group)
      joined = nil
    }
    let group = joined ?? (order.last ?? -1) + 1
    if joined == nil {
      groups[group] = Group(shape: shape)
      order.append(group)
    }
    groups[group]?.calls.append((call, step, origin))
    if let output = call.outputs[0] {
      groups[group]?.made.insert(output.buffer)
      makers[output.buffer] = group
    }
  }

  /// Puts two open groups, neither of which reads what the other makes, together.
  private mutating func merge(_ a: Int, into b: Int) -> Bool {
    guard let first = groups[a], let second = groups[b], first.shape == second.shape,
      operandCount(first.calls.map(\.call) + second.calls.map(\.call)) <= FusedRequest.maximumOperands - 4
    else { return false }
    groups[b]?.calls = first.calls + second.calls
    groups[b]?.made.formUnion(first.made)
    for buffer in first.made { makers[buffer] = b }
    groups[a] = nil
    order.removeAll { $0 == a }
    return true
  }

  /// The operands of functions together: what they read from outside, and what is, so far, needed outside.
  private func operandCount(_ calls: [Call]) -> Int {
    let made = Set(calls.compactMap { $0.outputs[0]?.buffer })
    var inside: [Int: Int] = [:]
    var read: Set<Operand> = []
    for call in calls {
      for case let operand? in call.inputs + call.outputs {
        if made.contains(operand.buffer) { inside[operand.buffer, default: 0] += 1 } else { read.insert(operand) }
      }
    }
    return read.count + made.filter { slots.contains($0) || inside[$0] != uses[$0] }.count
  }

  /// Whether a group has room for one more function, whatever of its values will be needed outside.
  private func fits(_ call: Call, in group: Int) -> Bool {
    guard let calls = groups[group]?.calls else { return false }
    return operandCount(calls.map(\.call) + [call]) <= FusedRequest.maximumOperands
  }

  /// Emits the groups that make what a call reads, or read what it overwrites.
  private mutating func emitMakers(of call: Call) {
    for case let operand? in call.inputs + call.outputs {
      if let maker = makers[operand.buffer] { emit(maker) }
    }
    for case let operand? in call.outputs where writers[operand.buffer, default: 0] > 1 {
      for group in order where groups[group]?.calls.contains(where: { $0.call.reads(operand.buffer) }) ?? false {
        emit(group)
      }
    }
  }

  private mutating func append(_ call: Call, _ origin: [Int]) {
    calls.append(call)
    origins.append(origin)
  }

  private mutating func emit(_ index: Int) {
    guard let group = groups.removeValue(forKey: index) else { return }
    order.removeAll { $0 == index }
    for buffer in group.made { makers[buffer] = nil }
    emit(group.calls, group.shape)
  }

  private mutating func emit(_ group: [Member], _ shape: [Int]) {
    guard group.count >= smallestGroup else {
      for member in group { append(member.call, member.origin) }
      return
    }
    var inside: [Int: Int] = [:]
    for (call, _, _) in group {
      for case let operand? in call.inputs + call.outputs { inside[operand.buffer, default: 0] += 1 }
    }
    let made = Set(group.compactMap { $0.call.outputs[0]?.buffer })
    var inputs: [Operand] = []
    var inputStrides: [[Int]] = []
    var keys: [InputKey: Int] = [:]
    let outputs = group.compactMap { $0.call.outputs[0] }.filter {
      slots.contains($0.buffer) || inside[$0.buffer] != uses[$0.buffer]
    }
    for (call, _, _) in group {
      for (operand, strides) in zip(call.inputs, Self.strides(of: call)) {
        guard let operand, !made.contains(operand.buffer) else { continue }
        let key = InputKey(buffer: operand.buffer, offset: operand.byteOffset, strides: strides)
        guard keys[key] == nil else { continue }
        keys[key] = inputs.count
        inputs.append(operand)
        inputStrides.append(strides)
      }
    }
    let registers = Registers(group.map(\.call), inside: inputs.count, outputs: outputs.map(\.buffer))
    guard let registers, inputs.count + outputs.count <= FusedRequest.maximumOperands else {
      // Too much at once for the first cache.
      emit(Array(group.prefix(group.count / 2)), shape)
      return emit(Array(group.dropFirst(group.count / 2)), shape)
    }
    var steps: [FusedRequest.Step] = []
    for (place, (call, step, _)) in group.enumerated() {
      var step = step
      step.inputs = zip(call.inputs, Self.strides(of: call)).map { operand, strides in
        guard let operand else { return 0 }
        let key = InputKey(buffer: operand.buffer, offset: operand.byteOffset, strides: strides)
        return keys[key] ?? registers.places[operand.buffer] ?? 0
      }
      step.output = registers.outputs[place]
      steps.append(step)
    }
    let contiguous = Strides.contiguous(for: shape)
    let request = FusedRequest(
      shape: shape, operandTypes: (inputs + outputs).map(\.dtype),
      operandStrides: inputStrides + outputs.map { _ in contiguous }, steps: steps)
    append(
      Call(body: .kernel(request), inputs: inputs, outputs: outputs), group.flatMap(\.origin))
  }

  private struct InputKey: Hashable {
    let buffer: Int
    let offset: Int
    let strides: [Int]
  }

  /// Where each function puts its result: an operand, or a temporary that is free.
  private struct Registers {
    /// By buffer; each is written once.
    private(set) var places: [Int: Int] = [:]
    private(set) var outputs: [Int] = []

    /// Nil when there are not enough temporaries.
    init?(_ calls: [Call], inside inputCount: Int, outputs: [Int]) {
      var lastReads: [Int: Int] = [:]
      for (place, call) in calls.enumerated() {
        for case let input? in call.inputs { lastReads[input.buffer] = place }
      }
      let external = Dictionary(uniqueKeysWithValues: outputs.enumerated().map { ($1, inputCount + $0) })
      let base = inputCount + outputs.count
      var free = Array((base..<(base + FusedRequest.maximumTemporaries)).reversed())
      for (place, call) in calls.enumerated() {
        guard let output = call.outputs[0] else { return nil }
        if let operand = external[output.buffer] {
          places[output.buffer] = operand
        } else {
          guard let temporary = free.popLast() else { return nil }
          places[output.buffer] = temporary
        }
        self.outputs.append(places[output.buffer] ?? 0)
        for buffer in Set(call.inputs.compactMap { $0?.buffer }) where lastReads[buffer] == place {
          if let held = places[buffer], held >= base { free.append(held) }
        }
      }
    }
  }
}

extension Lowering.Call {
  fileprivate func reads(_ buffer: Int) -> Bool { inputs.contains { $0?.buffer == buffer } }
}
