import Foundation
import Testing
import ThawONNX

@Suite struct FileErrorTests {
  /// The first bytes of things that are no model, and what they are taken for.
  static let beginnings: [(kind: FileError.Kind, bytes: [UInt8])] = [
    (.empty, []),
    (.gitLFSPointer, Array("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n".utf8)),
    (.html, Array("<!DOCTYPE html>\n<html><head>".utf8)),
    (.html, Array("\u{feff}\n  <HTML lang=\"en\">".utf8)),
    (.truncated, [0x1f, 0x8b, 0x08, 0x00, 0, 0, 0, 0]),
    (.zip, Array("PK\u{3}\u{4}".utf8) + [20, 0, 0, 0]),
    (.truncated, [0x08]),
    (.truncated, [0x08, 0x08, 0x3a, 0x7f, 0x0a]),
    (.malformed, [0x00, 0x01, 0x02]),
    (.malformed, [0x08, 0x08, 0x0f]),
    (.malformed, [0x3b, 0x3c]),
    (.wrongFormat, [0xf8, 0x3f, 0x01]),
  ]

  @Test(arguments: beginnings)
  func aFileThatIsNoModelIsNamed(kind: FileError.Kind, bytes: [UInt8]) throws {
    try Files.withTemporaryFolder { folder in
      let path = folder + "/model.onnx"
      try Files.write(bytes, to: path)
      let error = #expect(throws: FileError.self) { try ModelProto(contentsOf: path) }
      #expect(error?.kind == kind)
      #expect(error?.path == path)
      #expect(error?.description.hasPrefix(path) == true)
    }
  }

  @Test func aPathThatCannotBeOpenedSaysWhy() throws {
    try Files.withTemporaryFolder { folder in
      #expect(kind(opening: folder + "/absent.onnx") == .notFound)
      #expect(kind(opening: folder) == .isFolder)
      try Files.write([1], to: folder + "/file")
      #expect(kind(opening: folder + "/file/model.onnx") == .notFound)
      #expect(kind(opening: "/dev/null") == .notRegular)
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      #expect(kind(opening: folder + "/pipe") == .notRegular)
    }
  }

  @Test(.enabled(if: geteuid() != 0))
  func aFileWithoutPermissionSaysSo() throws {
    try Files.withTemporaryFolder { folder in
      try Files.write([1], to: folder + "/secret.onnx")
      #expect(chmod(folder + "/secret.onnx", 0) == 0)
      #expect(kind(opening: folder + "/secret.onnx") == .notReadable)
    }
  }

  @Test func everyKindHasItsOwnSentence() {
    let sentences = Set(FileError.Kind.allCases.map { FileError($0).description })
    #expect(sentences.count == FileError.Kind.allCases.count)
  }

  @Test func theDescriptionNamesFilePlaceOffsetAndBothSides() {
    let error = FileError(
      .truncated, path: "m.onnx", place: "graph.initializer[3].raw_data", offset: 12, expected: "400 bytes",
      found: "7", advice: "fetch it again")
    #expect(
      error.description
        == "m.onnx: the file is cut off in graph.initializer[3].raw_data, byte 12: expected 400 bytes, found 7; "
        + "fetch it again")
  }

  private func kind(opening path: String) -> FileError.Kind? {
    do throws(FileError) {
      _ = try ModelProto(contentsOf: path)
      return nil
    } catch {
      return error.kind
    }
  }
}
