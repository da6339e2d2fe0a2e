import Testing

@testable import ThawTensor

@Suite("Decoding of If, Loop and Scan") struct ControlFlowDecodingTests {
  /// A body of so many inputs and outputs.
  private final class Shape: Subgraph {
    let inputTypes: [ValueType?]
    let outputTypes: [ValueType?]
    let capturedNames: [String] = []

    init(_ inputs: Int, _ outputs: Int) {
      inputTypes = Array(repeating: nil, count: inputs)
      outputTypes = Array(repeating: nil, count: outputs)
    }

    func call(_ inputs: [Value], captured: [Value]) throws -> [Value] { [] }
  }

  private func message<O: Operator>(
    _ type: O.Type, _ attributes: [String: Attribute], outputs: Int = 1, version: Int = 16
  ) -> String? {
    let reader = NodeReader(
      name: O.schema.name, version: version, attributes: attributes, presentInputs: [true], outputCount: outputs)
    do {
      _ = try Operators.decode(type, reader)
      return nil
    } catch {
      return "\(error)"
    }
  }

  private static func body(_ inputs: Int, _ outputs: Int) -> Attribute { .graph(Shape(inputs, outputs)) }

  @Test func branches() {
    #expect(
      message(If.self, ["then_branch": Self.body(0, 1)]) == "If: the graph attribute 'else_branch' is missing")
    #expect(
      message(If.self, ["then_branch": Self.body(0, 1), "else_branch": .int(1)])
        == "If: the attribute 'else_branch' should be a graph and is an integer")
    #expect(
      message(If.self, ["then_branch": Self.body(1, 1), "else_branch": Self.body(0, 1)])
        == "If: then_branch has 1 inputs, and should have none")
    #expect(
      message(If.self, ["then_branch": Self.body(0, 1), "else_branch": Self.body(0, 2)])
        == "If: else_branch has 2 outputs, and the node has 1")
    #expect(message(If.self, ["then_branch": Self.body(0, 1), "else_branch": Self.body(0, 1)]) == nil)
  }

  @Test func loops() {
    #expect(
      message(Loop.self, ["body": Self.body(3, 1)])?.hasPrefix("Loop: the body has 3 inputs and 1 outputs") == true)
    #expect(message(Loop.self, ["body": Self.body(1, 1)])?.hasPrefix("Loop: the body has 1 inputs") == true)
    #expect(
      message(Loop.self, ["body": Self.body(3, 2)], outputs: 2)
        == "Loop: the node has 2 outputs, and its body gives 1")
  }

  @Test func scans() throws {
    func message(_ changes: [String: Attribute], outputs: Int = 2, version: Int = 16) -> String? {
      let attributes: [String: Attribute] = ["body": Self.body(2, 2), "num_scan_inputs": .int(1)]
      return self.message(Scan.self, attributes.merging(changes) { $1 }, outputs: outputs, version: version)
    }
    #expect(message([:]) == nil)
    #expect(message(["num_scan_inputs": .int(3)]) == "Scan: num_scan_inputs is 3 for a body of 2 inputs and 2 outputs")
    #expect(
      message(["scan_input_axes": .ints([0, 1])])
        == "Scan: the attribute scan_input_axes has 2 numbers, and should have 1")
    #expect(
      message(["scan_output_directions": .ints([2])])
        == "Scan: the attribute scan_output_directions holds 2, which is neither 0 nor 1")
    #expect(message([:], outputs: 3) == "Scan: the node has 3 outputs, and its body gives 2")
    #expect(message(["directions": .ints([1])], version: 8) == nil)
    #expect(message(["directions": .ints([1])])?.contains("the attribute 'directions' is not one") == true)
    let old = Scan(Shape(2, 2), inputs: [Scan.Course()], outputs: [Scan.Course()], isBatched: true)
    #expect(throws: TensorError.self) { try old.attributes(opset: 9) }
  }
}
