import Foundation
import Testing
import ThawONNX

@Suite struct AtomicFileTests {
  @Test(arguments: [true, false])
  func aFileIsWrittenAndReplaced(allowsUnnamed: Bool) throws {
    try Files.withTemporaryFolder { folder in
      let path = folder + "/a"
      for size in [0, 5, 1 << 18, 700_001] {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        try AtomicFile.write(to: path, allowsUnnamed: allowsUnnamed) { file throws(FileError) in
          try file.write(Array(bytes.prefix(3)))
          try file.write(Array(bytes.dropFirst(3)))
          #expect(file.count == size)
        }
        #expect(try Files.bytes(path) == bytes)
      }
      #expect(try names(in: folder) == ["a"])
    }
  }

  /// What a crash leaves: everything is on disk, and nothing has been renamed yet.
  @Test(arguments: [true, false])
  func untilTheEndTheOldFileIsWhole(allowsUnnamed: Bool) throws {
    try Files.withTemporaryFolder { folder in
      let path = folder + "/a"
      try Files.write([1, 2, 3], to: path)
      let failure = FileError(.writeFailed, advice: "injected")
      let error = #expect(throws: FileError.self) {
        try AtomicFile.write(
          to: path, allowsUnnamed: allowsUnnamed,
          beforeReplacing: { () throws(FileError) in
            #expect((try? Files.bytes(path)) == [1, 2, 3])
            // A file without a name leaves nothing behind even if the process is killed here.
            #expect((try? names(in: folder))?.count == (allowsUnnamed ? 1 : 2))
            throw failure
          }
        ) { file throws(FileError) in try file.write([9]) }
      }
      #expect(error == failure)
      #expect(try Files.bytes(path) == [1, 2, 3])
      #expect(try names(in: folder) == ["a"])
    }
  }

  @Test func aWriterThatFailsLeavesTheOldFile() throws {
    try Files.withTemporaryFolder { folder in
      let path = folder + "/a"
      try Files.write([1, 2, 3], to: path)
      #expect(throws: FileError.self) {
        try AtomicFile.write(to: path) { file throws(FileError) in
          try file.write([4])
          throw FileError(.notEncodable)
        }
      }
      #expect(try Files.bytes(path) == [1, 2, 3])
      #expect(try names(in: folder) == ["a"])
    }
  }

  @Test func permissionsAreKept() throws {
    try Files.withTemporaryFolder { folder in
      let path = folder + "/a"
      try Files.write([1], to: path)
      for mode: mode_t in [0o640, 0o600, 0o755] {
        chmod(path, mode)
        try AtomicFile.write(to: path) { file throws(FileError) in try file.write([2]) }
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_mode & 0o7777 == mode)
      }
    }
  }

  @Test(arguments: [true, false])
  func aSymbolicLinkStaysALink(targetExists: Bool) throws {
    try Files.withTemporaryFolder { folder in
      mkdir(folder + "/blobs", 0o755)
      mkdir(folder + "/models", 0o755)
      let target = folder + "/blobs/1"
      if targetExists { try Files.write([1], to: target) }
      #expect(symlink("../blobs/1", folder + "/models/step") == 0)
      #expect(symlink(folder + "/models/step", folder + "/models/a") == 0)
      try AtomicFile.write(to: folder + "/models/a") { file throws(FileError) in try file.write([7]) }
      #expect(try Files.bytes(target) == [7])
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/models/step") == "../blobs/1")
      #expect(try names(in: folder + "/models") == ["a", "step"])
    }
  }

  @Test func aPathThatCannotBeWrittenSaysWhy() throws {
    try Files.withTemporaryFolder { folder in
      try Files.write([1], to: folder + "/file")
      symlink("loop", folder + "/loop")
      #expect(kind(writing: folder + "/absent/a") == .folderMissing)
      #expect(kind(writing: folder + "/file/a") == .parentIsFile)
      #expect(kind(writing: folder) == .isFolder)
      #expect(kind(writing: folder + "/") == .isFolder)
      #expect(kind(writing: "/dev/null") == .notRegular)
      #expect(kind(writing: folder + "/loop") == .writeFailed)
      #expect(try Files.bytes(folder + "/file") == [1])
    }
  }

  @Test func errorNumbersBecomeKinds() {
    let table: [(CInt, FileError.Kind)] = [
      (ENOSPC, .diskFull), (EDQUOT, .diskFull), (EACCES, .notWritable), (EROFS, .notWritable), (EIO, .writeFailed),
    ]
    for (code, kind) in table { #expect(FileError.writing("a", code).kind == kind) }
  }

  @Test func aModelIsSavedOverTheFileItWasOpenedFrom() throws {
    try Files.withTemporaryFolder { folder in
      let path = folder + "/model.onnx"
      // Larger than what is read at once, so that the payload is a view of the file that is replaced.
      var model = Models.dense()
      let count = Mapping.residentLimit / 4 + 100
      model.graph?.initializer[0] = Models.tensor("w", [Int64(count)], (0..<count).map(Float.init))
      try model.write(to: path)
      var opened = try ModelProto(contentsOf: path)
      let payload = try #require(opened.graph?.initializer[0].rawData)
      #expect(payload.mapping?.isMapped == true)
      opened.docString = "again"
      try opened.write(to: path)
      let again = try ModelProto(contentsOf: path)
      #expect(again.docString == "again")
      #expect(again.graph == model.graph)
      #expect(opened.graph == model.graph)
      #expect(throws: Never.self) { try opened.graph?.initializer[0].contents() }
    }
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func kind(writing path: String) -> FileError.Kind? {
    do throws(FileError) {
      try AtomicFile.write(to: path) { file throws(FileError) in try file.write([1]) }
      return nil
    } catch {
      return error.kind
    }
  }
}
