import ThawONNX

extension Model {
  /// Writes the model as text: ONNX's textual syntax, or JSON.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  public func write(as form: ModelForm, to path: String) throws { try changedProto().write(as: form, to: path) }

  /// Hands the model's text over in pieces; it is never in memory whole.
  ///
  /// - Throws: `FileError` for a tensor that contradicts itself.
  public func write(as form: ModelForm, _ take: ([UInt8]) -> Void) throws {
    let proto = try changedProto()
    try proto.write(as: form) { (piece: [UInt8]) throws(FileError) in take(piece) }
  }
}
