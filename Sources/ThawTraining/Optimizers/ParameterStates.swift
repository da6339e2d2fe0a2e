import ThawGraph
import ThawTensor
import ThawTypes

/// Parameters and what an optimizer remembers of each.
///
/// A parameter of fewer than 32 bits is stepped in float32: the state holds a copy of it in that type, the slot
/// "master", and the parameter is that copy rounded. Steps too small for its own type so add up.
struct ParameterStates {
  private static let master = "master"
  private static let step = "step"

  private struct State {
    /// The steps taken.
    var steps = 0
    /// The tensors by slot; none before the parameter's first gradient.
    var slots: [String: Tensor] = [:]
  }

  /// What of a parameter decides how the rule is compiled.
  private struct Form: Hashable {
    let dtype: DType
    let slots: [String]
  }

  private let parameters: [Parameter]
  private let rule: UpdateRule
  private var states: [State]
  private var compiled: [Form: ElementwiseFunction] = [:]
  /// What every learning rate is multiplied with.
  var learningRateScale = 1.0
  /// The first parameter that the last step made infinite or NaN.
  private(set) var firstNonFinite: Parameter?

  init(_ parameters: some Sequence<Parameter>, _ rule: UpdateRule) {
    self.parameters = Array(parameters)
    self.rule = rule
    states = self.parameters.map { _ in State() }
  }

  /// Replaces the value of every parameter that has a gradient, and its state, in one pass over memory.
  ///
  /// What nobody else holds of gradients and state is overwritten by what takes its place.
  ///
  /// - Parameter learningRate: before the scale.
  mutating func step(learningRate: Double) {
    let rate = learningRate * learningRateScale
    _ = Tensor.catching {
      try OptimizerSetting("the learning rate", rate).checkNotNegative()
      try noGrad { try withErrors { try takeStep(rate: rate) } }
      return Tensor(0)
    }
  }

  private mutating func takeStep(rate: Double) throws {
    var groups: [Form: [Int]] = [:]
    for index in parameters.indices where parameters[index].grad != nil {
      let present = rule.slots.filter { $0.start != nil || states[index].slots[$0.name] != nil }
      let form = Form(dtype: Self.dtype(of: parameters[index]), slots: present.map(\.name))
      groups[form, default: []].append(index)
    }
    var nonFinite: Int?
    for (form, members) in groups {
      for index in try takeStep(rate: rate, of: members, form) { nonFinite = min(nonFinite ?? index, index) }
    }
    firstNonFinite = nonFinite.map { parameters[$0] }
  }

  /// Steps parameters of one form.
  ///
  /// - Returns: those that became infinite or NaN.
  private mutating func takeStep(rate: Double, of members: [Int], _ form: Form) throws -> [Int] {
    let update = try compiled[form] ?? rule.compiled(for: form.dtype, slots: form.slots)
    compiled[form] = update
    var numbers: [Int: [Tensor]] = [:]
    for step in Set(members.map { states[$0].steps + 1 }) {
      numbers[step] = try rule.numbers(rate, step: step, dtype: form.dtype)
    }
    let hadSlots = members.map { !states[$0].slots.isEmpty }
    var calls: [ElementwiseFunction.Call] = []
    do {
      for index in members { calls.append(try takeCall(of: index, form, numbers)) }
      try update.run(&calls, checking: 0)
    } catch {
      for ((index, hadSlots), call) in zip(zip(members, hadSlots), calls) {
        try putBack(call, of: index, form, hadSlots: hadSlots)
      }
      throw error
    }
    var nonFinite: [Int] = []
    for (index, call) in zip(members, calls) {
      let parameter = parameters[index]
      let isRounded = form.dtype != parameter.type.dtype
      let value = isRounded ? call.results[0].cast(to: parameter.type.dtype) : call.results[0]
      try parameter.set(value)
      states[index].steps += 1
      states[index].slots = Dictionary(uniqueKeysWithValues: zip(rule.slots.map(\.name), call.results[1...]))
      if isRounded { states[index].slots[Self.master] = call.results[0] }
      let isFinite = try isRounded ? Tensor.areFinite([value])[0] : call.isFinite
      if !isFinite { nonFinite.append(index) }
    }
    return nonFinite
  }

  /// What a parameter and its state hold; nobody but the call has it then, unless it is held elsewhere.
  private mutating func takeCall(
    of index: Int, _ form: Form, _ numbers: [Int: [Tensor]]
  ) throws -> ElementwiseFunction.Call {
    let parameter = parameters[index]
    let value = try Self.exactValue(of: parameter, states[index])
    var gradient = parameter.grad?.detach() ?? Tensor.zeros(value.shape, dtype: value.dtype)
    if gradient.dtype != form.dtype {
      gradient = gradient.cast(to: form.dtype)
    } else if let taken = parameter.takeGrad() {
      gradient = taken.detach()
    }
    let starts = Dictionary(uniqueKeysWithValues: rule.slots.map { ($0.name, $0.start ?? 0) })
    let slots = try form.slots.map { name in
      if let tensor = states[index].slots[name] { return tensor }
      return try Tensor.full(value.shape, starts[name] ?? 0, dtype: form.dtype)
    }
    states[index].slots = [:]
    return ElementwiseFunction.Call(
      tensors: [value, gradient] + slots, numbers: numbers[states[index].steps + 1] ?? [])
  }

  /// Where a step failed, value, gradient and state stay.
  private mutating func putBack(
    _ call: ElementwiseFunction.Call, of index: Int, _ form: Form, hadSlots: Bool
  ) throws {
    let parameter = parameters[index]
    if parameter.grad == nil { try parameter.accumulate(call.tensors[1]) }
    guard hadSlots else { return }
    states[index].slots = Dictionary(uniqueKeysWithValues: zip(form.slots, call.tensors[2...]))
    if form.dtype != parameter.type.dtype { states[index].slots[Self.master] = call.tensors[0] }
  }

  /// The value that a step starts from: of few bits the copy in float32, unless the parameter was set since.
  private static func exactValue(of parameter: Parameter, _ state: State) throws -> Tensor {
    let value = try parameter.value().detach()
    guard dtype(of: parameter) != value.dtype else { return value }
    if let master = state.slots[master],
      try master.cast(to: value.dtype).elements(as: Float.self) == value.elements(as: Float.self)
    {
      return master
    }
    return value.cast(to: .float32)
  }

  /// The type in which a parameter is stepped.
  private static func dtype(of parameter: Parameter) -> DType {
    parameter.type.dtype.itemSize < DType.float32.itemSize ? .float32 : parameter.type.dtype
  }

  // The state by name.

  var entries: [OptimizerState] {
    zip(parameters, states).flatMap { parameter, state in
      let count = rule.countsSteps && state.steps > 0 ? [(Self.step, Tensor(state.steps))] : []
      return (count + state.slots.sorted { $0.key < $1.key }).map {
        OptimizerState(slot: $0.0, parameter: parameter.name, tensor: $0.1)
      }
    }
  }

  /// Takes the place of the state with one that was saved.
  ///
  /// - Throws: `TrainingError` of kind `setting`, and nothing has changed.
  mutating func restore(_ entries: [OptimizerState]) throws {
    try OptimizerState.check(entries, areOf: Set(parameters.map(\.name)))
    let saved = Dictionary(grouping: entries, by: \.parameter)
    states = try parameters.map { try restored(saved[$0.name] ?? [], of: $0) }
  }

  private func restored(_ entries: [OptimizerState], of parameter: Parameter) throws -> State {
    var state = State()
    let slots = Set(rule.slots.map(\.name))
    let dtype = Self.dtype(of: parameter)
    for entry in entries {
      let place = "the optimizer's state '\(entry.slot)' of the parameter '\(parameter.name)'"
      if entry.slot == Self.step, rule.countsSteps {
        guard entry.tensor.dtype == .int64, entry.tensor.count == 1, case let steps = try entry.tensor.integers()[0],
          steps >= 0
        else { throw TrainingError(.setting, "\(place) should be one int64 of at least 0 and is \(entry.tensor.type)") }
        state.steps = steps
        continue
      }
      guard slots.contains(entry.slot) || (entry.slot == Self.master && dtype != parameter.type.dtype) else {
        throw TrainingError(.setting, "\(place) is nothing that this optimizer with these settings remembers")
      }
      guard entry.tensor.dtype == dtype, entry.tensor.shape == parameter.type.shape else {
        throw TrainingError(
          .setting,
          "\(place) should be \(TensorType(dtype, shape: parameter.type.shape ?? [])) and is \(entry.tensor.type)")
      }
      guard state.slots.updateValue(entry.tensor.detach(), forKey: entry.slot) == nil else {
        throw TrainingError(.setting, "\(place) is there twice")
      }
    }
    guard !entries.isEmpty else { return state }
    let needed = dtype == parameter.type.dtype ? slots : slots.union([Self.master])
    if let missing = needed.subtracting(state.slots.keys).min()
      ?? (rule.countsSteps && state.steps == 0 ? Self.step : nil)
    {
      throw TrainingError(
        .setting, "the optimizer's state '\(missing)' of the parameter '\(parameter.name)' is missing")
    }
    return state
  }
}
