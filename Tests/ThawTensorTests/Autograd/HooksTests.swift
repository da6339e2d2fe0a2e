import Synchronization
import Testing
import ThawTypes

@testable import ThawTensor

/// Hooks see a gradient once, summed, in the order of their registration, and before anything is done with it.
@Suite("Hooks") struct HooksTests {
  private func numbers(_ tensor: Tensor?) throws -> [Float] { try #require(tensor).elements(as: Float.self) }

  @Test("a leaf's hook replaces what accumulates") func leaf() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    try x.registerHook { $0 * 2 }
    try x.registerHook { $0 + 1 }
    try (x * x).sum().backward()
    #expect(try numbers(x.grad) == [5, 9])
    try (3 * x).sum().backward(inputs: [x])
    #expect(try numbers(x.grad) == [12, 16])
    #expect(try numbers(grad(of: (3 * x).sum(), withRespectTo: x)) == [7, 7])
  }

  @Test("a result's hook replaces what is kept, captured and handed on") func result() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    let y = x * 3
    y.retainGrad()
    try y.registerHook { $0 * 10 }
    try (y * y).sum().backward(retainGraph: true)
    #expect(try numbers(y.grad) == [60, 120])
    #expect(try numbers(x.grad) == [180, 360])
    let gradients = try grad(of: [y.sum()], withRespectTo: [y, x])
    #expect(try gradients.map(numbers) == [[10, 10], [30, 30]])
  }

  @Test("they are called once with the sum, and may only look") func observed() throws {
    let seen = Mutex<[[Float]]>([])
    let x = Tensor([2], requiresGrad: true)
    let y = x * 1
    for tensor in [y, x] {
      let handle = try tensor.registerHook { gradient in
        let values = try gradient.elements(as: Float.self)
        seen.withLock { $0.append(values) }
        return nil
      }
      try (y * y + y + x).sum().backward(retainGraph: true)
      handle.remove()
      handle.remove()
    }
    #expect(seen.withLock { $0 } == [[5], [6]])
    try (y * y).sum().backward()
    #expect(seen.withLock { $0.count } == 2)
    #expect(try numbers(x.grad) == [16])
  }

  @Test("a removed hook leaves the others in order") func removal() throws {
    let x = Tensor([1], requiresGrad: true)
    let handles = try [2, 3, 5].map { factor in try x.registerHook { $0 * Float(factor) + 1 } }
    handles[1].remove()
    try x.sum().backward()
    #expect(try numbers(x.grad) == [16])
  }

  @Test("gradients of gradients go through what a hook did") func createGraph() throws {
    let x = Tensor([3], requiresGrad: true)
    let y = x * 1
    try y.registerHook { $0 * $0 }
    let first = try grad(of: (y * y).sum(), withRespectTo: x, createGraph: true)
    #expect(try numbers(first) == [36])
    // 8y flows back from 4y², and meets the hook again.
    #expect(try numbers(grad(of: first.sum(), withRespectTo: x)) == [576])
  }

  static let failures: [(hook: @Sendable (Tensor) throws -> Tensor?, message: String)] = [
    (
      { _ in Tensor([1, 2, 3] as [Float]) },
      "hook 0 has changed the size of value: the gradient has shape [2], and it returned one of shape [3]"
    ),
    ({ $0.cast(to: .float64) }, "hook 0 has changed the type of value (was float32 got float64)"),
    ({ _ in throw TensorError(.range, "own") }, "own"),
    (
      { $0.reshaped(to: [3]) }, "Reshape: the input of shape [2] has 2 elements, which do not fill the shape [3]"
    ),
  ]

  @Test("a failing hook ends the pass before anything accumulates", arguments: failures.indices)
  func failing(index: Int) throws {
    let (x, w) = (Tensor([1, 2], requiresGrad: true), Tensor([1, 2], requiresGrad: true))
    try w.registerHook(Self.failures[index].hook)
    let error = #expect(throws: TensorError.self) { try (x * w).sum().backward() }
    #expect(error?.message == Self.failures[index].message)
    #expect(x.grad == nil && w.grad == nil)
  }

  @Test("a tensor without a gradient has no hooks") func nothing() {
    let error = #expect(throws: TensorError.self) { try Tensor([1] as [Float]).registerHook { $0 } }
    #expect(
      error?.message
        == "cannot register a hook on a tensor that doesn't require gradient: no backward pass reaches it")
  }
}
