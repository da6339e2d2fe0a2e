import Testing
import ThawTensor

@testable import ThawGraph

/// Parameters outlive the modes in which they are read and set.
@Suite("Parameters and inference mode") struct ParameterModeTests {
  @Test("a value set in inference mode trains afterwards") func set() throws {
    let parameter = Parameter("w", Tensor([1, 2] as [Float]))
    try inferenceMode { try parameter.set(try parameter.value() * 2) }
    let w = try parameter.value()
    #expect(!w.isInference && w.requiresGrad)
    try (w * w).sum().backward()
    #expect(try parameter.grad?.elements(as: Float.self) == [4, 8])
  }

  @Test("a model opened and first run in inference mode trains afterwards") func opened() throws {
    let w = Parameter("w", Tensor([1, 2] as [Float]))
    let graph = try Graph.record(inputs: ["x": .float32([2])], output: "y", parameters: [w]) { x in
      // The constant is one of the file.
      x * (try w.value()) * Tensor([3, 4] as [Float])
    }
    let x = Tensor([1, 1] as [Float])
    let model = try inferenceMode {
      let model = try Model(graph)
      #expect(try model(["x": x])["y"].isInference)
      return model
    }
    try model(["x": x])["y"].sum().backward()
    #expect(try model.parameters["w"]?.grad?.elements(as: Float.self) == [3, 4])
  }
}
