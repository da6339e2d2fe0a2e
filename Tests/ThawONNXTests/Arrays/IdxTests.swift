import Foundation
import Testing
import ThawTypes

@testable import ThawONNX

@Suite("IDX files") struct IdxTests {
  @Test("every type, the highest byte first")
  func types() throws {
    func read(_ type: UInt8, _ bytes: [UInt8]) throws -> TensorData {
      try Idx.decode(ByteRegion([0, 0, type, 1, 0, 0, 0, 2] + bytes))
    }
    #expect(try read(0x08, [1, 255]).values() == [UInt8(1), 255])
    #expect(try read(0x09, [1, 255]).values() == [Int8(1), -1])
    #expect(try read(0x0b, [1, 2, 255, 254]).values() == [Int16(258), -2])
    #expect(try read(0x0c, [0, 0, 1, 2, 255, 255, 255, 254]).values() == [Int32(258), -2])
    #expect(try read(0x0d, [0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0]).values() == [Float(1.5), -2])
    #expect(
      try read(0x0e, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0]).values() == [1.5, -2])
  }

  static let bad: [(bytes: [UInt8], kind: FileError.Kind)] = [
    ([], .wrongFormat), ([0, 0, 8], .wrongFormat), ([0, 0, 7, 1, 0, 0, 0, 0], .wrongFormat),
    ([0, 0, 8, 0], .wrongFormat), ([0, 0, 8, 2, 0, 0, 0, 1], .truncated), ([0, 0, 8, 1, 0, 0, 0, 2, 1], .truncated),
    ([0, 0, 8, 1, 0, 0, 0, 1, 1, 2], .malformed),
    ([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), .tooLarge),
  ]

  @Test("what is wrong", arguments: bad)
  func refused(bytes: [UInt8], kind: FileError.Kind) throws {
    let error = try #require(throws: FileError.self) { try Idx.decode(ByteRegion(bytes)) }
    #expect(error.kind == kind)
  }
}

@Suite("Files of data, told by their content") struct ArrayFileTests {
  /// Python's gzip.compress of an IDX file of 2 × 3 bytes, 1 to 6.
  private static let compressedIdx =
    Data(base64Encoded: "H4sIAAAAAAACA2Ng4GBiYGAAYWZGJmYWVjYASJQ+5RIAAAA=").map([UInt8].init) ?? []

  @Test("a suffix says nothing")
  func recognized() throws {
    try Files.withTemporaryFolder { folder in
      func open(_ bytes: [UInt8]) throws -> ArrayFile {
        try Files.write(bytes, to: "\(folder)/data.bin")
        return try ArrayFile(contentsOf: "\(folder)/data.bin")
      }
      guard case .table(let table) = try open(Array("a,b\n1,2\n".utf8)) else { return #expect(Bool(false)) }
      #expect(table.names == ["a", "b"])
      guard case .array(let idx) = try open(Self.compressedIdx) else { return #expect(Bool(false)) }
      #expect(try idx.values() == [UInt8(1), 2, 3, 4, 5, 6])
      #expect(idx.dims == [2, 3])
      guard case .archive(let archive) = try open(Files.bytes(Files.fixture("arrays/deflated.npz"))) else {
        return #expect(Bool(false))
      }
      #expect(archive.names == ["a", "b"])
      for bytes in [Array("\u{7f}ELF\u{2}\u{1}\u{1}\u{0}".utf8), [8, 7, 18, 4], [0x1f, 0x8b, 8, 0]] {
        let error = try #require(throws: FileError.self) { try open(bytes) }
        #expect(error.path?.hasSuffix("/data.bin") == true)
      }
    }
  }

  @Test("a deflated archive beyond the budget goes to a file, not to memory")
  func archiveBeyondBudget() throws {
    let budget = MemoryBudget(limit: 1 << 12)
    let archive = try Npz(contentsOf: Files.fixture("arrays/deflated.npz"), budget: budget)
    #expect(try archive["a"]?.values() == [Float](repeating: 0, count: 2500))
    #expect(try archive["b"]?.values() == (0..<1000).map(Int32.init))
    #expect(budget.held <= 1 << 12)
  }

  @Test("folders: what belongs to a target, by number; folders of folders are put one after another")
  func folders() throws {
    try Files.withTemporaryFolder { folder in
      func write(_ name: String, _ values: [Float], _ dims: [Int], as messageName: String = "") throws {
        try TensorProto(name: messageName, TensorData(dims, values)).write(to: "\(folder)/\(name).pb")
      }
      try write("input_0", [9], [1])
      try write("train_input_0", [1, 2], [2])
      try write("train_input_1", [3, 4], [2], as: "mask")
      try write("train_target", [5, 6], [2])
      let members = try TensorFolder(contentsOf: folder).members
      #expect(members.map(\.name) == ["input_0", "input_1", "target"])
      #expect(members.map(\.messageName) == ["", "mask", ""])
      #expect(try members[0].data.values() == [Float(1), 2])
    }
    try Files.withTemporaryFolder { folder in
      for (part, values) in [("test_data_set_10", [4, 5]), ("test_data_set_2", [1, 2, 3])] {
        try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        let data = try TensorData([values.count], values.map(Float.init))
        try TensorProto(name: "", data).write(to: "\(folder)/\(part)/input_0.pb")
        try TensorProto(name: "", data).write(to: "\(folder)/\(part)/output_0.pb")
      }
      let members = try TensorFolder(contentsOf: folder).members
      #expect(members.map(\.name) == ["input_0", "target"])
      #expect(try members[0].data.values() == [Float(1), 2, 3, 4, 5])
      try TensorProto(name: "", TensorData([1, 1], [Float(1)])).write(to: "\(folder)/test_data_set_2/input_0.pb")
      let error = try #require(throws: FileError.self) { try TensorFolder(contentsOf: folder) }
      #expect(error.kind == .malformed && error.found == "float32[2]")
    }
    try Files.withTemporaryFolder { folder in
      let error = try #require(throws: FileError.self) { try TensorFolder(contentsOf: folder) }
      #expect(error.kind == .notFound)
    }
  }

  @Test("no bytes trap a reader", arguments: 0..<20)
  func anyBytes(seed: UInt64) throws {
    var state = seed &+ 99
    func next(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    let starts: [[UInt8]] = [
      [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4], Self.compressedIdx, Array("a,b\n1,2\n".utf8),
      try Files.bytes(Files.fixture("arrays/deflated.npz")),
    ]
    try Files.withTemporaryFolder { folder in
      let budget = MemoryBudget(limit: 1 << 16)
      for start in starts {
        var bytes = start
        for _ in 0...next(4) { bytes[next(bytes.count)] = UInt8(next(256)) }
        if next(2) == 0 { bytes.removeLast(next(bytes.count)) }
        try Files.write(bytes, to: "\(folder)/x")
        _ = try? ArrayFile(contentsOf: "\(folder)/x", budget: budget)
        try Files.write(bytes, to: "\(folder)/x.pb")
        _ = try? ArrayFile(contentsOf: "\(folder)/x.pb", budget: budget)
      }
      #expect(budget.peak <= budget.limit)
    }
  }
}
