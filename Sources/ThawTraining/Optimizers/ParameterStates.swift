import ThawGraph
import ThawTensor

/// Parameters, and what an optimizer remembers of each: nothing before the parameter's first gradient.
struct ParameterStates<State> {
  private let parameters: [Parameter]
  private var states: [State?]

  init(_ parameters: some Sequence<Parameter>) {
    self.parameters = Array(parameters)
    states = self.parameters.map { _ in nil }
  }

  /// Replaces the value of every parameter that has a gradient, and its state.
  ///
  /// - Parameters:
  ///   - maximize: whether the gradient is followed upwards.
  ///   - weightDecay: how much of the value is added to the gradient.
  ///   - update: gives the new value from the value, the gradient and the state, which it changes.
  mutating func step(
    maximize: Bool, weightDecay: Double = 0,
    _ update: (_ value: Tensor, _ gradient: Tensor, _ state: inout State?) -> Tensor
  ) {
    _ = Tensor.catching {
      try noGrad {
        for (index, parameter) in parameters.enumerated() {
          guard var gradient = parameter.grad else { continue }
          let value = try parameter.value().detach()
          // Where an operation fails, value and state stay.
          var state = states[index]
          let changed = try withErrors {
            if maximize { gradient = -gradient }
            if weightDecay != 0 { gradient = gradient + value * weightDecay }
            return update(value, gradient, &state)
          }
          try parameter.set(changed)
          states[index] = state
        }
      }
      return Tensor(0)
    }
  }
}
