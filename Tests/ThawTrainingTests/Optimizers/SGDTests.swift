import Testing
import ThawGraph
import ThawTensor

@testable import ThawTraining

@Suite("Stochastic gradient descent") struct SGDTests {
  /// The values of a parameter p, from 1, over steps on the loss p².
  private func steps(momentum: Double) throws -> [Double] {
    let parameter = Parameter("p", Tensor([1] as [Float]))
    var optimizer = try SGD([parameter], learningRate: 0.1, momentum: momentum)
    return try (0..<5).map { _ in
      let p = try parameter.value()
      try (p * p).sum().backward()
      optimizer.step()
      parameter.zeroGrad()
      return try parameter.value().item()
    }
  }

  @Test("without momentum: p ← 0.8 p")
  func plain() throws {
    for (found, expected) in zip(try steps(momentum: 0), [0.8, 0.64, 0.512, 0.4096, 0.327_68]) {
      #expect(abs(found - expected) < 1e-6)
    }
  }

  @Test("with momentum, by hand: the first velocity is the gradient")
  func momentum() throws {
    for (found, expected) in zip(try steps(momentum: 0.9), [0.8, 0.46, 0.062, -0.3086, -0.580_42]) {
      #expect(abs(found - expected) < 1e-6)
    }
  }

  @Test("a parameter without a gradient stays")
  func noGradient() throws {
    let parameter = Parameter("p", Tensor([1] as [Float]))
    var optimizer = try SGD([parameter], learningRate: 0.1, momentum: 0.9)
    optimizer.step()
    #expect(try parameter.value().item() == 1)
  }

  @Test("an older graph keeps the old value")
  func oldValue() throws {
    let parameter = Parameter("p", Tensor([1] as [Float]))
    var optimizer = try SGD([parameter], learningRate: 0.1)
    let old = try parameter.value()
    let square = (old * old).sum()
    try square.backward(retainGraph: true)
    optimizer.step()
    #expect(try old.item() == 1)
    #expect(try parameter.value().item() != 1)
    // The graph of before the step still gives the gradient there.
    #expect(try grad(of: square, withRespectTo: old).item() == 2)
  }
}
