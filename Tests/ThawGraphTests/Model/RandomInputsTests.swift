import Testing
import ThawGraph
import ThawTensor
import ThawTypes

@Suite("Made-up inputs") struct RandomInputsTests {
  private static func model(_ x: TensorType, _ y: TensorType) throws -> Model {
    try Model(
      Graph.record(inputs: ["x": x, "y": y]) { x, y in x.cast(to: .float32).sum() + y.cast(to: .float32).sum() })
  }

  @Test("sizes: given, by name, from another input, declared, 1 for the batch")
  func sizes() throws {
    let model = try Self.model(.float32("N", "L", 3), TensorType(.int64, ["N", "L"]))
    let shapes = try model.randomInputs(batch: 2, sizes: ["L": 7]).map(\.tensor.shape)
    #expect(shapes == [[2, 7, 3], [2, 7]])
    #expect(try model.randomInputs(sizes: ["L": 7])[0].tensor.shape == [1, 7, 3])
    let given = try model.randomInputs(given: ["x": Tensor.ones([4, 5, 3])])
    #expect(given.map(\.tensor.shape) == [[4, 5, 3], [4, 5]])
    let message = #expect(throws: ModelError.self) { try model.randomInputs(batch: 2) }
    #expect(
      message?.message
        == "the input 'x' (float32[N, L, 3]) leaves the size of axis 1 open: give it (--size L=NUMBER), or the input "
        + "(--input x=FILE)")
  }

  @Test("numbers: floating between -1 and 1, whole ones 0 and 1, the same for the same seed")
  func numbers() throws {
    let model = try Self.model(.float32(100), TensorType(.int64, [100]))
    let values = try model.randomInputs().map { try $0.tensor.elements(as: Double.self) }
    #expect(values[0].allSatisfy { $0 >= -1 && $0 < 1 } && Set(values[0]).count > 90)
    #expect(Set(values[1]) == [0, 1])
    #expect(try model.randomInputs()[0].tensor.elements(as: Double.self) == values[0])
    #expect(try model.randomInputs(seed: 1)[0].tensor.elements(as: Double.self) != values[0])
  }
}
