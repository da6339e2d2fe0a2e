/// Recognises, by their first bytes, the files that people hand over in place of a model.
enum FileSignature {
  /// Throws when `bytes` begin like something that is certainly no ONNX file.
  ///
  /// An ONNX model begins with a tag of `ModelProto`; a tensor, with one of `TensorProto`. None of the beginnings here
  /// can be such a tag followed by what belongs to it.
  static func check(_ bytes: UnsafeRawBufferPointer, what: String = "an ONNX model") throws(FileError) {
    if bytes.isEmpty { throw FileError(.empty, expected: what, advice: "fetch or export it again") }
    if bytes.begins(with: "version https://git-lfs") {
      throw FileError(.gitLFSPointer, advice: "run `git lfs pull` in its repository")
    }
    if bytes.begins(with: [0x1f, 0x8b]) {
      throw FileError(.gzip, advice: "run `gunzip` on it first; only models are read from one layer of it")
    }
    if bytes.begins(with: [0x50, 0x4b, 0x03, 0x04]) || bytes.begins(with: [0x50, 0x4b, 0x05, 0x06]) {
      throw FileError(.zip, advice: "unpack it and open the .onnx file inside")
    }
    if looksLikeHTML(bytes) {
      throw FileError(.html, advice: "the address gave a page in place of the file; use its direct download link")
    }
  }

  private static func looksLikeHTML(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let blank: Set<UInt8> = [0x09, 0x0a, 0x0d, 0x20]
    // A byte order mark, then white space, then the first element.
    var text = bytes.prefix(512)
    if text.starts(with: [0xef, 0xbb, 0xbf]) { text = text.dropFirst(3) }
    let start = String(decoding: text.drop { blank.contains($0) }.prefix(16), as: UTF8.self).lowercased()
    return ["<!doctype", "<html", "<head", "<?xml"].contains { start.hasPrefix($0) }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func begins(with text: StaticString) -> Bool {
    text.withUTF8Buffer { begins(with: $0) }
  }

  fileprivate func begins(with bytes: some Sequence<UInt8>) -> Bool {
    starts(with: bytes)
  }
}
