internal import COnnx

/// Turns the fields of C messages into Swift values; payloads become views of `source`.
struct Unpacking {
  let source: ByteRegion

  func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String? {
    pointer.map { String(cString: $0) }
  }

  func texts(_ pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int) -> [String] {
    UnsafeBufferPointer(start: pointers, count: count).map { text($0) ?? "" }
  }

  func bytes(_ data: ProtobufCBinaryData) -> [UInt8] {
    [UInt8](UnsafeBufferPointer(start: data.data, count: data.len))
  }

  func byteStrings(_ data: UnsafeMutablePointer<ProtobufCBinaryData>?, _ count: Int) -> [[UInt8]] {
    UnsafeBufferPointer(start: data, count: count).map(bytes)
  }

  func numbers<Number>(_ pointer: UnsafeMutablePointer<Number>?, _ count: Int) -> [Number] {
    [Number](UnsafeBufferPointer(start: pointer, count: count))
  }

  /// An enum's number: C enums come to Swift as signed or unsigned, as the C compiler pleases.
  func number(_ rawValue: some BinaryInteger) -> Int32 {
    Int32(truncatingIfNeeded: rawValue)
  }

  func present<Value>(_ isPresent: protobuf_c_boolean, _ value: Value) -> Value? {
    isPresent != 0 ? value : nil
  }

  /// The bytes that a token stands for.
  func payload(_ token: ProtobufCBinaryData) throws(FileError) -> ByteRegion {
    guard
      let token = PayloadToken(UnsafeRawBufferPointer(start: token.data, count: token.len)),
      token.position <= source.count, token.count <= source.count - token.position
    else { throw FileError(.malformed, place: "raw_data") }
    return source[token.position..<token.position + token.count]
  }

  func message<Message: WireMessage>(
    _ pointer: UnsafeMutablePointer<Message.CMessage>?
  ) throws(FileError) -> Message? {
    guard let pointer else { return nil }
    return try Message(unpacking: pointer.pointee, with: self)
  }

  func messages<Message: WireMessage>(
    _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<Message.CMessage>?>?, _ count: Int
  ) throws(FileError) -> [Message] {
    var messages: [Message] = []
    messages.reserveCapacity(count)
    for case let pointer? in UnsafeBufferPointer(start: pointers, count: count) {
      messages.append(try Message(unpacking: pointer.pointee, with: self))
    }
    return messages
  }

  func unknownFields(_ base: ProtobufCMessage) -> [UnknownField] {
    UnsafeBufferPointer(start: base.unknown_fields, count: Int(base.n_unknown_fields)).map { field in
      UnknownField(
        number: field.tag, wireType: UInt8(truncatingIfNeeded: field.wire_type.rawValue),
        bytes: [UInt8](UnsafeBufferPointer(start: field.data, count: field.len)))
    }
  }
}
