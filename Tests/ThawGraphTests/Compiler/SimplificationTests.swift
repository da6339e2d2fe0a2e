import Testing
import ThawTensor

@testable import ThawGraph

/// Code, and the operations that are left of it.
struct SimplificationCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let shapes: [[Int]]
  let left: [String]
  let body: @Sendable ([Tensor]) throws -> [Tensor]

  init(
    _ name: String, _ shapes: [Int]..., left: [String], _ body: @escaping @Sendable ([Tensor]) throws -> [Tensor]
  ) {
    testDescription = name
    self.shapes = shapes
    self.left = left
    self.body = body
  }

  /// All different, one of them -0.
  func inputs() throws -> [Tensor] {
    try shapes.map { shape in
      let numbers = (0..<shape.reduce(1, *)).map { $0 == 1 ? -0.0 as Float : Float($0) - 2.5 }
      return try withErrors { Tensor(numbers, shape: shape) }
    }
  }

  static let all = [
    SimplificationCase("x·1, 1·x, x/1, x−0 and x¹", [2, 3], left: ["Relu"]) {
      [(((1 * ($0[0] * 1)) / 1 - 0) ** 1).relu()]
    },
    SimplificationCase("x + (−0)", [3], left: ["Relu"]) { [($0[0] + -0.0).relu()] },
    SimplificationCase("x + 0 makes 0 of −0", [3], left: ["Add", "Div"]) { [1 / ($0[0] + 0)] },
    SimplificationCase("a sum that makes the tensor larger", [3], left: ["Sub"]) { [$0[0] - Tensor.zeros([2, 3])] },
    SimplificationCase("−−x", [3], left: ["Relu"]) { [(-(-$0[0])).relu()] },
    SimplificationCase("−x", [3], left: ["Neg", "Relu"]) { [(-$0[0]).relu()] },
    SimplificationCase("not not", [3], left: ["Greater", "Cast"]) {
      [try apply(Not(), to: apply(Not(), to: $0[0] .> 0)).cast(to: .float32)]
    },
    SimplificationCase("a cast to the same type", [3], left: ["Relu"]) { [$0[0].cast(to: .float32).relu()] },
    SimplificationCase("casts there and back lose digits", [3], left: ["Cast", "Cast", "Relu"]) {
      [$0[0].cast(to: .float16).cast(to: .float32).relu()]
    },
    SimplificationCase("two transposes that undo each other", [2, 3, 4], left: ["Relu"]) {
      [$0[0].transposed([1, 2, 0]).transposed([2, 0, 1]).relu()]
    },
    SimplificationCase("three transposes", [2, 3, 4], left: ["Transpose", "Relu"]) {
      [$0[0].transposed([1, 2, 0]).transposed([1, 2, 0]).transposed().relu()]
    },
    SimplificationCase("a transpose of axes of size 1", [1, 3, 1], left: ["Relu"]) {
      [$0[0].transposed([2, 1, 0]).relu()]
    },
    SimplificationCase("a chain of reshapes", [2, 3, 4], left: ["Reshape", "Relu"]) {
      [$0[0].reshaped(to: [6, 4]).unsqueezed(axes: [1]).reshaped(to: [4, -1]).flatten().relu()]
    },
    SimplificationCase("reshapes back to the start", [2, 3], left: ["Relu"]) {
      [$0[0].reshaped(to: [6]).unsqueezed(axes: [0]).squeezed().reshaped(to: [2, 3]).relu()]
    },
    SimplificationCase("a reshape of a transpose stays", [2, 3], left: ["Transpose", "Reshape", "Relu"]) {
      [$0[0].transposed().reshaped(to: [2, 3]).relu()]
    },
    SimplificationCase("a sum of one element makes 0 of −0", [2, 1, 3], left: ["ReduceSum"]) { [$0[0].sum(axes: [1])] },
    SimplificationCase("the whole as a slice", [4], left: ["Relu"]) { x in
      [try apply(Slice(), to: x[0], Tensor([0]), Tensor([Int.max]), Tensor([0]), Tensor([1])).relu()]
    },
    SimplificationCase("the whole backwards", [4], left: ["Slice", "Relu"]) { x in
      [try apply(Slice(), to: x[0], Tensor([-1]), Tensor([Int.min]), Tensor([0]), Tensor([-1])).relu()]
    },
    SimplificationCase("nothing padded", [4], left: ["Relu"]) { x in
      [try apply(Pad(), to: x[0], Tensor([0, 0])).relu()]
    },
    SimplificationCase("padded here and cut there", [4], left: ["Pad", "Relu"]) { x in
      [try apply(Pad(), to: x[0], Tensor([1, -1])).relu()]
    },
    SimplificationCase("expanded and repeated to the same shape", [2, 2], left: ["Relu"]) { x in
      [try apply(Tile(), to: x[0].expanded(to: [1, 2]), Tensor([1, 1])).relu()]
    },
    SimplificationCase("Dropout in inference, Identity, Concat of one", [2, 2], left: ["Relu"]) { x in
      let dropped = try apply(Dropout(), to: x[0], nil, Tensor([false], shape: []))
      return [.concat([try apply(Identity(), to: dropped)], axis: 0).relu()]
    },
    SimplificationCase("a product transposed", [2, 3], [3, 4], left: ["Gemm", "Relu"]) { x in
      [try apply(Gemm(alpha: 2), to: x[0], x[1]).transposed().relu()]
    },
    SimplificationCase("a product that is read elsewhere too", [2, 3], [3, 4], left: ["Gemm", "Transpose", "Relu"]) {
      let product = try apply(Gemm(), to: $0[0], $0[1])
      return [product.transposed().relu(), product]
    },
    SimplificationCase("an output that is an input", [2], left: []) { [$0[0] * 1, $0[0]] },
  ]
}

@Suite("Simplification") struct SimplificationTests {
  @Test("leaves what is needed, and its numbers", arguments: SimplificationCase.all)
  func rules(row: SimplificationCase) throws {
    let inputs = try row.inputs()
    let trace = try Simplification.apply(to: Trace(inputs: inputs.map(\.type), row.body))
    #expect(trace.nodes.map { $0.operation.schema.name } == row.left)
    let expected = try withErrors { try row.body(inputs) }
    let results = try Program(trace).run(inputs)
    for (found, expected) in zip(results, expected) {
      #expect(found.type == expected.type)
      let pairs = zip(try found.elements(as: Float.self), try expected.elements(as: Float.self))
      #expect(pairs.allSatisfy { $0.bitPattern == $1.bitPattern }, "\(found), expected \(expected)")
    }
  }
}
