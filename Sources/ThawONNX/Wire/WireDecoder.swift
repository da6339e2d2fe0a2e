internal import COnnx
internal import CProtobufC

/// Bytes to messages: scanned, cut, unpacked by protobuf-c, and turned into values.
enum WireDecoder {
  /// The message that fills `source`.
  static func decode<Message: WireMessage>(
    _: Message.Type, _ source: ByteRegion, limits: ReadingLimits
  ) throws(FileError) -> Message {
    let compact = try source.withUnsafeBytes { bytes throws(FileError) in
      try WireScanner.compact(bytes, message: "\(Message.self)", limits: limits)
    }
    let base = compact.withUnsafeBufferPointer { bytes in
      protobuf_c_message_unpack(descriptor(of: Message.self), nil, bytes.count, bytes.baseAddress)
    }
    // The scanner lets nothing pass that protobuf-c refuses, so this is a lack of memory.
    guard let base else { throw FileError(.readFailed, found: "protobuf-c could not unpack the message") }
    defer { protobuf_c_message_free_unpacked(base, nil) }
    let pointer = UnsafeMutableRawPointer(base).assumingMemoryBound(to: Message.CMessage.self)
    return try Message(unpacking: pointer.pointee, with: Unpacking(source: source))
  }

  private static func descriptor<Message: WireMessage>(
    of _: Message.Type
  ) -> UnsafePointer<ProtobufCMessageDescriptor> {
    let empty = UnsafeMutablePointer<Message.CMessage>.allocate(capacity: 1)
    defer { empty.deallocate() }
    Message.initialize(empty)
    // Every C message begins with its base.
    return UnsafeRawPointer(empty).assumingMemoryBound(to: ProtobufCMessage.self).pointee.descriptor
  }
}
