extension ModelProto {
  /// Opens a model file.
  ///
  /// The graph is read at once; the elements of `raw_data` stay in the file and are read when they are used. A file
  /// compressed with gzip is expanded into memory, whatever its name. Elements outside the file are not looked for; see
  /// ``openExternalData(besides:allowLinks:)``.
  ///
  /// - Throws: ``FileError`` that says what is wrong, at which byte and in which field.
  public init(contentsOf path: String, limits: ReadingLimits = ReadingLimits()) throws(FileError) {
    var source = ByteRegion(try Mapping(path))
    do throws(FileError) {
      source = try source.withUnsafeBytes { bytes throws(FileError) in
        Gzip.isCompressed(bytes) ? try Gzip.expand(bytes, limit: limits.expandedBytes) : source
      }
      try self.init(decoding: source, limits: limits)
      guard irVersion != nil || graph != nil else {
        throw FileError(.wrongFormat, expected: "an ONNX model", found: "neither an IR version nor a graph")
      }
    } catch {
      throw error.at(path: path)
    }
  }

  /// Reads a model from bytes.
  ///
  /// - Throws: ``FileError`` that says what is wrong, at which byte and in which field.
  public init(decoding bytes: [UInt8], limits: ReadingLimits = ReadingLimits()) throws(FileError) {
    try self.init(decoding: ByteRegion(bytes), limits: limits)
  }

  /// Reads a model from bytes, of which its tensors keep views.
  ///
  /// - Throws: ``FileError`` that says what is wrong, at which byte and in which field.
  public init(decoding source: ByteRegion, limits: ReadingLimits = ReadingLimits()) throws(FileError) {
    try source.withUnsafeBytes { bytes throws(FileError) in try FileSignature.check(bytes) }
    self = try WireDecoder.decode(ModelProto.self, source, limits: limits)
  }

  /// The bytes of the model's file.
  ///
  /// - Throws: ``FileError`` for what a file cannot hold: a text with a zero byte, a nesting of more than 100 levels.
  public func encoded() throws(FileError) -> [UInt8] {
    try WireEncoder(self).encoded()
  }
}

extension TensorProto {
  /// Opens a file that holds one tensor, as ONNX's test data does (`input_0.pb`).
  ///
  /// - Throws: ``FileError`` that says what is wrong, at which byte and in which field.
  public init(contentsOf path: String, limits: ReadingLimits = ReadingLimits()) throws(FileError) {
    let source = ByteRegion(try Mapping(path))
    do throws(FileError) {
      try self.init(decoding: source, limits: limits)
    } catch {
      throw error.at(path: path)
    }
  }

  /// Reads a tensor from bytes, of which it keeps a view.
  ///
  /// - Throws: ``FileError`` that says what is wrong, at which byte and in which field.
  public init(decoding source: ByteRegion, limits: ReadingLimits = ReadingLimits()) throws(FileError) {
    try source.withUnsafeBytes { bytes throws(FileError) in try FileSignature.check(bytes, what: "an ONNX tensor") }
    self = try WireDecoder.decode(TensorProto.self, source, limits: limits)
  }

  /// The bytes of the tensor's file.
  ///
  /// - Throws: ``FileError`` for what a file cannot hold, such as a text with a zero byte.
  public func encoded() throws(FileError) -> [UInt8] {
    try WireEncoder(self).encoded()
  }

  /// Saves the tensor in a file of its own, whole or not at all.
  ///
  /// - Throws: ``FileError`` as ``ModelProto/write(to:externalData:)``.
  public func write(to path: String) throws(FileError) {
    try WireEncoder(self).write(to: path)
  }
}
