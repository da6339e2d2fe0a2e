import Testing

@testable import ThawTensor

/// The drawing of the graph of automatic differentiation.
@Suite("DOT of a graph") struct TensorDOTTests {
  @Test("leaves, operations and the result have their own colours") func drawing() {
    let (x, y) = (Tensor([2, 3], requiresGrad: true), Tensor([6], requiresGrad: true))
    let frozen = Tensor([1, 1] as [Float])
    let q = -(x * y) - x * frozen
    let statements = """
        result [label="result\\nfloat32[2]", fillcolor="#dff3e4", color="#3f9c5f"]
        operation0 [label="SubBackward0", fillcolor="#fff6ea", color="#d9730d"]
        operation1 [label="NegBackward0", fillcolor="#fff6ea", color="#d9730d"]
        operation2 [label="MulBackward0", fillcolor="#fff6ea", color="#d9730d"]
        operation3 [label="MulBackward0", fillcolor="#fff6ea", color="#d9730d"]
        leaf0 [label="leaf\\nfloat32[2]", fillcolor="#fdc086", color="#d9730d"]
        leaf1 [label="leaf\\nfloat32[1]", fillcolor="#fdc086", color="#d9730d"]
        operation0 -> result
        operation1 -> operation0
        operation2 -> operation0
        operation3 -> operation1
        leaf0 -> operation2
        leaf0 -> operation3
        leaf1 -> operation3
      """
    #expect(q.dot().hasSuffix(statements + "\n}\n"), "\(q.dot())")
    #expect((-(x * y) - x * frozen).dot() == q.dot())
  }

  @Test("leaves by their names, and what requires no gradient beside the graph") func frozen() {
    let x = Tensor([2, 3], requiresGrad: true)
    let text = (x * Tensor([1, 1] as [Float])).dot(name: "y", names: ["x": x], showsFrozen: true)
    for line in [
      "result [label=\"y\\nfloat32[2]\"", "leaf0 [label=\"x\\nfloat32[2]\"", "frozen0 [label=\"frozen\\nfloat32[2]\"",
      "frozen0 -> operation0 [style=\"dashed\"",
    ] {
      #expect(text.contains(line), "\(text)")
    }
    #expect(!x.dot().contains("frozen"))
  }

  @Test("no name ends a string or begins a statement") func names() {
    let x = Tensor([2], requiresGrad: true)
    let text = (-x).dot(names: ["a\"]; x [\\ &lt;\u{0}": x])
    #expect(text.contains("leaf0 [label=\"a\\\"]; x [\\\\ &amp;lt;\u{fffd}\\nfloat32[1]\""), "\(text)")
  }

  @Test("a leaf is itself, and a tensor without a graph only a result") func ends() {
    let leaf = Tensor([2], requiresGrad: true).dot().split(separator: "\n")
    #expect(
      leaf.dropFirst(4) == ["  leaf0 [label=\"leaf\\nfloat32[1]\", fillcolor=\"#fdc086\", color=\"#d9730d\"]", "}"])
    let result = Tensor([2] as [Float]).dot().split(separator: "\n")
    #expect(
      result.dropFirst(4) == [
        "  result [label=\"result\\nfloat32[1]\", fillcolor=\"#dff3e4\", color=\"#3f9c5f\"]", "}",
      ])
  }

  @Test("a diamond is drawn once") func diamonds() {
    var y = Tensor([2], requiresGrad: true)
    for _ in 0..<40 { y = y * y }
    #expect(y.dot().split(separator: "\n").count == 5 + 40 + 2 + 81)
  }

  @Test("a chain of 100,000 operations overflows no stack") func chain() async {
    let lines = await Task {
      var y = Tensor([2], requiresGrad: true)
      for _ in 0..<100_000 { y = -y }
      return y.dot().utf8.count { $0 == UInt8(ascii: "\n") }
    }.value
    #expect(lines == 5 + 100_001 + 1 + 100_001)
  }
}
