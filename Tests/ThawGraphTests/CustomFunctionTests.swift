import Testing
import ThawTensor

@testable import ThawGraph

/// A custom function is code: a recording holds its body, or cannot be made.
@Suite("Custom functions in recordings") struct CustomFunctionTests {
  @Test("without a body it cannot be recorded") func refused() throws {
    let error = #expect(throws: TensorError.self) {
      try Graph.record(inputs: ["x": .float32([2])]) { try Opaque()($0) }
    }
    #expect(
      error?.message
        == "Opaque is a custom function, code that no graph and no file can hold: give it a body(_:) in tensor "
        + "operations, which is recorded in its place")
  }

  @Test("a body stands for it, and its gradient too") func body() throws {
    let graph = try Graph.record(inputs: ["x": .float32([2])], outputs: ["y", "gradient"]) { inputs in
      let x = inputs[0]
      return [try Square()(x), try vjp({ try Square()($0) }, at: Tensor([1, 2] as [Float]), cotangent: x).product]
    }
    #expect(graph.nodes.map(\.opType).contains("Mul"))
    let outputs = try Model(graph)(["x": Tensor([3, 4] as [Float])])
    #expect(try outputs["y"].elements(as: Float.self) == [9, 16])
    #expect(try outputs["gradient"].elements(as: Float.self) == [6, 16])
  }

  @Test("on values that are not traced it runs as always") func constants() throws {
    let graph = try Graph.record(inputs: ["x": .float32([2])]) { x in
      x + (try Opaque()(Tensor([1, 2] as [Float])))
    }
    #expect(try Model(graph)(["x": Tensor([0, 0] as [Float])])["output"].elements(as: Float.self) == [2, 4])
  }
}

private struct Opaque: Function {
  func forward(_ inputs: [Tensor], _ context: inout FunctionContext) throws -> [Tensor] { [inputs[0] * 2] }
  func backward(_ gradients: [Tensor?], _ context: FunctionContext) throws -> [Tensor?] {
    [gradients[0].map { $0 * 2 }]
  }
}

private struct Square: Function {
  func forward(_ inputs: [Tensor], _ context: inout FunctionContext) throws -> [Tensor] {
    context.saveForBackward(inputs[0])
    return try body(inputs)
  }

  func backward(_ gradients: [Tensor?], _ context: FunctionContext) throws -> [Tensor?] {
    [gradients[0].map { $0 * 2 * context.savedTensors[0] }]
  }

  func body(_ inputs: [Tensor]) throws -> [Tensor] { [inputs[0] * inputs[0]] }
}
