/// The forms that a model can be written in beside ONNX's binary one.
public enum ModelForm: String, Hashable, Sendable, CaseIterable {
  /// ONNX's textual syntax (docs/Syntax.md of ONNX), as its printer writes it. Weights stand in it as numbers.
  case text
  /// Protobuf's JSON mapping with the schema's field names, which ONNX reads and writes as `.onnxjson`.
  case json

  /// The form that a file's name asks for: `.onnxtxt`, `.onnxjson` or `.json`; nil for another.
  public init?(path: String) {
    if path.hasSuffix(".onnxtxt") {
      self = .text
    } else if path.hasSuffix(".onnxjson") || path.hasSuffix(".json") {
      self = .json
    } else {
      return nil
    }
  }
}

extension ModelProto {
  /// Writes the model for people and other programs to read, piece by piece: its text is never in memory whole.
  ///
  /// Elements outside the file become part of the JSON form when they are open; in the textual syntax their place
  /// stands.
  ///
  /// - Throws: ``FileError`` of kind `notEncodable` for a tensor that contradicts itself, and what `take` throws.
  public func write(as form: ModelForm, _ take: ([UInt8]) throws(FileError) -> Void) throws(FileError) {
    try withoutActuallyEscaping(take) { take throws(FileError) in
      switch form {
      case .text:
        var text = ModelText(take)
        try text.write(self)
      case .json:
        var json = try ModelJSON(self, take)
        try json.write()
      }
    }
  }

  /// Saves the model in a form other than ONNX's binary one, whole or not at all.
  ///
  /// - Throws: ``FileError`` as ``write(as:_:)``, and when the file cannot be written.
  public func write(as form: ModelForm, to path: String) throws(FileError) {
    do throws(FileError) {
      try AtomicFile.write(to: path) { writer throws(FileError) in
        try write(as: form) { piece throws(FileError) in try writer.write(piece) }
      }
    } catch {
      throw error.at(path: path)
    }
  }

  /// The model in another form, as a text.
  ///
  /// - Throws: ``FileError`` as ``write(as:_:)``.
  public func text(as form: ModelForm) throws(FileError) -> String {
    var bytes: [UInt8] = []
    try write(as: form) { piece throws(FileError) in bytes += piece }
    return String(decoding: bytes, as: UTF8.self)
  }
}
