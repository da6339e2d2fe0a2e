import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// Outputs of which the file does not say the whole type, as ONNX Runtime opens them.
@Suite("Outputs without a type") struct OpenOutputTests {
  private func proto() throws -> ModelProto {
    let weight = Parameter("w", Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]))
    let graph = try Graph.record(inputs: ["x": .float32("N", 2)], outputs: ["y"], parameters: [weight]) { x in
      [x[0].matmul(try weight.value())]
    }
    return try ModelProto(decoding: Model(graph).changedProto().encoded())
  }

  @Test("are opened with the inferred one, and come back as they were", arguments: [true, false])
  func opened(hasElementType: Bool) throws {
    var proto = try proto()
    var type = TypeProto.Tensor()
    type.elemType = 1
    proto.graph?.output[0].type = hasElementType ? TypeProto(.tensor(type)) : nil
    let model = try Model(proto)
    #expect(model.outputs.map(\.type) == [.tensor(.float32("N", 3))])
    #expect(try model(["x": Tensor.ones([1, 2])])["y"].elements(as: Float.self) == [5, 7, 9])
    #expect(try model.changedProto().encoded() == proto.encoded())
  }

  @Test("an input needs its type")
  func input() throws {
    var proto = try proto()
    proto.graph?.input[0].type = nil
    #expect(throws: StructureError.self) { try Model(proto) }
  }
}
