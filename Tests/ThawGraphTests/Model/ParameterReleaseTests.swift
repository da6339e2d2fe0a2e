import Foundation
import Testing
import ThawONNX
import ThawTensor

@testable import ThawGraph

/// Values that a file holds are read from it again when they are asked for.
@Suite("Parameters that were let go") struct ParameterReleaseTests {
  /// Two matrices large enough to be mapped, at whatever address the file has them.
  private static func file() throws -> String {
    let path = NSTemporaryDirectory() + "release-\(UUID().uuidString).onnx"
    let numbers = (0..<(512 * 512)).map { Float($0 % 17) / 16 }
    let parameters = ["a", "longer-name"].map { name in
      Parameter(name, Tensor(numbers).reshaped(to: [512, 512]))
    }
    let graph = try Graph.record(inputs: ["x": .float32([1, 512])], output: "y", parameters: parameters) { x in
      try x.matmul(parameters[0].value()).matmul(parameters[1].value())
    }
    try Model(graph).save(to: path)
    return path
  }

  @Test("predictions are the same before and after, and what was read has the same numbers") func values() throws {
    let path = try Self.file()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = try Model(contentsOf: path)
    let x = Tensor((0..<512).map { Float($0 % 5) }).reshaped(to: [1, 512])
    let first = try noGrad { try model(["x": x], execution: .eager)["y"].elements(as: Float.self) }
    let before = try model.parameters.map { try $0.value().elements(as: Float.self) }
    let revisions = ParameterRevisions(Array(model.parameters))
    for parameter in model.parameters { parameter.release() }
    #expect(revisions.areCurrent)
    #expect(try model.parameters.map { try $0.value().elements(as: Float.self) } == before)
    for _ in 0..<2 {
      let compiled = try noGrad { try model(["x": x])["y"].elements(as: Float.self) }
      for (a, b) in zip(compiled, first) { #expect(Float.maximum(a - b, b - a) <= 1e-5 * Float.maximum(b, -b)) }
    }
    #expect(model.programCount == 1)
  }

  @Test("a value that somebody may ask for its gradient stays") func held() throws {
    let path = try Self.file()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = try Model(contentsOf: path)
    let parameter = try #require(model.parameters["a"])
    let held = try parameter.value()
    parameter.release()
    try held.sum().backward()
    #expect(try parameter.grad?.elements(as: Float.self).first == 1)
    parameter.release()
    #expect(parameter.grad != nil)
  }

  @Test("a program notices a value that was replaced") func replaced() throws {
    let path = try Self.file()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = try Model(contentsOf: path)
    let x = Tensor([Float](repeating: 1, count: 512)).reshaped(to: [1, 512])
    _ = try noGrad { try model(["x": x])["y"] }
    try model.parameters["a"]?.set(Tensor([Float](repeating: 0, count: 512 * 512)).reshaped(to: [512, 512]))
    let y = try noGrad { try model(["x": x])["y"].elements(as: Float.self) }
    #expect(y.allSatisfy { $0 == 0 })
  }
}
