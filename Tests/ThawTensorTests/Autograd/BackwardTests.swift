import Testing
import ThawTypes

@testable import ThawTensor

/// What the engine promises of backward passes.
@Suite("Backward") struct BackwardTests {
  private func numbers(_ tensor: Tensor?) throws -> [Float] { try #require(tensor).elements(as: Float.self) }

  @Test("gradients accumulate until they are forgotten") func accumulation() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    #expect(x.grad == nil)
    try (x * x).sum().backward()
    #expect(try numbers(x.grad) == [2, 4])
    try (3 * x).sum().backward()
    #expect(try numbers(x.grad) == [5, 7])
    x.zeroGrad()
    #expect(x.grad == nil)
  }

  @Test("copies of a leaf share its gradient, new leaves do not") func leaves() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    let copy = x
    let other = try x.detach().requiringGrad()
    try x.sum().backward()
    #expect(try numbers(copy.grad) == [1, 1])
    #expect(other.grad == nil)
    #expect(x.isLeaf && !(x + 1).isLeaf && (x + 1).detach().isLeaf)
  }

  @Test("intermediates keep a gradient only when asked to") func retained() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    let (kept, forgotten) = (x * 2, x * 3)
    kept.retainGrad()
    try (kept * forgotten).sum().backward()
    #expect(try numbers(kept.grad) == [3, 6])
    #expect(forgotten.grad == nil)
    #expect(try numbers(x.grad) == [12, 24])
  }

  @Test("a diamond's node runs once, its gradients summed first") func diamonds() throws {
    let x = Tensor([2], requiresGrad: true)
    let counter = Counter()
    var y = try apply(Counted(counter: counter), to: x)
    for _ in 0..<20 { y = y + y }
    try y.sum().backward()
    #expect(try numbers(x.grad) == [1_048_576])
    #expect(counter.count == 1)
  }

  @Test("frozen operands make no node and save nothing") func frozen() throws {
    let (x, w) = (Tensor([1, 2] as [Float]), Tensor([3, 4], requiresGrad: true))
    #expect((x * x).gradFn == nil)
    let node = try #require((x * w).gradFn)
    #expect(node.savedByteCount == 8)
    #expect(node.nextFunctions.count == 1)
    #expect(try #require((x + w).gradFn).savedByteCount == 0)
    #expect(noGrad { (x * w).gradFn } == nil)
  }

  @Test("what was saved is freed by the pass, unless it is retained") func freed() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    let y = x * x
    let node = try #require(y.gradFn)
    try y.sum().backward(retainGraph: true)
    #expect(node.savedByteCount == 16)
    try y.sum().backward()
    #expect(node.savedByteCount == 0)
    #expect(try numbers(x.grad) == [4, 8])
  }

  @Test("gradients of gradients, with createGraph") func createGraph() throws {
    let x = Tensor([2], requiresGrad: true)
    let first = try grad(of: (x ** 3).sum(), withRespectTo: x, createGraph: true)
    #expect(first.requiresGrad)
    let second = try grad(of: first.sum(), withRespectTo: x, createGraph: true)
    let third = try grad(of: second.sum(), withRespectTo: x)
    #expect(try numbers(first) == [12])
    #expect(try numbers(second) == [12])
    #expect(try numbers(third) == [6])
    #expect(x.grad == nil)
    try (x ** 3).sum().backward()
    #expect(x.grad?.requiresGrad == false)
  }

  @Test("grad(of:withRespectTo:) reaches intermediates and accumulates nothing") func returned() throws {
    let x = Tensor([2, 3], requiresGrad: true)
    let y = x * x
    let gradients = try grad(of: [(y * y).sum()], withRespectTo: [y, x])
    #expect(try numbers(gradients[0]) == [8, 18])
    #expect(try numbers(gradients[1]) == [32, 108])
    #expect(x.grad == nil)
  }

  @Test("backward(inputs:) accumulates in those alone") func inputs() throws {
    let (x, w) = (Tensor([2], requiresGrad: true), Tensor([5], requiresGrad: true))
    try (x * w).sum().backward(inputs: [w])
    #expect(x.grad == nil)
    #expect(try numbers(w.grad) == [2])
  }

  @Test("an older graph keeps the older value") func olderGraph() throws {
    var x = Tensor([2], requiresGrad: true)
    let leaf = x
    let y = x * x
    x = (x + 40).detach()
    try y.sum().backward()
    #expect(try numbers(leaf.grad) == [4])
    #expect(try numbers(x) == [42])
  }

  @Test("the graph is that of the branch taken") func branches() throws {
    for (value, expected) in [(Float(3), Float(6)), (-3, -1)] {
      let x = Tensor([value], requiresGrad: true)
      let y = try x.item() > 0 ? x * x : -x
      try y.sum().backward()
      #expect(try numbers(x.grad) == [expected])
    }
  }

  @Test("detach() shares memory") func detach() throws {
    let x = Tensor([1, 2], requiresGrad: true)
    guard case .memory(let storage, _, _) = (x * 1).detach().contents,
      case .memory(let own, _, _) = x.contents, case .memory(let detached, _, _) = x.detach().contents
    else { throw TensorError(.internal, "not in memory") }
    #expect(own === detached)
    #expect(own !== storage)
    #expect(!x.detach().requiresGrad)
  }

  @Test("broadcast operands get gradients of their own shape") func broadcast() throws {
    let (x, w) = (Tensor([1, 2, 3], shape: [3, 1], requiresGrad: true), Tensor(10, requiresGrad: true))
    try (x + Tensor.zeros([2, 1, 4]) + w).sum().backward()
    #expect(x.grad?.shape == [3, 1])
    #expect(try numbers(x.grad) == [8, 8, 8])
    #expect(w.grad?.shape == [])
    #expect(try numbers(w.grad) == [24])
  }

  @Test("subgradients are PyTorch's") func subgradients() throws {
    func gradient(_ values: [Float], _ function: (Tensor) throws -> Tensor) throws -> [Float] {
      let x = Tensor(values, requiresGrad: true)
      try withErrors { try function(x).sum().backward() }
      return try numbers(x.grad)
    }
    #expect(try gradient([-1, 0, 1]) { $0.relu() } == [0, 0, 1])
    #expect(try gradient([-1, 0, 1]) { $0.abs() } == [-1, 0, 1])
    #expect(try gradient([0, 4]) { $0.sqrt() } == [.infinity, 0.25])
    #expect(try gradient([-1, 0, 1]) { $0.sign() } == [0, 0, 0])
    #expect(try gradient([-2, -1, 0, 1, 2]) { $0.clip(min: -1, max: 1) } == [0, 1, 1, 1, 0])
    #expect(try gradient([1, 2, 3]) { Tensor.maximum($0, Tensor([1, 1, 5] as [Float])) } == [0.5, 1, 0])
    #expect(try gradient([1, 2, 3]) { Tensor.minimum($0, Tensor([1, 1, 5] as [Float])) } == [0.5, 0, 1])
    #expect(try gradient([5, 5, 1, 5]) { 3 * $0.max() } == [1, 1, 0, 1])
    #expect(try gradient([0, 2, 3]) { $0.product() } == [6, 0, 0])
    #expect(try gradient([0, 0, 3]) { $0.product() } == [0, 0, 0])
    #expect(try gradient([0, 2]) { $0 ** 0 } == [0, 0])
    #expect(try gradient([0, 2]) { $0 ** 2 } == [0, 4])
    #expect(try gradient([0, 2]) { 0 ** $0 } == [0, 0])
    #expect(try gradient([0, 0]) { try apply(ReduceL2(options: .init()), to: $0) } == [0, 0])
  }
}

/// How often something happened.
final class Counter: Hashable, @unchecked Sendable {
  // Only the test's own task counts.
  private(set) var count = 0
  func increment() { count += 1 }
  static func == (left: Counter, right: Counter) -> Bool { left === right }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// The identity, which counts its pullbacks.
struct Counted: Primitive {
  let counter: Counter

  init(counter: Counter) { self.counter = counter }
  init(_ node: NodeReader) throws { self.init(counter: Counter()) }

  static let schema = Schema("Counted", versions: [1], inputs: [Input("x")], batch: .elementwise)

  func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(try tensorType(inputs, 0, of: Self.schema))]
  }

  func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] { [inputs[0]] }

  func pullback(_ gradients: [Tensor?], saved: [Value?], needs: InputMask) throws -> [Tensor?] {
    counter.increment()
    return [gradients[0]]
  }
}
