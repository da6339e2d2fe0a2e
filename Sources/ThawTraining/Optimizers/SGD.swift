import ThawGraph
import ThawTensor

/// Stochastic gradient descent with momentum, in PyTorch's form (torch.optim.SGD without dampening).
///
/// With gradient g, velocity v and parameter p: v ← m·v + g (v ← g at the first step), p ← p − lr·v.
public struct SGD: Optimizer {
  public var learningRate: Double
  public let momentum: Double
  private let parameters: [Parameter]
  private var velocities: [Tensor?]

  public init(_ parameters: some Sequence<Parameter>, learningRate: Double, momentum: Double = 0) {
    self.parameters = Array(parameters)
    self.learningRate = learningRate
    self.momentum = momentum
    velocities = self.parameters.map { _ in nil }
  }

  public mutating func step() {
    _ = Tensor.catching {
      try noGrad {
        try withErrors {
          for index in parameters.indices { try update(index) }
        }
      }
      return Tensor(0)
    }
  }

  private mutating func update(_ index: Int) throws {
    let parameter = parameters[index]
    guard let gradient = parameter.grad else { return }
    var velocity = gradient
    if momentum != 0 {
      if let earlier = velocities[index] { velocity = earlier * momentum + gradient }
      velocities[index] = velocity
    }
    try parameter.set(parameter.value().detach() - velocity * learningRate)
  }
}
