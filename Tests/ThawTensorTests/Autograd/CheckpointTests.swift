import Synchronization
import Testing
import ThawTypes

@testable import ThawTensor

/// A checkpoint changes what is kept, and nothing that comes out.
@Suite("Checkpoints") struct CheckpointTests {
  /// How often something ran.
  private final class Runs: Sendable {
    private let counted = Mutex(0)
    var count: Int { counted.withLock { $0 } }
    func add() { counted.withLock { $0 += 1 } }
  }

  private func numbers(_ tensor: Tensor?) throws -> [Float] { try #require(tensor).elements(as: Float.self) }

  /// The bytes saved by all nodes that lead to a tensor.
  private func savedBytes(_ tensor: Tensor) -> Int {
    var met: Set<Node> = []
    var unvisited = [tensor.gradFn].compactMap { $0 }
    while let node = unvisited.popLast() {
      if met.insert(node).inserted { unvisited += node.nextFunctions.compactMap { $0 } }
    }
    return met.reduce(0) { $0 + $1.savedByteCount }
  }

  @Test("the same numbers as without, and nothing saved") func same() throws {
    let w = Tensor([0.5, -0.25, 0.75, 1], shape: [2, 2], requiresGrad: true)
    let layer: @Sendable (Tensor) -> Tensor = { ($0.matmul(w).tanh() * $0).exp() }
    var results: [[[Float]]] = []
    var bytes: [Int] = []
    for isCheckpointed in [false, true] {
      let x = Tensor([1, 2, 3, 4], shape: [2, 2], requiresGrad: true)
      w.zeroGrad()
      let y = isCheckpointed ? try checkpoint(checkpoint(x, layer), layer) : layer(layer(x))
      bytes.append(savedBytes(y))
      try y.sum().backward()
      results.append([try numbers(y), try numbers(x.grad), try numbers(w.grad)])
    }
    #expect(results[0] == results[1])
    #expect(bytes[0] > 0 && bytes[1] == 0)
  }

  @Test("what the body captures is reached too, several inputs and outputs") func captured() throws {
    let (a, b) = (Tensor([2], requiresGrad: true), Tensor([5], requiresGrad: true))
    let w = Tensor([7], requiresGrad: true)
    let outputs = try checkpoint([a, b]) { [$0[0] * $0[1] * w, $0[0] * $0[0]] }
    try (outputs[0] + outputs[1]).sum().backward()
    #expect(try [a, b, w].map { try numbers($0.grad) } == [[39], [14], [10]])
    let c = Tensor([3], requiresGrad: true)
    try checkpoint { c * c }.sum().backward()
    #expect(try numbers(c.grad) == [6])
  }

  @Test("nested regions run as often as PyTorch's, and gradients of gradients go through") func nested() throws {
    let (outer, inner) = (Runs(), Runs())
    let region: @Sendable (Tensor) throws -> Tensor = { a in
      outer.add()
      let c = try checkpoint(a * a) { b in
        inner.add()
        return b.exp()
      }
      return c.sin()
    }
    let x = Tensor([1, 2], requiresGrad: true)
    let result = try checkpoint(x, region)
    #expect([outer.count, inner.count] == [1, 1])
    #expect(savedBytes(result) == 0)
    let y = result.sum()
    try y.backward(retainGraph: true)
    #expect([outer.count, inner.count] == [2, 3])
    try y.backward()
    #expect([outer.count, inner.count] == [3, 5])
    let first = try grad(of: checkpoint(x, region).sum(), withRespectTo: x, createGraph: true)
    let second = try grad(of: first.sum(), withRespectTo: x)
    for (value, expected) in zip(try numbers(first) + numbers(second), [-4.9567, -80.9501, -27.011, 43934] as [Float]) {
      #expect(abs(value - expected) <= 2e-5 * abs(expected))
    }
    #expect(throws: TensorError.self) { try y.backward() }
  }

  @Test("first and second derivatives by finite differences") func checks() throws {
    let inputs = [
      Tensor(elements: [0.5, -1.5], requiresGrad: true), Tensor(elements: [2.0, 0.25], requiresGrad: true),
    ]
    let function: ([Tensor]) throws -> [Tensor] = { inputs in
      try checkpoint(inputs) { x in
        let inner = try checkpoint([x[0]]) { [$0[0].tanh() * $0[0]] }[0]
        return [(inner * x[1]).exp(), inner + x[1].sigmoid()]
      }
    }
    try gradcheck(function, inputs: inputs)
    try gradgradcheck(function, inputs: inputs)
  }

  @Test("the second run draws what the first drew, and takes nothing from the generator") func random() throws {
    var results: [[[Float]]] = []
    for isCheckpointed in [false, true] {
      let generator = RandomGenerator(seed: 7)
      let x = Tensor([1, 2, 3, 4, 5, 6, 7, 8], requiresGrad: true)
      let body: @Sendable (Tensor) throws -> Tensor = { x in
        let once = x.dropout(ratio: 0.5, generator: generator)
        let twice: @Sendable (Tensor) -> Tensor = { $0.dropout(ratio: 0.25, generator: generator).exp() }
        return isCheckpointed ? try checkpoint(once * once, twice) : twice(once * once)
      }
      let y = isCheckpointed ? try checkpoint(x, body) : try body(x)
      let between = try generator.uniform([2])
      try (y * y).sum().backward(retainGraph: true)
      try (y * y).sum().backward()
      results.append([try numbers(y), try numbers(x.grad), try numbers(between), try numbers(generator.uniform([2]))])
    }
    #expect(results[0] == results[1])
  }

  @Test("the second run has the first one's modes, and those of the pass stand again after it") func modes() throws {
    let seen = Mutex<[Bool]>([])
    let x = Tensor([1, 2], requiresGrad: true)
    let y = try checkpoint(x) { x in
      seen.withLock { $0 += [isGradEnabled, isInferenceModeEnabled] }
      return noGrad { x * x } * x
    }.sum()
    for pass in [noGrad, { try inferenceMode(true, $0) }] as [(() throws -> Void) throws -> Void] {
      try pass {
        let before = [isGradEnabled, isInferenceModeEnabled]
        try y.backward(retainGraph: true)
        #expect([isGradEnabled, isInferenceModeEnabled] == before)
      }
    }
    #expect(seen.withLock { $0 } == [true, false, true, false, true, false])
    #expect(try numbers(x.grad) == [2, 8])
  }

  @Test("where nothing is recorded, it is the body alone") func unrecorded() throws {
    let runs = Runs()
    let x = Tensor([1, 2], requiresGrad: true)
    let y = try noGrad {
      try checkpoint(x) { x in
        runs.add()
        return x * x
      }
    }
    #expect(!y.requiresGrad && runs.count == 1)
  }

  static let changing: [(second: @Sendable (Tensor) throws -> Tensor, message: String)] = [
    (
      { ($0 * $0).exp() },
      "A different number of tensors was saved during the original forward and recomputation: 2 in the first run of the "
        + "checkpoint and 3 in the second; its body must do the same operations every time"
    ),
    (
      { x in
        let other = try noGrad { x.cast(to: .float64) }.requiringGrad()
        return other * other
      },
      "Recomputed values for the following tensors have different metadata than during the forward pass: tensor at "
        + "position 0, float32[2] in the first run of the checkpoint and float64[2] in the second; its body must do the "
        + "same operations every time"
    ),
    ({ _ in throw TensorError(.range, "own") }, "own"),
    ({ $0.reshaped(to: [3]) }, "Reshape: the input of shape [2] has 2 elements, which do not fill the shape [3]"),
  ]

  @Test("another second run is an error of the pass", arguments: changing.indices)
  func changes(index: Int) throws {
    let runs = Runs()
    let x = Tensor([1, 2], requiresGrad: true)
    let y = try checkpoint(x) { x in
      runs.add()
      return runs.count == 1 ? x * x : try Self.changing[index].second(x)
    }
    let error = #expect(throws: TensorError.self) { try y.sum().backward() }
    #expect(error?.message == Self.changing[index].message)
    #expect(x.grad == nil)
  }

  @Test("a long chain of regions overflows no stack when it is released") func chain() async throws {
    try await Task {
      var y = Tensor([0.5], requiresGrad: true)
      let other = Tensor([0.5], requiresGrad: true)
      for _ in 0..<5_000 { y = try checkpoint(y) { (other * other) * ($0.tanh() + $0 * $0) } }
      #expect(y.requiresGrad)
    }.value
  }

  @Test("regions in parallel tasks, one graph") func tasks() async throws {
    let x = Tensor([1, 2], requiresGrad: true)
    let y = try checkpoint(x) { ($0 * $0).exp().sin() * $0 }.sum()
    let expected = try numbers(grad(of: [y], withRespectTo: [x], retainGraph: true)[0])
    let found = try await withThrowingTaskGroup(of: [Float].self) { group in
      for _ in 0..<16 {
        group.addTask { try #require(grad(of: [y], withRespectTo: [x], retainGraph: true)[0]).elements() }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(found == [[Float]](repeating: expected, count: 16))
  }
}
