import ThawGraph
import ThawTensor
import ThawTypes

/// What an optimizer remembers of one parameter.
struct ParameterState {
  /// The steps taken.
  var steps = 0
  /// The tensors by slot; none before the parameter's first gradient.
  var slots: [String: Tensor] = [:]

  /// A slot that is 0 before the first step.
  func slot(_ name: String, like gradient: Tensor) -> Tensor {
    slots[name] ?? Tensor.zeros(gradient.shape, dtype: gradient.dtype)
  }
}

/// Parameters and what an optimizer remembers of each.
///
/// A parameter of 16 bits is stepped in float32: the state holds a copy of it in that type, the slot "master", and the
/// parameter is that copy rounded. Steps too small for 16 bits so add up.
struct ParameterStates {
  private static let master = "master"
  private static let step = "step"

  private let parameters: [Parameter]
  private var states: [ParameterState]
  /// The slots that a parameter has after its first step.
  private let slots: Set<String>
  private let countsSteps: Bool
  /// What every learning rate is multiplied with.
  var learningRateScale = 1.0

  /// - Parameters:
  ///   - slots: what the optimizer remembers, by PyTorch's names.
  ///   - countsSteps: whether the number of steps counts.
  init(_ parameters: some Sequence<Parameter>, slots: [String] = [], countsSteps: Bool = false) {
    self.parameters = Array(parameters)
    self.slots = Set(slots)
    self.countsSteps = countsSteps
    states = self.parameters.map { _ in ParameterState() }
  }

  /// Replaces the value of every parameter that has a gradient, and its state.
  ///
  /// - Parameters:
  ///   - learningRate: before the scale.
  ///   - maximize: whether the gradient is followed upwards.
  ///   - weightDecay: how much of the value is added to the gradient.
  ///   - update: gives the new value from the value, the gradient, the learning rate and the state, whose step is
  ///     counted already.
  mutating func step(
    learningRate: Double, maximize: Bool, weightDecay: Double = 0,
    _ update: (_ value: Tensor, _ gradient: Tensor, _ rate: Double, _ state: inout ParameterState) -> Tensor
  ) {
    let rate = learningRate * learningRateScale
    _ = Tensor.catching {
      try OptimizerSetting("the learning rate", rate).checkNotNegative()
      try noGrad {
        for (index, parameter) in parameters.enumerated() {
          guard var gradient = parameter.grad else { continue }
          let dtype = parameter.type.dtype
          // Where an operation fails, value and state stay.
          var state = states[index]
          let changed = try withErrors {
            let value = try Self.exactValue(of: parameter, state)
            if gradient.dtype != value.dtype { gradient = gradient.cast(to: value.dtype) }
            if maximize { gradient = -gradient }
            if weightDecay != 0 { gradient = gradient + value * weightDecay }
            state.steps += 1
            let stepped = update(value, gradient, rate, &state)
            guard stepped.dtype != dtype else { return stepped }
            state.slots[Self.master] = stepped
            return stepped.cast(to: dtype)
          }
          try parameter.set(changed)
          states[index] = state
        }
      }
      return Tensor(0)
    }
  }

  /// The value that a step starts from: of 16 bits the copy in float32, unless the parameter was set since.
  private static func exactValue(of parameter: Parameter, _ state: ParameterState) throws -> Tensor {
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
    [.float16, .bfloat16].contains(parameter.type.dtype) ? .float32 : parameter.type.dtype
  }

  // The state by name.

  var entries: [OptimizerState] {
    zip(parameters, states).flatMap { parameter, state in
      let count = countsSteps && state.steps > 0 ? [(Self.step, Tensor(state.steps))] : []
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

  private func restored(_ entries: [OptimizerState], of parameter: Parameter) throws -> ParameterState {
    var state = ParameterState()
    let dtype = Self.dtype(of: parameter)
    for entry in entries {
      let place = "the optimizer's state '\(entry.slot)' of the parameter '\(parameter.name)'"
      if entry.slot == Self.step, countsSteps {
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
    if let missing = needed.subtracting(state.slots.keys).min() ?? (countsSteps && state.steps == 0 ? Self.step : nil) {
      throw TrainingError(
        .setting, "the optimizer's state '\(missing)' of the parameter '\(parameter.name)' is missing")
    }
    return state
  }
}
