import Foundation
import Testing
import ThawTensor
import ThawTypes

@testable import ThawGraph

@Suite("Recording Swift code as ONNX") struct RecordingTests {
  private func workedExample() throws -> Graph {
    try Graph.record(inputs: ["a": .float32([2]), "b": .float32([2])], output: "Q") { a, b in 3 * a ** 3 - b ** 2 }
  }

  @Test("the worked example: saved, loaded and replayed, the same numbers and gradients, bit for bit")
  func workedExampleReplays() throws {
    let file = try TemporaryFolder()
    let path = file.path("q.onnx")
    try workedExample().save(to: path)
    let model = try Model(contentsOf: path)

    func gradients(_ function: (Tensor, Tensor) throws -> Tensor) throws -> [[Float]] {
      let a = Tensor([2, 3], requiresGrad: true)
      let b = Tensor([6, 4], requiresGrad: true)
      let q = try function(a, b)
      try q.sum().backward()
      return try [q, try #require(a.grad), try #require(b.grad)].map { try $0.elements() }
    }
    let eager = try gradients { a, b in 3 * a ** 3 - b ** 2 }
    let replayed = try gradients { a, b in try model(["a": a, "b": b])["Q"] }
    #expect(eager == replayed)
    #expect(eager == [[-12, 65], [36, 81], [-12, -8]])
  }

  @Test("a network: from the same batch the same loss and gradients as the Swift code, bit for bit")
  func networkReplays() throws {
    func numbers(_ count: Int, _ seed: Float) -> [Float] {
      (0..<count).map { ((Float($0) + seed) * 0.7).truncatingRemainder(dividingBy: 1) - 0.4 }
    }
    let parameters = [
      Parameter("conv.weight", Tensor(numbers(18, 1), shape: [2, 1, 3, 3])),
      Parameter("conv.bias", Tensor(numbers(2, 2))),
      Parameter("head.weight", Tensor(numbers(54, 3), shape: [18, 3])), Parameter("head.bias", Tensor(numbers(3, 4))),
    ]
    func loss(_ x: Tensor) throws -> Tensor {
      let values = try parameters.map { try $0.value() }
      let body = x.conv(values[0], values[1], pads: [1, 1, 1, 1]).relu().maxPool(kernel: [2, 2], strides: [2, 2])
      return (body.flatten().matmul(values[2]) + values[3]).logSoftmax().mean()
    }
    let graph = try Graph.record(inputs: ["x": .float32("N", 1, 6, 6)], output: "loss", parameters: parameters) {
      try loss($0)
    }
    let file = try TemporaryFolder()
    try graph.save(to: file.path("network.onnx"))
    let model = try Model(contentsOf: file.path("network.onnx"))

    let batch = Tensor(numbers(144, 5), shape: [4, 1, 6, 6])
    let eager = try withErrors { try loss(batch) }
    let replayed = try model(["x": batch])["loss"]
    #expect(try eager.elements(as: Float.self) == replayed.elements(as: Float.self))
    try eager.backward()
    try replayed.backward()
    for parameter in parameters {
      let mine = try #require(parameter.grad).elements(as: Float.self)
      let theirs = try #require(model.parameters[parameter.name]?.grad).elements(as: Float.self)
      #expect(mine == theirs && mine.contains { $0 != 0 }, "\(parameter.name)")
    }
  }

  @Test("a recorded file holds ONNX operators, opset 17, IR 8, and roles")
  func format() throws {
    let proto = try workedExample().model()
    #expect(proto.irVersion == 8)
    #expect(proto.opsetImport.map(\.version) == [17])
    #expect(proto.graph?.node.map(\.opType) == ["Pow", "Mul", "Pow", "Sub"])
    #expect(try proto.roles()?.names(of: .constant).count == 3)
    #expect(try workedExample().model().encoded() == proto.encoded())
  }

  @Test("a named dimension varies after recording")
  func namedDimension() throws {
    let weight = Parameter("weight", Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]))
    let graph = try Graph.record(inputs: ["x": .float32("N", 3)], output: "y", parameters: [weight]) { x in
      x.matmul(try weight.value()).relu().reshaped(to: [-1])
    }
    let model = try Model(graph)
    #expect(model.parameters["weight"]?.role == .trainable)
    for size in [1, 5] {
      let y = try model(["x": Tensor.ones([size, 3])])["y"]
      #expect(y.shape == [2 * size])
      #expect(y.requiresGrad)
      #expect(try Array(y.elements(as: Float.self).prefix(2)) == [9, 12])
    }
  }

  @Test("a batch size that would be baked in is refused")
  func bakedSize() throws {
    let error = #expect(throws: ModelError.self) {
      _ = try Graph.record(inputs: ["x": .float32("N", 4)]) { x in x.reshaped(to: [x.shape[0] * 2, 2]) }
    }
    #expect(
      error?.message
        == "operation 0 (Reshape) reads a constant that is another at another size: a size that varies was turned into "
        + "a number; use -1 in reshaped(to:), flatten(), or shapeTensor() instead")
    let branch = #expect(throws: ModelError.self) {
      _ = try Graph.record(inputs: ["x": .float32("N")]) { x in x.shape[0] > 50 ? x + 1 : x * 2 }
    }
    #expect(branch?.kind == .recording)
  }

  @Test("the size kept as a tensor may vary")
  func shapeTensor() throws {
    let graph = try Graph.record(inputs: ["x": .float32("N", 4)], output: "y") { x in
      x.reshaped(to: [-1]).reshaped(to: x.shapeTensor())
    }
    #expect(try Model(graph)(["x": Tensor.ones([3, 4])])["y"].shape == [3, 4])
  }

  @Test("numbers cannot be asked for while recording")
  func numbers() throws {
    let error = #expect(throws: TensorError.self) {
      _ = try Graph.record(inputs: ["x": .float32([2])]) { x in try x.item() > 0 ? x : -x }
    }
    #expect(error?.kind == .shape || error?.kind == .valueNeeded)
  }

  @Test("a failed operation comes out as its error")
  func failure() throws {
    let error = #expect(throws: TensorError.self) {
      _ = try Graph.record(inputs: ["x": .float32([2]), "y": .float32([3])]) { x, y in (x + y).relu() }
    }
    #expect(error?.message.hasPrefix("Add: the shapes [2] and [3] do not broadcast") == true)
  }

  @Test("a recording's values mean nothing outside of it")
  func outside() throws {
    nonisolated(unsafe) var escaped: Tensor?
    _ = try Graph.record(inputs: ["x": .float32([2])]) { x in
      escaped = x
      return x + 1
    }
    let error = #expect(throws: TensorError.self) { try apply(Neg(), to: escaped) }
    #expect(error?.message.contains("a value of a recording that is not open in this task") == true)
  }

  @Test("a recording belongs to the task that opened it")
  func otherTask() async throws {
    let error = try await Task {
      try await withTracer { x in
        await Task { () -> TensorError? in
          do {
            _ = try apply(Neg(), to: x)
            return nil
          } catch { return error as? TensorError }
        }.value
      }
    }.value
    #expect(error?.message.contains("belongs to the task that opened it") == true)
  }

  /// Runs `body` with a recording open and a traced input.
  private func withTracer(_ body: @Sendable (Tensor) async -> TensorError?) async throws -> TensorError? {
    let tracer = Tracer(sizes: [:])
    let x = try tracer.input("x", .float32([2]))
    var context = Context.current
    context.recorder = tracer
    return await Context.$current.withValue(context) { await body(x) }
  }
}

/// A folder that goes with the test.
final class TemporaryFolder {
  private let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func path(_ name: String) -> String { url.appending(path: name).path }

  deinit { try? FileManager.default.removeItem(at: url) }
}
