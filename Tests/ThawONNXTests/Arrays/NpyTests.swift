import Foundation
import Testing
import ThawONNX
import ThawTypes

@Suite struct NpyTests {
  /// Files that NumPy wrote, and what is in them.
  static let files: [(String, TensorData)] = [
    ("f4", tensor([2, 3], [Float(0), 1, 2, 3, 4, 5])),
    ("f4_big", tensor([2, 3], [Float(0), 1, 2, 3, 4, 5])),
    ("f4_fortran", tensor([2, 3, 4], (0..<24).map(Float.init))),
    ("i2_big_fortran", tensor([2, 3], [Int16(0), 1, 2, 3, 4, 5])),
    ("bool", raw(.bool, [2], [1, 0])),
    ("f2", raw(.float16, [2], [0, 0x3c, 0, 0xc0])),
    ("c8", raw(.complex64, [1], [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40])),
    ("c8_big", raw(.complex64, [1], [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40])),
    ("u8", tensor([1], [UInt64.max])),
    ("scalar", tensor([], [Int8(7)])),
    ("empty", tensor([0, 3], [Double]())),
    ("unicode", strings(["a", "", "é😀"].map { Array($0.utf8) })),
    ("unicode_big", strings(["a", "bc"].map { Array($0.utf8) })),
    ("bytes", strings([[0x61], [], [0xff, 0, 0x62]])),
    ("version2", tensor([2, 3], [Float(0), 1, 2, 3, 4, 5])),
    ("version3", tensor([2, 3], [Float(0), 1, 2, 3, 4, 5])),
  ]

  @Test(arguments: files)
  func whatNumPyWroteIsRead(name: String, expected: TensorData) throws {
    #expect(try Npy.read(contentsOf: Files.fixture("arrays/\(name).npy")) == expected)
  }

  @Test(arguments: ["f4", "bool", "f2", "c8", "u8", "scalar", "empty", "unicode", "bytes"])
  func theSameBytesAsNumPysAreWritten(name: String) throws {
    try Files.withTemporaryFolder { folder in
      let path = Files.fixture("arrays/\(name).npy")
      try Npy.write(Npy.read(contentsOf: path), to: folder + "/a.npy")
      #expect(try Npy.read(contentsOf: folder + "/a.npy") == Npy.read(contentsOf: path))
      // NumPy leaves more room in the header; the array begins at a multiple of 64 either way.
      let bytes = try Files.bytes(folder + "/a.npy")
      #expect((10 + Int(bytes[8]) + Int(bytes[9]) << 8) % 64 == 0)
    }
  }

  @Test(arguments: ["object", "record", "date"])
  func whatIsNoTensorIsRefused(name: String) {
    let error = #expect(throws: FileError.self) { try Npy.read(contentsOf: Files.fixture("arrays/\(name).npy")) }
    #expect(error?.kind == .unsupported)
    #expect(error?.advice != nil)
  }

  static let headers: [(FileError.Kind, String)] = [
    (.malformed, ""),
    (.malformed, "{'descr': '<f4', 'fortran_order': False, }"),
    (.malformed, "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }"),
    (.malformed, "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }"),
    (.malformed, "{'descr': '<f4', 'fortran_order': False, 'shape': (1, }"),
    (.malformed, "{'descr': '<f4"),
    (.malformed, "{'descr': '<f4', 'extra': 'x'}"),
    (.malformed, "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }"),
    (.tooLarge, "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }"),
    (.tooLarge, "{'descr': '|S0', 'fortran_order': False, 'shape': (1000000000000,), }"),
    (.truncated, "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"),
    (.malformed, "{'descr': '<f2', 'fortran_order': False, 'shape': (1,), }"),
    (.unsupported, "{'descr': '|V2', 'fortran_order': False, 'shape': (2,), }"),
    (.unsupported, "{'descr': '<f16', 'fortran_order': False, 'shape': (1,), }"),
    (.invalidText, "{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }"),
  ]

  /// Each header is followed by four bytes that are no code point.
  @Test(arguments: headers)
  func aHeaderThatCannotBeReadSaysWhy(kind: FileError.Kind, text: String) {
    let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8) + [0, 0xd8, 0, 0]
    let error = #expect(throws: FileError.self) { try Npy.decode(ByteRegion(bytes)) }
    #expect(error?.kind == kind)
  }

  @Test func damagedFilesAreRefusedOrRead() throws {
    var random = SeededGenerator(seed: 3)
    for (name, _) in Self.files {
      let original = try Files.bytes(Files.fixture("arrays/\(name).npy"))
      for length in 0..<original.count { _ = try? Npy.decode(ByteRegion(Array(original.prefix(length)))) }
      for _ in 0..<300 {
        var bytes = original
        bytes[Int.random(in: 0..<min(100, bytes.count), using: &random)] = UInt8.random(
          in: .min ... .max, using: &random)
        _ = try? Npy.decode(ByteRegion(bytes))
      }
    }
  }

  @Test func aTypeThatNumPyDoesNotHaveIsNotWritten() throws {
    try Files.withTemporaryFolder { folder in
      let path = folder + "/a.npy"
      for data in [Self.raw(.bfloat16, [1], [0, 0]), Self.raw(.int4, [1], [0]), Self.strings([[1, 0]])] {
        let error = #expect(throws: FileError.self) { try Npy.write(data, to: path) }
        #expect(error?.kind == .notEncodable)
      }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  static func tensor(_ dims: [Int], _ values: [some Scalar]) -> TensorData {
    raw(type(of: values).Element.dtype, dims, values.withUnsafeBytes { [UInt8]($0) })
  }

  static func raw(_ dtype: DType, _ dims: [Int], _ bytes: [UInt8]) -> TensorData {
    guard let data = try? TensorData(dtype, dims, bytes: ByteRegion(bytes)) else { fatalError("a test's own data") }
    return data
  }

  static func strings(_ strings: [[UInt8]]) -> TensorData {
    guard let data = try? TensorData([strings.count], strings: strings) else { fatalError("a test's own data") }
    return data
  }
}
