import ThawGraph

/// Changes parameters by their gradients.
public protocol Optimizer {
  /// How far a step goes.
  var learningRate: Double { get set }

  /// Changes every parameter that has a gradient; the others stay as they are.
  ///
  /// Values are replaced, never overwritten, and gradients go with the old values. A failure is treated as that of any
  /// operation: see `withErrors(_:)`.
  mutating func step()
}

/// Which optimizer to make, before it is known for which parameters: `.sgd(0.01, momentum: 0.9)`.
public struct OptimizerChoice: Sendable, CustomStringConvertible {
  public let description: String
  let make: @Sendable ([Parameter]) -> any Optimizer

  /// See `SGD`.
  public static func sgd(_ learningRate: Double, momentum: Double = 0) -> OptimizerChoice {
    OptimizerChoice(
      description: "SGD, learning rate \(learningRate)" + (momentum == 0 ? "" : ", momentum \(momentum)")
    ) { SGD($0, learningRate: learningRate, momentum: momentum) }
  }
}
