import Foundation
import Testing
import ThawTypes

@testable import ThawONNX

/// Models with elements outside their file, made in a folder of their own.
enum External {
  /// `dense` with w at `offset` of w.bin.
  static func model(location: String = "w.bin", offset: String? = "8", length: String? = "24") -> ModelProto {
    var model = Models.dense()
    model.graph?.initializer[0].rawData = nil
    model.graph?.initializer[0].dataLocation = .external
    model.graph?.initializer[0].externalData =
      [("location", location), ("offset", offset), ("length", length), ("checksum", "abc"), ("mine", "kept")]
      .compactMap { key, value in value.map { StringStringEntryProto(key: key, value: $0) } }
    return model
  }

  static let numbers: [Float] = [1, 2, 3, 4, 5, 6]

  /// Eight bytes of something else, then the six numbers, then two bytes more.
  static let sideCar = [UInt8](repeating: 7, count: 8) + numbers.withUnsafeBytes { [UInt8]($0) } + [9, 9]

  /// Writes m.onnx, and w.bin unless there is one.
  static func write(_ model: ModelProto = model(), to folder: String) throws -> String {
    let path = "\(folder)/m.onnx"
    try Files.write(model.encoded(), to: path)
    if !FileManager.default.fileExists(atPath: "\(folder)/w.bin") { try Files.write(sideCar, to: "\(folder)/w.bin") }
    return path
  }

  static func open(_ path: String, allowLinks: Bool = false) throws -> ModelProto {
    var model = try ModelProto(contentsOf: path)
    try model.openExternalData(besides: path, allowLinks: allowLinks)
    return model
  }

  static func w(_ model: ModelProto) throws -> [Float] {
    try #require(model.graph?.initializer[0]).contents().bytes?.elements() ?? []
  }

  static func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  static func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }
}

@Suite("External data is read from inside the model's folder only") struct ExternalDataTests {
  @Test("elements, aligned or not, with and without a length", arguments: ["0", "4", "8", "7", nil] as [String?])
  func elements(offset: String?) throws {
    try Files.withTemporaryFolder { folder in
      let start = Int(offset ?? "0") ?? 0
      let bytes = [UInt8](repeating: 7, count: start) + External.numbers.withUnsafeBytes { [UInt8]($0) }
      try Files.write(bytes, to: "\(folder)/w.bin")
      for length in ["24", nil] {
        let path = try External.write(External.model(offset: offset, length: length), to: folder)
        #expect(try External.w(External.open(path)) == External.numbers)
      }
    }
  }

  @Test("without its folder, a model reads and writes, and its elements are missing")
  func unopened() throws {
    let model = try ModelProto(decoding: External.model().encoded())
    let error = #expect(throws: TensorDataError.self) { try External.w(model) }
    #expect(error?.kind == .externalData)
    #expect(try model.encoded() == External.model().encoded())
  }

  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: FileError.Kind
    var model = External.model()
    /// Part of the sentence.
    var message = ""
    var prepare: @Sendable (String) throws -> Void = { _ in }
  }

  static let faults: [Fault] = [
    Fault(testDescription: "no location", kind: .outsideFolder, model: External.model(location: "..")),
    Fault(testDescription: "absolute", kind: .outsideFolder, model: External.model(location: "/etc/passwd")),
    Fault(testDescription: "up", kind: .outsideFolder, model: External.model(location: "../w.bin")),
    Fault(testDescription: "down and up", kind: .outsideFolder, model: External.model(location: "a/../../w.bin")),
    Fault(
      testDescription: "missing", kind: .notFound, model: External.model(location: "none.bin"),
      message: "put 'none.bin' there"),
    Fault(testDescription: "the folder itself", kind: .isFolder, model: External.model(location: ".")),
    Fault(testDescription: "a folder", kind: .isFolder, model: External.model(location: "sub")) {
      try External.makeFolder("\($0)/sub")
    },
    Fault(testDescription: "a pipe", kind: .notRegular, model: External.model(location: "pipe")) {
      #expect(mkfifo("\($0)/pipe", 0o600) == 0)
    },
    Fault(
      testDescription: "a device", kind: .linkOut, model: External.model(location: "zero"), message: "--allow-links"
    ) { try External.link("\($0)/zero", to: "/dev/zero") },
    Fault(testDescription: "a link out", kind: .linkOut, message: "--allow-links") {
      try External.link("\($0)/w.bin", to: "/etc/passwd")
    },
    Fault(testDescription: "a folder that links out", kind: .linkOut, model: External.model(location: "etc/passwd")) {
      try External.link("\($0)/etc", to: "/etc")
    },
    Fault(testDescription: "a link to nothing", kind: .notFound, model: External.model(location: "loose")) {
      try External.link("\($0)/loose", to: "\($0)/nothing")
    },
    Fault(testDescription: "a circle of links", kind: .readFailed, model: External.model(location: "circle")) {
      try External.link("\($0)/circle", to: "circle")
    },
    Fault(testDescription: "offset of text", kind: .malformed, model: External.model(offset: "eight")),
    Fault(testDescription: "negative offset", kind: .malformed, model: External.model(offset: "-8")),
    Fault(
      testDescription: "offset over 64 bits", kind: .malformed, model: External.model(offset: "99999999999999999999")),
    Fault(
      testDescription: "offset and length overflow", kind: .truncated,
      model: External.model(offset: "\(Int.max)", length: "24")),
    Fault(testDescription: "offset beyond the end", kind: .truncated, model: External.model(offset: "11")),
    Fault(
      testDescription: "length over the dimensions", kind: .malformed, model: External.model(length: "26"),
      message: "expected a length of 24 bytes, for its dimensions, found 26"),
    Fault(testDescription: "negative length", kind: .malformed, model: External.model(length: "-1")),
    Fault(testDescription: "cut off", kind: .truncated, message: "found a file of 20") {
      try Files.write(External.sideCar.prefix(20), to: "\($0)/w.bin")
    },
    Fault(testDescription: "empty", kind: .truncated) { try Files.write([], to: "\($0)/w.bin") },
  ]

  @Test("what is refused, with the tensor's name", arguments: faults)
  func refused(row: Fault) throws {
    try Files.withTemporaryFolder { folder in
      try row.prepare(folder)
      let path = try External.write(row.model, to: folder)
      let error = #expect(throws: FileError.self) { try External.open(path) }
      #expect(error?.kind == row.kind)
      #expect(error?.description.contains("tensor 'w'") == true, "\(String(describing: error))")
      #expect(error?.description.contains(row.message) == true || row.message.isEmpty, "\(String(describing: error))")
    }
  }

  @Test("entries that contradict each other")
  func entries() throws {
    try Files.withTemporaryFolder { folder in
      var twice = External.model()
      twice.graph?.initializer[0].externalData.append(StringStringEntryProto(key: "offset", value: "0"))
      let path = try External.write(twice, to: folder)
      #expect(throws: FileError.self) { try External.open(path) }
      var none = External.model()
      none.graph?.initializer[0].externalData = []
      #expect(throws: StructureError.self) { try External.open(External.write(none, to: folder)).validate() }
      var text = External.model()
      text.graph?.initializer[0].dtype = .string
      #expect(throws: StructureError.self) { try External.open(External.write(text, to: folder)).validate() }
    }
  }

  @Test("links: inside the folder, out of it when allowed, and to the model itself")
  func links() throws {
    try Files.withTemporaryFolder { root in
      let folder = "\(root)/model"
      try External.makeFolder(folder)
      try External.makeFolder("\(root)/blobs")
      let path = try External.write(to: folder)
      // A link that stays inside.
      try FileManager.default.moveItem(atPath: "\(folder)/w.bin", toPath: "\(folder)/other.bin")
      try External.link("\(folder)/w.bin", to: "other.bin")
      #expect(try External.w(External.open(path)) == External.numbers)
      // A link to the model: its own folder counts.
      try External.link("\(root)/blobs/link.onnx", to: path)
      #expect(try External.w(External.open("\(root)/blobs/link.onnx")) == External.numbers)
      // A hub's cache: both are links, to blobs without names.
      try External.makeFolder("\(root)/snapshot")
      try FileManager.default.copyItem(atPath: path, toPath: "\(root)/blobs/aaaa")
      try Files.write(External.sideCar, to: "\(root)/blobs/bbbb")
      try External.link("\(root)/snapshot/m.onnx", to: "../blobs/aaaa")
      try External.link("\(root)/snapshot/w.bin", to: "../blobs/bbbb")
      let error = #expect(throws: FileError.self) { try External.open("\(root)/snapshot/m.onnx") }
      #expect(error?.kind == .linkOut)
      #expect(error?.description.contains("--allow-links") == true)
      #expect(try External.w(External.open("\(root)/snapshot/m.onnx", allowLinks: true)) == External.numbers)
    }
  }

  @Test("a side-car that changes after it was opened is an error, not a crash")
  func changed() throws {
    try Files.withTemporaryFolder { folder in
      var model = External.model(offset: "0", length: "\(4 << 20)")
      model.graph?.initializer[0].dims = [1, 1 << 20]
      try Files.write([UInt8](repeating: 0, count: 4 << 20), to: "\(folder)/w.bin")
      let opened = try External.open(External.write(model, to: folder))
      #expect(truncate("\(folder)/w.bin", 4096) == 0)
      let error = #expect(throws: TensorDataError.self) { try External.w(opened) }
      #expect(error?.kind == .fileChanged)
      #expect(throws: FileError.self) { try opened.write(to: "\(folder)/copy.onnx") }
      #expect(try External.names(in: folder) == ["m.onnx", "w.bin"])
    }
  }
}
