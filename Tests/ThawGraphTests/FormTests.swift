import Foundation
import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

/// Models of the fixtures, against ONNX Runtime's numbers.
@Suite("Functions and sparse tensors of a file") struct FormTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/Forms")

  private struct Expected: Decodable {
    let inputs: [String: [Float]]
    let outputs: [String: [Float]]
  }

  private static func path(_ name: String) -> String { folder.appending(path: "\(name).onnx").path }

  @Test("outputs are ONNX Runtime's, and the file comes back byte for byte", arguments: ["functions", "sparse"])
  func outputs(name: String) throws {
    let all = try JSONDecoder().decode(
      [String: Expected].self, from: Data(contentsOf: Self.folder.appending(path: "expected.json")))
    let expected = try #require(all[name])
    let model = try Model(contentsOf: Self.path(name))
    let inputs = model.inputs.map { ($0.name, Tensor(expected.inputs[$0.name] ?? [], shape: $0.type?.tensor?.shape)) }
    let results = try model(Dictionary(uniqueKeysWithValues: inputs))
    #expect(results.names.sorted() == expected.outputs.keys.sorted())
    for (output, numbers) in expected.outputs {
      let found = try results[output].elements(as: Float.self)
      #expect(found.count == numbers.count)
      #expect(zip(found, numbers).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }, "\(output): \(found)")
    }
    #expect(try model.changedProto().encoded() == [UInt8](Data(contentsOf: URL(filePath: Self.path(name)))))
  }

  @Test("a gradient goes through calls, and what trains is the graph's initializer, not a function's Constant")
  func gradients() throws {
    let model = try Model(contentsOf: Self.path("functions"))
    #expect(model.parameters.map(\.name) == ["h"])
    try model(["x": Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])])["y"].sum().backward()
    #expect(model.parameters["h"]?.grad?.shape == [2, 2])
  }

  @Test("a sparse tensor is a parameter, and dense from its first change on")
  func sparseChange() throws {
    let model = try Model(contentsOf: Self.path("sparse"))
    #expect(model.parameters.map(\.name) == ["w", "v", "c"])
    #expect(model.parameters.map(\.role) == [.trainable, .trainable, .constant])
    #expect(try model.parameters["w"]?.value().elements(as: Float.self) == [0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 0, 3])
    try model.parameters["v"]?.set(Tensor.ones([4, 2]))
    try model.parameters["c"]?.set(Tensor.ones([2, 2]))
    let changed = try model.changedProto()
    #expect(changed.graph?.sparseInitializer.map(\.values?.name) == ["w"])
    #expect(changed.graph?.initializer.map(\.name) == ["v"])
    #expect(changed.graph?.node[0].attribute.map(\.name) == ["value"])
    let reopened = try Model(ModelProto(decoding: changed.encoded()))
    let x = Tensor.ones([2, 3])
    #expect(try reopened(["x": x])["y"].elements(as: Float.self) == model(["x": x])["y"].elements(as: Float.self))
    #expect(reopened.parameters.source == .file)
  }

  // Sparse tensors that do not hold together.

  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Part of the sentence.
    let message: String
    let breaking: @Sendable (inout SparseTensorProto) -> Void
  }

  static let faults: [Fault] = [
    Fault(testDescription: "out of range", message: "indices inside of [3, 4]") { $0.indices?.int64Data[5] = 4 },
    Fault(testDescription: "negative", message: "indices inside of [3, 4]") { $0.indices?.int64Data[1] = -1 },
    Fault(testDescription: "twice", message: "value 1 not after") { $0.indices?.int64Data = [0, 1, 0, 1, 2, 3] },
    Fault(testDescription: "descending", message: "value 1 not after") { $0.indices?.int64Data = [1, 0, 0, 1, 2, 3] },
    Fault(testDescription: "too few", message: "int64 of [3] or [3, 2]") {
      $0.indices?.int64Data = [0, 1]
      $0.indices?.dims = [2]
    },
    Fault(testDescription: "of another rank", message: "int64 of [3] or [3, 2]") { $0.indices?.dims = [2, 3] },
    Fault(testDescription: "of another type", message: "int64 of [3] or [3, 2]") {
      $0.indices?.int64Data = []
      $0.indices?.dtype = .int32
      $0.indices?.int32Data = [0, 1, 1, 0, 2, 3]
    },
    Fault(testDescription: "linear, out of range", message: "indices inside of [3, 4]") {
      $0.indices?.dims = [3]
      $0.indices?.int64Data = [0, 1, 12]
    },
    Fault(testDescription: "a bomb", message: "which is the limit") { $0.dims = [1 << 20, 1 << 20] },
    Fault(testDescription: "a bomb over 64 bits", message: "the dimensions are too large") {
      $0.dims = [1 << 40, 1 << 40]
    },
    Fault(testDescription: "strings", message: "a type of numbers") {
      $0.values?.dtype = .string
      $0.values?.floatData = []
      $0.values?.stringData = [[1], [2], [3]]
    },
    Fault(testDescription: "a matrix of values", message: "a list of values") { $0.values?.dims = [3, 1] },
    Fault(testDescription: "no values", message: "missing") { $0.values = nil },
    Fault(testDescription: "no indices", message: "missing") { $0.indices = nil },
  ]

  @Test("a sparse tensor that contradicts itself is refused", arguments: faults)
  func refused(row: Fault) throws {
    var proto = try ModelProto(contentsOf: Self.path("sparse"))
    var sparse = try #require(proto.graph?.sparseInitializer.first)
    row.breaking(&sparse)
    proto.graph?.sparseInitializer[0] = sparse
    let error = #expect(throws: (any Error).self) {
      _ = try Model(proto)(["x": Tensor.ones([2, 3])])
    }
    #expect("\(try #require(error))".contains(row.message), "\(String(describing: error))")
  }

  @Test("many sparse tensors are a bomb together")
  func manySparse() throws {
    var proto = try ModelProto(contentsOf: Self.path("sparse"))
    var sparse = try #require(proto.graph?.sparseInitializer.first)
    sparse.dims = [1 << 14, 1 << 14]
    for index in 0..<5 {
      sparse.values?.name = "more\(index)"
      proto.graph?.sparseInitializer.append(sparse)
    }
    let error = #expect(throws: ModelError.self) { try Model(proto) }
    #expect(error?.message.contains("which is the limit") == true, "\(String(describing: error))")
  }
}
