import Foundation
import Testing
import ThawONNX
import ThawTypes

@Suite struct NpzTests {
  @Test func whatNumPyStoredIsRead() throws {
    let npz = try Npz(contentsOf: Files.fixture("arrays/stored.npz"))
    #expect(npz.names == ["a", "x/weight", "s"])
    #expect(try npz["a"]?.values() == [Float(0), 1, 2, 3, 4, 5])
    #expect(npz["a"]?.dims == [2, 3])
    #expect(try npz["x/weight"]?.values() == [Int64(1), -2])
    #expect(try npz["s"]?.values() == [3.5])
    #expect(npz["s"]?.dims == [])
    #expect(npz["absent"] == nil)
    #expect(npz["a"]?.bytes?.mapping != nil)
  }

  @Test func whatNumPyDeflatedIsRead() throws {
    let npz = try Npz(contentsOf: Files.fixture("arrays/deflated.npz"))
    #expect(try npz["a"]?.values() == [Float](repeating: 0, count: 2500))
    #expect(try npz["b"]?.values() == (0..<1000).map(Int32.init))
  }

  @Test func sizesOf64BitsAreRead() throws {
    #expect(try Npz(contentsOf: Files.fixture("arrays/zip64.npz"))["a"]?.values() == [Float(0), 1, 2, 3, 4, 5])
  }

  @Test func arraysComeBackInOrderAndAligned() throws {
    try Files.withTemporaryFolder { folder in
      var npz = Npz()
      npz["z"] = try TensorData([2], [Float(1), 2])
      npz["a/b.c::d"] = try TensorData([3], [UInt8(1), 2, 3])
      npz["ü"] = try TensorData([1], strings: [Array("x".utf8)])
      npz["gone"] = try TensorData([0], [Float]())
      npz["gone"] = nil
      npz["z"] = try TensorData([1], [Float(3)])
      try npz.write(to: folder + "/a.npz")
      try npz.write(to: folder + "/b.npz")
      #expect(try Files.bytes(folder + "/a.npz") == Files.bytes(folder + "/b.npz"))
      let read = try Npz(contentsOf: folder + "/a.npz")
      #expect(read == npz)
      #expect(read.names == ["z", "a/b.c::d", "ü"])
      #expect(read["a/b.c::d"]?.bytes?.isAligned(to: 64) == true)
    }
  }

  @Test func anEmptySetComesBack() throws {
    try Files.withTemporaryFolder { folder in
      try Npz().write(to: folder + "/a.npz")
      #expect(try Npz(contentsOf: folder + "/a.npz") == Npz())
    }
  }

  @Test func moreMembersThanSixteenBitsCountComeBack() throws {
    try Files.withTemporaryFolder { folder in
      var npz = Npz()
      let one = try TensorData([], [UInt8(1)])
      for index in 0..<66_000 { npz["\(index)"] = one }
      try npz.write(to: folder + "/a.npz")
      #expect(try Npz(contentsOf: folder + "/a.npz").names == npz.names)
    }
  }

  struct Fault: CustomStringConvertible {
    var kind: FileError.Kind
    var file = "stored"
    var spoil: @Sendable (inout [UInt8]) -> Void

    var description: String { "\(kind) of \(file)" }
  }

  /// Where the first entry of the list of members is.
  static func directory(_ bytes: [UInt8]) -> Int {
    bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) } ?? 0
  }

  static let faults: [Fault] = [
    Fault(kind: .empty) { $0 = [] },
    Fault(kind: .wrongFormat) { $0 = Array("hello, this is not an archive at all".utf8) },
    Fault(kind: .truncated) { $0.removeLast($0.count / 2) },
    // The data of the first array.
    Fault(kind: .checksum) { $0[directory($0) - 1] ^= 1 },
    Fault(kind: .checksum) { $0[directory($0) + 16] ^= 1 },
    Fault(kind: .unsupported) { $0[directory($0) + 8] |= 1 },
    Fault(kind: .unsupported) { $0[directory($0) + 10] = 12 },
    Fault(kind: .malformed) { $0[directory($0) + 20] ^= 1 },
    Fault(kind: .malformed) { $0[directory($0) + 42] = 1 },
    Fault(kind: .malformed, file: "deflated") { $0[directory($0) + 24] = 1 },
    Fault(kind: .malformed, file: "deflated") { $0[directory($0) + 24 + 3] = 0x10 },
    Fault(kind: .malformed, file: "deflated") { $0[60] ^= 0xff },
    Fault(kind: .duplicateName) { bytes in
      // The second member, "s", becomes another "a".
      for index in bytes.indices where bytes[index...].starts(with: Array("s.npy".utf8)) {
        bytes[index] = UInt8(ascii: "a")
      }
    },
    Fault(kind: .unsupported) { bytes in
      for index in bytes.indices where bytes[index...].starts(with: Array("s.npy".utf8)) {
        bytes[index + 4] = UInt8(ascii: "x")
      }
    },
  ]

  @Test(arguments: faults)
  func aDamagedArchiveSaysWhatIsWrong(fault: Fault) throws {
    var bytes = try Files.bytes(Files.fixture("arrays/\(fault.file).npz"))
    fault.spoil(&bytes)
    let error = #expect(throws: FileError.self) { try Npz(decoding: ByteRegion(bytes)) }
    #expect(error?.kind == fault.kind)
  }

  @Test func theExpandedSizeIsLimited() throws {
    var limits = ReadingLimits()
    limits.expandedBytes = 14_000
    let path = Files.fixture("arrays/deflated.npz")
    let error = #expect(throws: FileError.self) { try Npz(contentsOf: path, limits: limits) }
    #expect(error?.kind == .tooLarge)
    #expect(error?.path == path)
    limits.expandedBytes = 15_000
    #expect(throws: Never.self) { try Npz(contentsOf: path, limits: limits) }
  }

  @Test(arguments: ["stored", "deflated", "zip64"])
  func damagedFilesAreRefusedOrRead(name: String) throws {
    var random = SeededGenerator(seed: 4)
    let original = try Files.bytes(Files.fixture("arrays/\(name).npz"))
    for length in 0..<original.count { _ = try? Npz(decoding: ByteRegion(Array(original.prefix(length)))) }
    for _ in 0..<2000 {
      var bytes = original
      let reach = Bool.random(using: &random) ? bytes.count : 200
      // Counted from the end, where the list of members is.
      let index = bytes.count - 1 - Int.random(in: 0..<min(reach, bytes.count), using: &random)
      bytes[index] = UInt8.random(in: .min ... .max, using: &random)
      _ = try? Npz(decoding: ByteRegion(bytes))
    }
  }

  @Test(.enabled(if: Files.hasShared))
  func theRecordedArraysAreRead() throws {
    let archives = Files.models(under: Files.shared.appending(path: "goldens"), extensions: ["npz"])
    #expect(!archives.isEmpty)
    for path in archives { #expect(try !Npz(contentsOf: path).names.isEmpty, "\(path)") }
  }
}
