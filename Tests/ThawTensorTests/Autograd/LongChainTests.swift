import Testing

@testable import ThawTensor

/// A chain of a million operations overflows no stack, on the small one of a task.
@Suite("Long chains") struct LongChainTests {
  private static let length = 1_000_000

  private static func chain(from x: Tensor) -> Tensor {
    var y = x
    for _ in 0..<length { y = -y }
    return y
  }

  @Test("a walk of nextFunctions, backward, and release") func walk() async throws {
    let (count, gradient) = try await Task {
      let x = Tensor([1, 2], requiresGrad: true)
      let end = Self.chain(from: x)
      var node = end.gradFn
      var count = 0
      while let current = node {
        count += 1
        node = current.nextFunctions.first ?? nil
      }
      try end.sum().backward()
      return (count, try x.grad?.elements(as: Float.self))
    }.value
    #expect(count == Self.length)
    #expect(gradient == [1, 1])
  }

  @Test("release of what was never walked, with saved values") func release() async {
    await Task {
      var y = Tensor([0.5, 0.25], requiresGrad: true)
      for _ in 0..<100_000 { y = y.tanh() }
      #expect(y.requiresGrad)
    }.value
  }
}
