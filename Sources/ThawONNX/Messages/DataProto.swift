/// A value of any kind, as a file of its own holds it: ONNX's test data have one in each `input_0.pb`.
///
/// Such a file does not say which kind of message fills it; whoever reads it knows from the model.
public enum DataProto: Equatable, Sendable {
  case tensor(TensorProto)
  case sparseTensor(SparseTensorProto)
  case sequence(SequenceProto)
  case map(MapProto)
  case optional(OptionalProto)

  /// The kinds of value, with their numbers in ``SequenceProto/elemType`` and ``OptionalProto/elemType``.
  public enum Kind: Int32, Sendable {
    case tensor = 1
    case sparseTensor, sequence, map, optional
  }

  /// Which kind it is.
  public var kind: Kind {
    switch self {
    case .tensor: .tensor
    case .sparseTensor: .sparseTensor
    case .sequence: .sequence
    case .map: .map
    case .optional: .optional
    }
  }

  /// Opens a file that holds one value of a kind.
  ///
  /// - Throws: ``FileError`` that says what is wrong, at which byte and in which field.
  public init(
    contentsOf path: String, kind: Kind, limits: ReadingLimits = ReadingLimits()
  ) throws(FileError) {
    let source = ByteRegion(try Mapping(path))
    do throws(FileError) {
      try self.init(decoding: source, kind: kind, limits: limits)
    } catch {
      throw error.at(path: path)
    }
  }

  /// Reads a value from bytes, of which its tensors keep views.
  ///
  /// - Throws: ``FileError`` that says what is wrong, at which byte and in which field.
  public init(decoding source: ByteRegion, kind: Kind, limits: ReadingLimits = ReadingLimits()) throws(FileError) {
    func read<Message: WireMessage>(_ what: String) throws(FileError) -> Message {
      try source.withUnsafeBytes { bytes throws(FileError) in try FileSignature.check(bytes, what: what) }
      return try WireDecoder.decode(Message.self, source, limits: limits)
    }
    switch kind {
    case .tensor: self = .tensor(try read("an ONNX tensor"))
    case .sparseTensor: self = .sparseTensor(try read("a sparse ONNX tensor"))
    case .sequence: self = .sequence(try read("an ONNX sequence"))
    case .map: self = .map(try read("an ONNX map"))
    case .optional: self = .optional(try read("an optional ONNX value"))
    }
  }

  /// The bytes of the value's file.
  ///
  /// - Throws: ``FileError`` for what a file cannot hold, such as a text with a zero byte.
  public func encoded() throws(FileError) -> [UInt8] { try encoder().encoded() }

  /// Saves the value in a file of its own, whole or not at all.
  ///
  /// - Throws: ``FileError`` as ``ModelProto/write(to:externalData:)``.
  public func write(to path: String) throws(FileError) { try encoder().write(to: path) }

  private func encoder() throws(FileError) -> WireEncoder {
    switch self {
    case .tensor(let message): try WireEncoder(message)
    case .sparseTensor(let message): try WireEncoder(message)
    case .sequence(let message): try WireEncoder(message)
    case .map(let message): try WireEncoder(message)
    case .optional(let message): try WireEncoder(message)
    }
  }
}
