import ThawTensor

/// Something that an optimizer remembers of a parameter.
public struct OptimizerState: Sendable {
  /// What it is, by PyTorch's name: `momentum_buffer`, `exp_avg`, `exp_avg_sq`, `max_exp_avg_sq`, `square_avg`,
  /// `grad_avg`, `sum`, or `step`, the number of steps, an int64 scalar. `master` is the float32 value of a parameter
  /// of 16 bits.
  public let slot: String
  /// The parameter's name.
  public let parameter: String
  /// Of the parameter's shape, but for `step`.
  public let tensor: Tensor

  public init(slot: String, parameter: String, tensor: Tensor) {
    self.slot = slot
    self.parameter = parameter
    self.tensor = tensor
  }

  /// - Throws: `TrainingError` of kind `setting` when one is of another parameter.
  static func check(_ state: [OptimizerState], areOf names: Set<String>) throws {
    guard let stranger = state.first(where: { !names.contains($0.parameter) }) else { return }
    throw TrainingError(
      .setting, "the optimizer's state is of a parameter '\(stranger.parameter)', which is none of those that train")
  }
}
