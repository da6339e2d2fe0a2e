import Testing
import ThawTensor

@testable import ThawCommand

@Suite("thaw operators") struct OperatorListTests {
  @Test("one row an operator, and the kinds of gradients told apart") func rows() throws {
    let rows = OperatorList.rows
    #expect(rows.map { $0[0] } == Operators.all.map { $0.schema.name })
    func row(_ name: String) throws -> [String] { try #require(rows.first { $0[0] == name }) }
    #expect(try row("Softmax") == ["Softmax", "ai.onnx", "1, 11, 13", "own", "yes", "floats, bfloat16"])
    #expect(try row("Attention")[3] == "other operators")
    #expect(try row("SoftmaxGradient")[1...3] == ["thaw", "1", "own, or other operators"])
    #expect(try row("Floor")[4] == "zero: it is constant almost everywhere")
    #expect(try row("Less")[4] == "none: a comparison is constant almost everywhere")
    #expect(try row("Gather")[4] == "yes, not of indices")
    #expect(try row("Add")[5] == "integers, floats, bfloat16")
    #expect(try row("Not")[5] == "bool")
    #expect(try row("Loop")[5] == "[int64]")
  }

  @Test("the table in Markdown has a cell for each title") func markdown() {
    let lines = OperatorList.markdown.split(separator: "\n")
    #expect(lines.count == Operators.all.count + 2)
    #expect(lines.allSatisfy { $0.hasPrefix("| ") && $0.hasSuffix(" |") && $0.split(separator: "|").count == 6 })
  }
}
