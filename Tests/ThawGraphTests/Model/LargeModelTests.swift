import Foundation
import Testing
import ThawONNX
import ThawTensor
import ThawTypes

@testable import ThawGraph

@Suite("A model of 2.5 GiB") struct LargeModelTests {
  /// `y` = x + bias, and `z` = table of 2.5 GiB gathered by i; the table is a file of holes with a number at its end.
  private static func write(to folder: String) throws -> String {
    let rows = 5 << 17
    var table = TensorProto()
    table.name = "table"
    table.dims = [Int64(rows), 1024]
    table.dtype = .float32
    table.dataLocation = .external
    table.externalData = [StringStringEntryProto(key: "location", value: "large.bin")]
    var bias = TensorProto()
    bias.name = "bias"
    bias.dims = [2]
    bias.dtype = .float32
    bias.floatData = [1, 2]
    var graph = GraphProto()
    graph.name = "g"
    graph.initializer = [table, bias]
    graph.input = [
      ValueInfoProto(name: "x", type: TensorType(.float32, [.known(2)]).proto),
      ValueInfoProto(name: "i", type: TensorType(.int64, [.known(1)]).proto),
    ]
    graph.output = [
      ValueInfoProto(name: "y", type: TensorType(.float32, [.known(2)]).proto),
      ValueInfoProto(name: "z", type: TensorType(.float32, [.known(1), .known(1024)]).proto),
    ]
    graph.node = [
      NodeProto("Add", input: ["x", "bias"], output: ["y"]),
      NodeProto("Gather", input: ["table", "i"], output: ["z"]),
    ]
    var model = ModelProto()
    model.irVersion = 8
    model.opsetImport = [OperatorSetIdProto(domain: "", version: 17)]
    model.graph = graph
    let path = "\(folder)/large.onnx"
    try model.write(to: path)
    let file = open("\(folder)/large.bin", O_CREAT | O_WRONLY, 0o600)
    defer { close(file) }
    let size = rows * 4096
    try #require(ftruncate(file, off_t(size)) == 0)
    var last: Float = 42
    try #require(pwrite(file, &last, 4, off_t(size - 4)) == 4)
    return path
  }

  /// The process's memory that is no file's, in bytes.
  private static func anonymousMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") })
    return try #require(Int(line.filter(\.isNumber))) * 1024
  }

  @Test("opens, computes, trains a small tensor and saves, elsewhere and over itself, and holds no copy of the rest")
  func large() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try Self.write(to: folder)
    let before = try Self.anonymousMemory()
    let inputs = ["x": Tensor([1, 1] as [Float]), "i": Tensor([(5 << 17) - 1])]

    let model = try Model(contentsOf: path)
    try model.trainOnly(["bias"])
    let outputs = try model(inputs)
    #expect(try outputs["z"].elements(as: Float.self).last == 42)
    try outputs["y"].sum().backward()
    let bias = try #require(model.parameters["bias"])
    try bias.set(try withErrors { try bias.value().detach() - 0.5 * (try #require(bias.grad)) })
    try model.save(to: "\(folder)/tuned.onnx")
    try model.save(to: path)

    for (file, sideCar) in [("tuned.onnx", "tuned.onnx.data"), ("large.onnx", "large.bin")] {
      let saved = try Model(contentsOf: "\(folder)/\(file)")
      #expect(try saved.parameters["bias"]?.value().elements(as: Float.self) == [0.5, 1.5])
      #expect(try saved(inputs)["z"].elements(as: Float.self).last == 42)
      var status = stat()
      #expect(stat("\(folder)/\(sideCar)", &status) == 0)
      #expect(status.st_size == 5 << 29)
      #expect(status.st_blocks < 1 << 12, "holes stay holes")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 4)
    // Other tests run meanwhile; the table alone is ten times as much.
    #expect(try Self.anonymousMemory() - before < 256 << 20)
  }

  @Test("a message that would pass 2 GiB gets a side-car of its own accord")
  func automatic() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "thaw-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var proto = try ModelProto(contentsOf: try Self.write(to: folder))
    let table = ByteRegion(try Mapping("\(folder)/large.bin"))
    proto.graph?.initializer[0].externalData = []
    proto.graph?.initializer[0].dataLocation = nil
    proto.graph?.initializer[0].rawData = table
    let error = #expect(throws: FileError.self) { try proto.write(to: "\(folder)/one.onnx", externalData: .never) }
    #expect(error?.kind == .tooLarge)
    try proto.write(to: "\(folder)/two.onnx")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == ["large.bin", "large.onnx", "two.onnx", "two.onnx.data"])
    let model = try Model(contentsOf: "\(folder)/two.onnx")
    let z = try model(["x": Tensor([1, 1] as [Float]), "i": Tensor([(5 << 17) - 1])])["z"]
    #expect(try z.elements(as: Float.self).last == 42)
  }
}
