import Foundation
import Testing
import ThawTypes

@testable import ThawONNX

@Suite("A model with external data is saved, and nothing is left over") struct ExternalSavingTests {
  /// w.bin holds w and v.
  private static func twoTensors() -> ModelProto {
    var model = External.model(offset: "0")
    if var v = model.graph?.initializer[0] {
      v.name = "v"
      v.externalData = ExternalPlace(location: "w.bin", offset: 24, length: 24).entries(replacing: [])
      v.unknownFields = [UnknownField(number: 900, wireType: 2, bytes: [2, 104, 105])]
      model.graph?.initializer.append(v)
    }
    return model
  }

  private static let bytes = (1...12).map(Float.init).withUnsafeBytes { [UInt8]($0) }

  private static func write(to folder: String) throws -> String {
    try Files.write(bytes, to: "\(folder)/w.bin")
    return try External.write(twoTensors(), to: folder)
  }

  private static func changeW(_ model: inout ModelProto, _ value: Float = 50) throws {
    let data = try TensorData(.float32, [2, 3], bytes: ByteRegion(memoryOf: [Float](repeating: value, count: 6)))
    model.graph?.initializer[0].replaceContents(with: data)
  }

  private static func numbers(_ model: ModelProto, _ index: Int) throws -> [Float] {
    try #require(model.graph?.initializer[index]).contents().bytes?.elements() ?? []
  }

  @Test("untouched: byte for byte, in place and elsewhere")
  func untouched() throws {
    try Files.withTemporaryFolder { folder in
      let path = try Self.write(to: folder)
      let before = (try Files.bytes(path), try Files.bytes("\(folder)/w.bin"))
      try External.open(path).write(to: path)
      #expect(try Files.bytes(path) == before.0)
      #expect(try Files.bytes("\(folder)/w.bin") == before.1)
      try External.open(path).write(to: "\(folder)/copy.onnx")
      #expect(try External.names(in: folder) == ["copy.onnx", "copy.onnx.data", "m.onnx", "w.bin"])
      let copy = try External.open("\(folder)/copy.onnx")
      #expect(try Self.numbers(copy, 0) == [1, 2, 3, 4, 5, 6])
      #expect(try Self.numbers(copy, 2) == [7, 8, 9, 10, 11, 12])
      #expect(try Files.bytes("\(folder)/w.bin") == before.1)
    }
  }

  @Test("changed, over itself, several times: one side-car, page-aligned, nothing of the old ones")
  func changedInPlace() throws {
    try Files.withTemporaryFolder { folder in
      let path = try Self.write(to: folder)
      var model = try External.open(path)
      for (round, name) in ["m.onnx.data", "m.onnx.1.data", "m.onnx.data"].enumerated() {
        try Self.changeW(&model, Float(round))
        try model.write(to: path)
        #expect(try External.names(in: folder) == ["m.onnx", name].sorted())
        let saved = try External.open(path)
        #expect(try Self.numbers(saved, 0) == [Float](repeating: Float(round), count: 6))
        #expect(try Self.numbers(saved, 2) == [7, 8, 9, 10, 11, 12])
        #expect(try Files.bytes("\(folder)/\(name)").count == 4096 + 24)
        let entries = saved.graph?.initializer[2].externalData.map { "\($0.key ?? "")=\($0.value ?? "")" }
        #expect(entries == ["location=\(name)", "offset=4096", "length=24"])
        #expect(saved.graph?.initializer[0].externalData.last?.key == "mine")
        #expect(saved.graph?.initializer[0].externalData.contains { $0.key == "checksum" } == false)
        #expect(saved.graph?.initializer.last?.unknownFields.count == 1)
      }
      // What was saved and opened again replaces its side-car as well.
      var reopened = try External.open(path)
      try Self.changeW(&reopened, 9)
      try reopened.write(to: path)
      #expect(try External.names(in: folder) == ["m.onnx", "m.onnx.1.data"])
    }
  }

  @Test("changed, elsewhere, twice: the source stays, the first result goes")
  func changedElsewhere() throws {
    try Files.withTemporaryFolder { folder in
      let path = try Self.write(to: folder)
      let before = (try Files.bytes(path), try Files.bytes("\(folder)/w.bin"))
      for value in [50, 60] as [Float] {
        var model = try External.open(path)
        try Self.changeW(&model, value)
        try model.write(to: "\(folder)/tuned.onnx")
        #expect(try External.w(External.open("\(folder)/tuned.onnx"))[0] == value)
        #expect(try External.names(in: folder).filter { $0.hasPrefix("tuned.onnx") }.count == 2)
      }
      #expect(try (Files.bytes(path), Files.bytes("\(folder)/w.bin")) == before)
    }
  }

  @Test("the same input gives the same bytes")
  func deterministic() throws {
    try Files.withTemporaryFolder { folder in
      let path = try Self.write(to: folder)
      for copy in ["a", "b"] {
        try External.makeFolder("\(folder)/\(copy)")
        var model = try External.open(path)
        try Self.changeW(&model)
        try model.write(to: "\(folder)/\(copy)/m.onnx")
      }
      for name in ["m.onnx", "m.onnx.data"] {
        #expect(try Files.bytes("\(folder)/a/\(name)") == Files.bytes("\(folder)/b/\(name)"))
      }
    }
  }

  @Test("a side-car that another model names, or a link, stays")
  func shared() throws {
    try Files.withTemporaryFolder { folder in
      let path = try Self.write(to: folder)
      try FileManager.default.copyItem(atPath: path, toPath: "\(folder)/other.onnx")
      var model = try External.open(path)
      try Self.changeW(&model)
      try model.write(to: path)
      #expect(try External.names(in: folder) == ["m.onnx", "m.onnx.data", "other.onnx", "w.bin"])
      #expect(try Self.numbers(External.open("\(folder)/other.onnx"), 0) == [1, 2, 3, 4, 5, 6])
      try External.makeFolder("\(folder)/linked")
      try Files.write(try Files.bytes("\(folder)/other.onnx"), to: "\(folder)/linked/m.onnx")
      try External.link("\(folder)/linked/w.bin", to: "\(folder)/w.bin")
      var linked = try External.open("\(folder)/linked/m.onnx", allowLinks: true)
      try Self.changeW(&linked)
      try linked.write(to: "\(folder)/linked/m.onnx")
      #expect(try Files.bytes("\(folder)/w.bin") == Self.bytes)
      #expect(try External.w(External.open("\(folder)/linked/m.onnx"))[0] == 50)
    }
  }

  @Test("a hard-linked side-car: refused over itself, with nothing changed; saved elsewhere")
  func hardLinks() throws {
    try Files.withTemporaryFolder { folder in
      let path = try Self.write(to: folder)
      #expect(link("\(folder)/w.bin", "\(folder)/again.bin") == 0)
      var model = try External.open(path)
      try Self.changeW(&model)
      let before = try Files.bytes(path)
      let error = #expect(throws: FileError.self) { try model.write(to: path) }
      #expect(error?.kind == .hardLinked)
      #expect(try Files.bytes(path) == before)
      #expect(try External.names(in: folder) == ["again.bin", "m.onnx", "w.bin"])
      try model.write(to: "\(folder)/tuned.onnx")
      #expect(try External.w(External.open("\(folder)/tuned.onnx"))[0] == 50)
    }
  }

  @Test("on request: large initializers outside, and back inside byte for byte")
  func placement() throws {
    try Files.withTemporaryFolder { folder in
      var model = Models.dense()
      model.graph?.initializer.append(Models.tensor("big", [256], (0..<256).map(Float.init)))
      let path = "\(folder)/m.onnx"
      try model.write(to: path)
      let plain = try Files.bytes(path)
      try ModelProto(contentsOf: path).write(to: path, externalData: .always)
      #expect(try External.names(in: folder) == ["m.onnx", "m.onnx.data"])
      #expect(try Files.bytes("\(folder)/m.onnx.data").count == 1024)
      let outside = try External.open(path)
      #expect(outside.graph?.initializer.map(\.dataLocation) == [nil, nil, .external])
      #expect(try Self.numbers(outside, 2) == (0..<256).map(Float.init))
      try outside.write(to: path, externalData: .never)
      #expect(try External.names(in: folder) == ["m.onnx"])
      #expect(try Files.bytes(path) == plain)
    }
  }

  @Test("tensors that share their bytes go on doing so")
  func tied() throws {
    try Files.withTemporaryFolder { folder in
      try Files.write(Self.bytes, to: "\(folder)/w.bin")
      var model = Self.twoTensors()
      let place = model.graph?.initializer[0].externalData ?? []
      model.graph?.initializer[2].externalData = place
      let path = try External.write(model, to: folder)
      try External.open(path).write(to: "\(folder)/copy.onnx")
      #expect(try Files.bytes("\(folder)/copy.onnx.data").count == 24)
      let copy = try External.open("\(folder)/copy.onnx")
      #expect(try Self.numbers(copy, 0) == Self.numbers(copy, 2))
    }
  }

  @Test("holes stay holes, and what is between them is copied")
  func holes() throws {
    try Files.withTemporaryFolder { folder in
      let size = 16 << 20
      var model = External.model(offset: "0", length: "\(size)")
      model.graph?.initializer[0].dims = [1, Int64(size / 4)]
      let handle = open("\(folder)/w.bin", O_CREAT | O_RDWR, 0o600)
      #expect(ftruncate(handle, off_t(size)) == 0)
      for offset in [0, 5 << 20, 11 << 20, size - 8] { #expect(pwrite(handle, "somebody", 8, off_t(offset)) == 8) }
      close(handle)
      let path = try External.write(model, to: folder)
      try External.open(path).write(to: "\(folder)/copy.onnx")
      let copied = try Data(contentsOf: URL(filePath: "\(folder)/copy.onnx.data"))
      #expect(try copied == Data(contentsOf: URL(filePath: "\(folder)/w.bin")))
      var (source, copy) = (stat(), stat())
      stat("\(folder)/w.bin", &source)
      stat("\(folder)/copy.onnx.data", &copy)
      #expect(copy.st_blocks <= source.st_blocks + 64)
    }
  }
}
