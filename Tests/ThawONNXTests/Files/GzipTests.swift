import Foundation
import Testing

@testable import ThawONNX

@Suite("Compressed models") struct GzipTests {
  @Test("a name that ends in .gz: smaller, the same each time, and the same model")
  func roundTrip() throws {
    try Files.withTemporaryFolder { folder in
      var model = Models.dense()
      model.graph?.initializer.append(Models.tensor("zeros", [1 << 18], [Float](repeating: 0, count: 1 << 18)))
      try model.write(to: "\(folder)/a.onnx.gz")
      try model.write(to: "\(folder)/b.onnx.gz")
      let bytes = try Files.bytes("\(folder)/a.onnx.gz")
      #expect(bytes.count < 1 << 14)
      #expect(bytes == (try Files.bytes("\(folder)/b.onnx.gz")))
      #expect(bytes[4..<8] == [0, 0, 0, 0], "no time")
      #expect(try ModelProto(contentsOf: "\(folder)/a.onnx.gz").encoded() == model.encoded())
      // The bytes decide, not the name; several members are one text.
      let (head, tail) = (try model.encoded()[..<100], try model.encoded()[100...])
      let members = try [head, tail].flatMap { try Self.compressed([UInt8]($0), in: folder) }
      try Files.write(members, to: "\(folder)/c.onnx")
      #expect(try ModelProto(contentsOf: "\(folder)/c.onnx").encoded() == model.encoded())
    }
  }

  /// By the system's gzip, the independent one.
  private static func compressed(_ bytes: [UInt8], in folder: String) throws -> [UInt8] {
    try Files.write(bytes, to: "\(folder)/member")
    let process = Process()
    process.executableURL = URL(filePath: "/bin/gzip")
    process.arguments = ["-fn", "\(folder)/member"]
    try process.run()
    process.waitUntilExit()
    return try Files.bytes("\(folder)/member.gz")
  }

  @Test("damage and bombs end with a typed error")
  func faults() throws {
    try Files.withTemporaryFolder { folder in
      let path = "\(folder)/m.onnx.gz"
      var model = Models.dense()
      model.graph?.initializer.append(Models.tensor("zeros", [1 << 20], [Float](repeating: 0, count: 1 << 20)))
      try model.write(to: path)
      let bytes = try Files.bytes(path)

      func kind(_ bytes: some Sequence<UInt8>, limit: Int = 1 << 32) throws -> FileError.Kind? {
        try Files.write(bytes, to: path)
        var limits = ReadingLimits()
        limits.expandedBytes = limit
        let error = #expect(throws: FileError.self) { try ModelProto(contentsOf: path, limits: limits) }
        #expect(error?.path == path)
        return error?.kind
      }
      #expect(try kind(bytes, limit: 1 << 20) == .tooLarge)
      #expect(try kind(bytes, limit: try model.encoded().count - 1) == .tooLarge)
      for length in [2, 9, 10, 30, bytes.count - 9, bytes.count - 1] {
        #expect(try kind(bytes.prefix(length)) == .truncated, "\(length)")
      }
      var checksum = bytes
      checksum[bytes.count - 6] ^= 1
      #expect(try kind(checksum) == .malformed)
      #expect(try kind(bytes + [1, 2, 3]) == .malformed)
      #expect(try kind(Self.compressed(bytes, in: folder)) == .gzip)
      var limits = ReadingLimits()
      limits.expandedBytes = try model.encoded().count
      try model.write(to: path)
      #expect(try ModelProto(contentsOf: path, limits: limits) == ModelProto(decoding: model.encoded()))
    }
  }
}
