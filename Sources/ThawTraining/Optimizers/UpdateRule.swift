import ThawGraph
import ThawTensor
import ThawTypes

/// How an optimizer changes a parameter, element by element.
struct UpdateRule: Sendable {
  /// What an optimizer remembers of a parameter.
  struct Slot: Sendable {
    /// PyTorch's name.
    let name: String
    /// What it holds before the first step; nil where the first step makes it.
    let start: Double?

    init(_ name: String, start: Double? = 0) {
      self.name = name
      self.start = start
    }
  }

  /// A parameter's value, its gradient, and what the step's own numbers are.
  struct Operands {
    let value: Tensor
    let gradient: Tensor
    /// In the order of the rule's `numbers`, each a scalar.
    let numbers: [Tensor]
  }

  let slots: [Slot]
  /// Whether the number of steps counts.
  let countsSteps: Bool
  private let maximize: Bool
  private let weightDecay: Double
  private let numbers: @Sendable (_ learningRate: Double, _ step: Int) -> [Double]
  private let body: @Sendable (Operands, inout [String: Tensor]) -> Tensor

  /// - Parameters:
  ///   - maximize: whether the gradient is followed upwards.
  ///   - weightDecay: how much of the value is added to the gradient.
  ///   - numbers: what changes from step to step, from the learning rate and the step, counted from 1.
  ///   - body: gives the new value, and puts new tensors into the slots.
  init(
    slots: [Slot], countsSteps: Bool = false, maximize: Bool, weightDecay: Double = 0,
    numbers: @escaping @Sendable (_ learningRate: Double, _ step: Int) -> [Double],
    body: @escaping @Sendable (Operands, inout [String: Tensor]) -> Tensor
  ) {
    self.slots = slots
    self.countsSteps = countsSteps
    self.maximize = maximize
    self.weightDecay = weightDecay
    self.numbers = numbers
    self.body = body
  }

  /// The step's numbers as they go into a compiled rule.
  func numbers(_ learningRate: Double, step: Int, dtype: DType) throws -> [Tensor] {
    try numbers(learningRate, step).map { try Tensor.scalar($0, dtype: dtype) }
  }

  /// The rule as one function of value, gradient and the slots that are there, to the new value and all slots.
  func compiled(for dtype: DType, slots present: [String]) throws -> ElementwiseFunction {
    let numberCount = numbers(0, 1).count
    return try ElementwiseFunction(
      tensors: Array(repeating: dtype, count: 2 + present.count),
      numbers: Array(repeating: dtype, count: numberCount)
    ) { tensors, numbers in
      let value = tensors[0]
      var gradient = tensors[1]
      if maximize { gradient = -gradient }
      if weightDecay != 0 { gradient = gradient + value * weightDecay }
      var held = Dictionary(uniqueKeysWithValues: zip(present, tensors[2...]))
      let stepped = body(Operands(value: value, gradient: gradient, numbers: numbers), &held)
      return [stepped] + slots.compactMap { held[$0.name] }
    }
  }
}

extension [String: Tensor] {
  /// A slot that holds something before the first step.
  func held(_ name: String) -> Tensor {
    self[name] ?? .poisoned(by: TensorError(.internal, "the optimizer's slot '\(name)' holds nothing"))
  }
}
