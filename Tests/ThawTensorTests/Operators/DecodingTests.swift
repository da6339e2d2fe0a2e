import Testing
import ThawTypes

@testable import ThawTensor

/// What older versions write as attributes becomes the inputs of today's.
@Suite("Decoding of older versions") struct DecodingTests {
  private func decode<O: Operator>(
    _ type: O.Type, _ version: Int, _ attributes: [String: Attribute], inputs: Int = 1, outputs: Int = 1
  ) throws -> (operation: O, supplied: [Int: Tensor]) {
    let reader = NodeReader(
      name: O.schema.name, version: version, attributes: attributes,
      presentInputs: Array(repeating: true, count: inputs), outputCount: outputs)
    return (try #require(try Operators.decode(type, reader) as? O), reader.suppliedInputs)
  }

  @Test func clip() throws {
    let (_, supplied) = try decode(Clip.self, 6, ["min": .float(-1), "max": .float(2)])
    #expect(try supplied[1]?.item() == -1)
    #expect(try supplied[2]?.item() == 2)
    let doubles = Tensor(elements: [-3, 0, 5] as [Double])
    let result = try apply(Clip(), to: doubles, supplied[1], supplied[2])
    #expect(try result.elements(as: Double.self) == [-1, 0, 2])
    #expect(try decode(Clip.self, 6, ["max": .float(2)]).supplied[1] == nil)
  }

  @Test func slice() throws {
    let (_, supplied) = try decode(Slice.self, 1, ["starts": .ints([1]), "ends": .ints([3]), "axes": .ints([0])])
    #expect(try (1...3).map { try supplied[$0]?.integers() } == [[1], [3], [0]])
    #expect(throws: TensorError.self) { try decode(Slice.self, 1, ["starts": .ints([1])]) }
  }

  @Test func pad() throws {
    let attributes: [String: Attribute] = ["pads": .ints([1, 0]), "value": .float(3), "mode": .text("constant")]
    let (operation, supplied) = try decode(Pad.self, 2, attributes)
    let result = try apply(operation, to: Tensor(elements: [1] as [Double]), supplied[1], supplied[2])
    #expect(try result.elements(as: Double.self) == [3, 1])
    let error = #expect(throws: TensorError.self) { try decode(Pad.self, 18, ["mode": .text("wrap")], inputs: 2) }
    #expect(error?.message == "Pad: the attribute mode is 'wrap', which version 18 does not have")
  }

  @Test func split() throws {
    let (sized, supplied) = try decode(Split.self, 2, ["axis": .int(1), "split": .ints([1, 2])], outputs: 2)
    #expect(sized == Split(axis: 1, outputCount: 2))
    #expect(try supplied[1]?.integers() == [1, 2])
    #expect(try decode(Split.self, 13, [:], outputs: 3).operation == Split(axis: 0, outputCount: 3, isEven: true))
    let newest = try decode(Split.self, 18, ["num_outputs": .int(2)], outputs: 2).operation
    #expect(newest == Split(axis: 0, outputCount: 2, isEven: true))
    #expect(throws: TensorError.self) { try decode(Split.self, 18, ["num_outputs": .int(3)], outputs: 2) }
    #expect(throws: TensorError.self) { try decode(Split.self, 18, ["num_outputs": .int(2)], inputs: 2, outputs: 2) }
  }

  @Test func reductions() throws {
    let (operation, supplied) = try decode(ReduceMean.self, 13, ["axes": .ints([-1]), "keepdims": .int(0)])
    #expect(operation.options == ReductionOptions(keepDims: false))
    #expect(try supplied[1]?.integers() == [-1])
    #expect(try decode(ReduceMax.self, 20, [:]).supplied.isEmpty)
  }

  @Test func scatterElements() throws {
    #expect(throws: TensorError.self) { try decode(ScatterElements.self, 13, ["reduction": .text("add")], inputs: 3) }
    #expect(throws: TensorError.self) { try decode(ScatterElements.self, 16, ["reduction": .text("max")], inputs: 3) }
    let newest = try decode(ScatterElements.self, 18, ["reduction": .text("max"), "axis": .int(-1)], inputs: 3)
      .operation
    #expect(newest == ScatterElements(axis: -1, reduction: .max))
  }

  @Test func cast() throws {
    #expect(try decode(Cast.self, 24, ["to": .int(1), "round_mode": .text("down")]).operation == Cast(to: .float32))
    #expect(throws: TensorError.self) { try decode(Cast.self, 24, ["to": .int(24), "round_mode": .text("down")]) }
    let error = #expect(throws: TensorError.self) { try decode(Cast.self, 28, ["to": .int(27)]) }
    #expect(error?.message == "Cast: 27 in the attribute 'to' is not the number of an element type that Thaw has")
    #expect(throws: TensorError.self) { try decode(Cast.self, 13, [:]) }
  }

  @Test func squeezing() throws {
    #expect(try decode(Squeeze.self, 11, ["axes": .ints([0, 2])]).supplied[1]?.integers() == [0, 2])
    #expect(try decode(Unsqueeze.self, 11, ["axes": .ints([0])]).supplied[1]?.integers() == [0])
  }
}
