import Foundation
import Testing
import ThawTypes

@testable import ThawONNX

@Suite("safetensors") struct SafetensorsTests {
  @Test("a file that the Python package wrote")
  func foreign() throws {
    let file = try Safetensors(contentsOf: Files.fixture("arrays/types.safetensors"))
    #expect(Set(file.names) == ["half", "brain", "w", "n", "flag", "empty", "bytes"])
    #expect(file.metadata == ["origin": "test"])
    #expect(try file["half"]?.values(as: Float16.self) == [0.5, -1.25])
    #expect(file["brain"]?.dtype == .bfloat16)
    #expect(file["brain"]?.bytes.map([UInt8].init) == [0xc0, 0x3f, 0x00, 0xc0])
    #expect(file["w"]?.dims == [2, 3])
    #expect(try file["w"]?.values(as: Float.self) == [0, 1, 2, 3, 4, 5])
    #expect(try file["n"]?.values(as: Int64.self) == [7])
    #expect(try file["flag"]?.values(as: Bool.self) == [true, false])
    #expect(file["empty"]?.dims == [0, 3])
    #expect(try file["bytes"]?.values(as: UInt8.self) == [1, 255])
  }

  @Test("written and read back; the same tensors give the same bytes, whatever the order")
  func roundTrip() throws {
    try Files.withTemporaryFolder { folder in
      var file = Safetensors()
      file["a \"name\""] = try TensorData([3], [1, 2, 3] as [UInt8])
      file["w"] = try TensorData([2, 2], [1, .nan, -.infinity, 0] as [Float])
      file["d"] = try TensorData([], [0.1] as [Double])
      try file.write(to: "\(folder)/a.safetensors")
      let back = try Safetensors(contentsOf: "\(folder)/a.safetensors")
      #expect(back.names == ["d", "w", "a \"name\""])
      for name in file.names { #expect(back[name] == file[name]) }
      try back.write(to: "\(folder)/b.safetensors")
      #expect(try Files.bytes("\(folder)/a.safetensors") == Files.bytes("\(folder)/b.safetensors"))
      file["text"] = try TensorData([1], strings: [[65]])
      #expect(throws: FileError.self) { try file.write(to: "\(folder)/c.safetensors") }
    }
  }

  private static func file(_ header: String, announcing length: UInt64? = nil, data: Int = 8) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(littleEndian: length ?? UInt64(header.utf8.count))
    return bytes + Array(header.utf8) + [UInt8](repeating: 0, count: data)
  }

  private static func entry(_ dtype: String = "F32", _ shape: String = "[2]", _ offsets: String = "[0,8]") -> String {
    "{\"a\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
  }

  @Test(
    "hostile headers are errors of a kind",
    arguments: [
      ([], FileError.Kind.empty),
      ([1, 2, 3], .truncated),
      (file(entry(), announcing: .max), .tooLarge),
      (file(entry(), announcing: 99_999), .truncated),
      (file("[]"), .wrongFormat),
      (file("{\"a\":"), .malformed),
      (file("{\"a\":{\"dtype\":\"F32\"}}"), .malformed),
      (file(String(repeating: "{\"a\":", count: 1_000)), .malformed),
      (file(entry("F33")), .unsupported),
      (file(entry("F32", "[-2]")), .malformed),
      (file(entry("F32", "[4611686018427387904,4]")), .malformed),
      (file(entry("F32", "[1e30]")), .malformed),
      (file(entry("F32", "[3]")), .malformed),
      (file(entry("F32", "[2]", "[8,0]")), .malformed),
      (file(entry("F32", "[2]", "[-8,0]")), .malformed),
      (file(entry("F32", "[2]", "[0]")), .malformed),
      (file(entry("F32", "[2]", "[4,12]"), data: 12), .malformed),
      (file(entry(), data: 4), .truncated),
      (file(entry(), data: 12), .malformed),
      (
        file(
          "{\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}"), .malformed
      ),
    ])
  func hostile(bytes: [UInt8], kind: FileError.Kind) {
    let error = #expect(throws: FileError.self) { try Safetensors(decoding: ByteRegion(bytes)) }
    #expect(error?.kind == kind, "\(error?.description ?? "")")
  }
}
