import Testing

@testable import ThawTensor

/// The drawing of the graph of automatic differentiation.
@Suite("DOT of a graph") struct TensorDOTTests {
  @Test("leaves, operations and the result have their own colours") func drawing() {
    let (x, y) = (Tensor([2, 3], requiresGrad: true), Tensor([6], requiresGrad: true))
    let frozen = Tensor([1, 1] as [Float])
    let q = -(x * y) - x * frozen
    let expected = """
      digraph {
        node [shape=box, style=filled]
        result [label="result\\nfloat32[2]", fillcolor=lightgreen]
        operation0 [label="SubBackward0", fillcolor=lightgrey]
        operation1 [label="NegBackward0", fillcolor=lightgrey]
        operation2 [label="MulBackward0", fillcolor=lightgrey]
        operation3 [label="MulBackward0", fillcolor=lightgrey]
        leaf0 [label="leaf\\nfloat32[2]", fillcolor=lightblue]
        leaf1 [label="leaf\\nfloat32[1]", fillcolor=lightblue]
        operation0 -> result
        operation1 -> operation0
        operation2 -> operation0
        operation3 -> operation1
        leaf0 -> operation2
        leaf0 -> operation3
        leaf1 -> operation3
      }

      """
    #expect(q.dot() == expected)
    #expect((-(x * y) - x * frozen).dot() == expected)
  }

  @Test("a leaf is itself, and a tensor without a graph only a result") func ends() {
    #expect(
      Tensor([2], requiresGrad: true).dot()
        == "digraph {\n  node [shape=box, style=filled]\n  leaf0 [label=\"leaf\\nfloat32[1]\", "
        + "fillcolor=lightblue]\n}\n")
    #expect(
      Tensor([2] as [Float]).dot()
        == "digraph {\n  node [shape=box, style=filled]\n  result [label=\"result\\nfloat32[1]\", "
        + "fillcolor=lightgreen]\n}\n")
  }

  @Test("a diamond is drawn once") func diamonds() {
    var y = Tensor([2], requiresGrad: true)
    for _ in 0..<40 { y = y * y }
    #expect(y.dot().split(separator: "\n").count == 3 + 40 + 2 + 81)
  }

  @Test("a chain of 100,000 operations overflows no stack") func chain() async {
    let lines = await Task {
      var y = Tensor([2], requiresGrad: true)
      for _ in 0..<100_000 { y = -y }
      return y.dot().utf8.count { $0 == UInt8(ascii: "\n") }
    }.value
    #expect(lines == 3 + 100_001 + 1 + 100_001)
  }
}
