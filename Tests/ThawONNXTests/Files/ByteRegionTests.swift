import Foundation
import Testing
import ThawONNX

@Suite struct ByteRegionTests {
  @Test func partsShareTheBytes() {
    let region = ByteRegion([1, 2, 3, 4, 5])
    #expect([UInt8](region[1..<4]) == [2, 3, 4])
    #expect([UInt8](region[1..<4][1..<2]) == [3])
    #expect(region[2..<2].isEmpty)
    #expect(region[1..<3] == ByteRegion([2, 3]))
    #expect(region[1..<3] != ByteRegion([2, 4]))
  }

  @Test(arguments: [1, 2, 4, 8, 64, 4096])
  func anAlignedRegionHasTheSameBytes(alignment: Int) {
    let region = ByteRegion((0..<200).map { UInt8($0) })
    for start in [0, 1, 3, 64] {
      let part = region[start..<200]
      let aligned = part.aligned(to: alignment)
      #expect(aligned == part)
      #expect(aligned.isAligned(to: alignment))
      // The second call gives the copy that the first one made.
      #expect(part.aligned(to: alignment).unsafeBytes.baseAddress == aligned.unsafeBytes.baseAddress)
      if part.isAligned(to: alignment) { #expect(aligned.unsafeBytes.baseAddress == part.unsafeBytes.baseAddress) }
    }
  }

  @Test func concurrentCallersGetOneCopy() async {
    let region = ByteRegion([UInt8](repeating: 7, count: 1000))[1..<1000]
    let copies = await withTaskGroup(of: ByteRegion.self) { group in
      for _ in 0..<50 { group.addTask { region.aligned(to: 64) } }
      return await group.reduce(into: [ByteRegion]()) { $0.append($1) }
    }
    #expect(Set(copies.map { Int(bitPattern: $0.unsafeBytes.baseAddress) }).count == 1)
  }

  @Test func aViewKeepsItsFileOpen() throws {
    try Files.withTemporaryFolder { folder in
      let path = folder + "/a"
      let bytes = (0..<Mapping.residentLimit + 10).map { UInt8(truncatingIfNeeded: $0 * 7) }
      try Files.write(bytes, to: path)
      let view = ByteRegion(try Mapping(path))[100..<bytes.count]
      try FileManager.default.removeItem(atPath: path)
      #expect([UInt8](view) == Array(bytes[100...]))
    }
  }

  @Test func aFileThatShrankIsReportedAndNotRead() throws {
    try Files.withTemporaryFolder { folder in
      let path = folder + "/model.onnx"
      var model = Models.dense()
      let count = Mapping.residentLimit / 4
      model.graph?.initializer[0] = Models.tensor("w", [Int64(count)], [Float](repeating: 1, count: count))
      try model.write(to: path)
      let opened = try ModelProto(contentsOf: path)
      #expect(truncate(path, 4096) == 0)
      let error = #expect(throws: TensorDataError.self) { try opened.graph?.initializer[0].contents() }
      #expect(error?.kind == .fileChanged)
    }
  }

  @Test func aSmallFileIsInMemoryAndMayChange() throws {
    try Files.withTemporaryFolder { folder in
      let path = folder + "/model.onnx"
      try Models.dense().write(to: path)
      let opened = try ModelProto(contentsOf: path)
      #expect(truncate(path, 0) == 0)
      #expect(opened == Models.dense())
      #expect(opened.graph?.initializer[0].rawData?.mapping?.isMapped == false)
    }
  }
}
