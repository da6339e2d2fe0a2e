import ThawGraph

/// Changes parameters by their gradients.
public protocol Optimizer {
  /// What every learning rate is multiplied with, for a schedule; 1 at first.
  var learningRateScale: Double { get set }

  /// How far a step goes now, a number for each group of parameters: its own learning rate times the scale.
  var learningRates: [Double] { get }

  /// What it remembers: nothing of a parameter before its first gradient.
  ///
  /// Learning rates, their scale and other settings are not part of it.
  var state: [OptimizerState] { get }

  /// Takes the place of the state with one that was read from an optimizer of the same kind and settings.
  ///
  /// - Throws: `TrainingError` of kind `setting` that names what does not fit.
  mutating func restore(_ state: [OptimizerState]) throws

  /// Changes every parameter that has a gradient; the others stay as they are.
  ///
  /// Values are replaced, never overwritten, and gradients go with the old values. A failure is treated as that of any
  /// operation: see `withErrors(_:)`.
  mutating func step()
}

/// An optimizer of one group of parameters.
protocol SingleOptimizer: Optimizer {
  var learningRate: Double { get }
  var states: ParameterStates { get set }
}

extension SingleOptimizer {
  public var learningRateScale: Double {
    get { states.learningRateScale }
    set { states.learningRateScale = newValue }
  }

  public var learningRates: [Double] { [learningRate * learningRateScale] }

  public var state: [OptimizerState] { states.entries }

  public mutating func restore(_ state: [OptimizerState]) throws { try states.restore(state) }

  public mutating func step() { states.step(learningRate: learningRate) }
}
