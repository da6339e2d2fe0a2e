import Testing
import ThawTypes

@testable import ThawTensor

/// The graph is that of the run: loops, branches, recursion and shapes may be others each time.
@Suite("Dynamic graphs") struct DynamicGraphTests {
  @Test("a loop as long as the values say", arguments: [(0.9, 1), (0.3, 2), (0.01, 7)])
  func loop(start: Double, doublings: Int) throws {
    let x = Tensor(elements: [start], requiresGrad: true)
    var y = x
    var steps = 0
    while try y.sum().item() < 1 {
      y = y * 2
      steps += 1
    }
    try y.sum().backward()
    #expect(steps == doublings)
    #expect(try x.grad?.item() == Double(1 << steps))
  }

  @Test("another branch for each sample of a batch") func branches() throws {
    let x = Tensor([-2, 3, -1, 4], requiresGrad: true)
    let parts = try x.split(into: 4).map { try $0.item() > 0 ? $0 * $0 : -$0 }
    try Tensor.concat(parts).sum().backward()
    #expect(try x.grad?.elements(as: Float.self) == [-1, 6, -1, 8])
  }

  @Test("other shapes at each forward, one weight") func shapes() throws {
    let w = Tensor(elements: [0.5, -0.25], shape: [2, 1], requiresGrad: true)
    var expected = [0.0, 0.0]
    for length in 1...5 {
      let x = try Tensor.full([length, 2], Double(length), dtype: .float64)
      try x.matmul(w).sum().backward()
      expected = expected.map { $0 + Double(length * length) }
      #expect(try w.grad?.elements(as: Double.self) == expected)
    }
  }

  /// A tree as nested arrays, whose value is computed from its branches', as in a tree of words.
  private indirect enum Tree {
    case leaf(Double)
    case pair(Tree, Tree)

    func value(_ w: Tensor) -> Tensor {
      switch self {
      case .leaf(let number): w * number
      case .pair(let left, let right): left.value(w) * right.value(w) + left.value(w)
      }
    }
  }

  @Test("recursion over a tree") func trees() throws {
    let tree = Tree.pair(.pair(.leaf(1), .leaf(2)), .pair(.leaf(0.5), .pair(.leaf(-1), .leaf(3))))
    let w = Tensor(elements: [0.7], requiresGrad: true)
    try gradcheck({ [tree.value($0[0])] }, inputs: [w])
    try gradgradcheck({ [tree.value($0[0])] }, inputs: [w])
  }

  @Test("Newton's method, differentiated through its steps") func newton() throws {
    let a = Tensor(elements: [2.0], requiresGrad: true)
    var x = Tensor(elements: [1.0])
    var step = Double.infinity
    while abs(step) > 1e-12 {
      let next = (x + a / x) / 2
      step = try (next - x).detach().item()
      x = next
    }
    try x.backward()
    #expect(abs(try x.item() - 2.0.squareRoot()) < 1e-12)
    #expect(abs(try #require(a.grad).item() - 1 / (2 * 2.0.squareRoot())) < 1e-9)
  }

  @Test("error scopes nest, and belong to their task") func errors() async throws {
    let found = await withTaskGroup(of: (Int, String?).self) { group in
      for task in 2..<18 {
        group.addTask {
          do {
            try withErrors {
              // The inner scope takes its own error; the outer one goes on.
              let inner = try? withErrors { Tensor([1, 2] as [Float]) + Tensor.ones([40]) }
              #expect(inner == nil)
              _ = Tensor.ones([task]).reshaped(to: [task + 1]) * 2
            }
            return (task, nil)
          } catch {
            return (task, "\(error)")
          }
        }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for task in 2..<18 {
      #expect(
        found[task]
          == "Reshape: the input of shape [\(task)] has \(task) elements, which do not fill the shape [\(task + 1)]")
    }
  }
}
