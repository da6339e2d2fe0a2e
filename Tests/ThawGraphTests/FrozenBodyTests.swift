import Testing
import ThawTensor

@testable import ThawGraph

@Suite("What is frozen stays out of the graph of automatic differentiation") struct FrozenBodyTests {
  /// Ten layers of x · w + b and a relu, parameters named by layer.
  private func network() throws -> Model {
    let layers = (0..<10).map { index in
      (
        Parameter("layer\(index).weight", Tensor([Float](repeating: 0.25, count: 16), shape: [4, 4])),
        Parameter("layer\(index).bias", Tensor([Float](repeating: 0.1, count: 4)))
      )
    }
    let graph = try Graph.record(
      inputs: ["x": .float32("N", 4)], output: "y", parameters: layers.flatMap { [$0.0, $0.1] }
    ) { x in
      try layers.reduce(x) { x, layer in (x.matmul(try layer.0.value()) + (try layer.1.value())).relu() }
    }
    return try Model(graph)
  }

  @Test("all trainable: each operation is a node; a frozen body: those after it only")
  func counts() throws {
    let model = try network()
    let x = Tensor.ones([3, 4])
    let all = DAG(try model(["x": x])["y"])
    #expect(all.nodes.count == 30)
    #expect(all.leafCount == 20)

    try model.freeze("layer*")
    try model.unfreeze("layer9.*")
    let head = DAG(try model(["x": x])["y"])
    #expect(head.nodes.map(\.name).sorted() == ["AddBackward0", "MmBackward0", "ReluBackward0"])
    #expect(head.leafCount == 2)
    // The weight's gradient reads the product's input, Relu's its output: 3 × 4 floats each. Nothing else is saved.
    #expect(head.savedByteCount == 2 * 3 * 4 * 4)

    try model.freeze("*")
    let none = try model(["x": x])["y"]
    #expect(!none.requiresGrad && none.gradFn == nil)
    #expect(DAG(none).savedByteCount == 0)
  }

  @Test("gradients reach trainable parameters only")
  func gradients() throws {
    let model = try network()
    try model.trainOnly(["layer9.bias"])
    try model(["x": Tensor.ones([3, 4])])["y"].sum().backward()
    for parameter in model.parameters {
      #expect((parameter.grad != nil) == (parameter.name == "layer9.bias"), "\(parameter.name)")
    }
  }

  @Test("a frozen weight does not make its operation keep the input")
  func frozenWeight() throws {
    let model = try network()
    try model.trainOnly(["layer0.bias"])
    let dag = DAG(try model(["x": Tensor.ones([3, 4])])["y"])
    let products = dag.nodes.filter { $0.name == "MmBackward0" }
    #expect(products.count == 9)
    // Each product keeps its frozen 4 × 4 weight, and not the 3 × 4 input.
    #expect(products.allSatisfy { $0.savedByteCount == 4 * 4 * 4 })
  }
}

/// The nodes from which a tensor was made.
struct DAG {
  private(set) var nodes: [Node] = []
  private(set) var leafCount = 0

  init(_ tensor: Tensor) {
    var seen: Set<Node> = []
    var leaves: Set<ObjectIdentifier> = []
    var open = tensor.gradFn.map { [$0] } ?? []
    while let node = open.popLast() {
      guard seen.insert(node).inserted else { continue }
      nodes.append(node)
      for edge in node.edges {
        switch edge {
        case .output(let next, _)?: open.append(next)
        case .leaf(let leaf)?: leaves.insert(ObjectIdentifier(leaf))
        case nil: break
        }
      }
    }
    leafCount = leaves.count
  }

  var savedByteCount: Int { nodes.reduce(0) { $0 + $1.savedByteCount } }
}
