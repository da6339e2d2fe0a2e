internal import COnnx

/// Builds C messages from Swift values, and owns the memory they point at until it goes away.
///
/// Payloads are not copied: the C message gets a token, and `payloads` keeps the region it stands for.
final class Packing {
  private(set) var payloads: [ByteRegion] = []
  private var memory = Arena()
  private var depth = 0

  /// The nesting that every protobuf reader accepts.
  static let depthLimit = ReadingLimits().depth

  func text(_ text: String?) throws(FileError) -> UnsafeMutablePointer<CChar>? {
    guard var text else { return nil }
    let count = text.utf8.count
    let copy = memory.allocate(CChar.self, count + 1)
    let isClean = text.withUTF8 { source in
      UnsafeMutableRawBufferPointer(start: copy, count: count).copyMemory(from: UnsafeRawBufferPointer(source))
      return !source.contains(0)
    }
    copy[count] = 0
    guard isClean else {
      throw FileError(.notEncodable, expected: "a text without zero bytes", found: text.debugDescription)
    }
    return copy
  }

  func texts(
    _ texts: [String]
  ) throws(FileError) -> (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, Int) {
    guard !texts.isEmpty else { return (nil, 0) }
    let pointers = memory.allocate(UnsafeMutablePointer<CChar>?.self, texts.count)
    for (index, element) in texts.enumerated() { pointers[index] = try text(element) }
    return (pointers, texts.count)
  }

  func bytes(_ bytes: [UInt8]?) -> (protobuf_c_boolean, ProtobufCBinaryData) {
    guard let bytes else { return (0, ProtobufCBinaryData()) }
    let (pointer, count) = numbers(bytes)
    return (1, ProtobufCBinaryData(len: count, data: pointer))
  }

  func byteStrings(_ strings: [[UInt8]]) -> (UnsafeMutablePointer<ProtobufCBinaryData>?, Int) {
    guard !strings.isEmpty else { return (nil, 0) }
    let data = memory.allocate(ProtobufCBinaryData.self, strings.count)
    for (index, element) in strings.enumerated() { data[index] = bytes(element).1 }
    return (data, strings.count)
  }

  func numbers<Number: BitwiseCopyable>(_ numbers: [Number]) -> (UnsafeMutablePointer<Number>?, Int) {
    guard !numbers.isEmpty else { return (nil, 0) }
    let copy = memory.allocate(Number.self, numbers.count)
    numbers.withUnsafeBufferPointer { source in
      _ = UnsafeMutableBufferPointer(start: copy, count: source.count).update(from: source)
    }
    return (copy, numbers.count)
  }

  func optional<Value>(_ value: Value?, else absent: Value) -> (protobuf_c_boolean, Value) {
    (value == nil ? 0 : 1, value ?? absent)
  }

  func payload(_ region: ByteRegion?) -> (protobuf_c_boolean, ProtobufCBinaryData) {
    guard let region else { return (0, ProtobufCBinaryData()) }
    payloads.append(region)
    return bytes(PayloadToken(position: payloads.count - 1, count: region.count).bytes)
  }

  func message<Message: WireMessage>(
    _ message: Message?
  ) throws(FileError) -> UnsafeMutablePointer<Message.CMessage>? {
    guard let message else { return nil }
    depth += 1
    defer { depth -= 1 }
    guard depth <= Packing.depthLimit else {
      throw FileError(.tooDeep, expected: "at most \(Packing.depthLimit) levels", found: "more")
    }
    let pointer = memory.allocate(Message.CMessage.self, 1)
    Message.initialize(pointer)
    try message.pack(into: &pointer.pointee, with: self)
    return pointer
  }

  func messages<Message: WireMessage>(
    _ messages: [Message]
  ) throws(FileError) -> (UnsafeMutablePointer<UnsafeMutablePointer<Message.CMessage>?>?, Int) {
    guard !messages.isEmpty else { return (nil, 0) }
    let pointers = memory.allocate(UnsafeMutablePointer<Message.CMessage>?.self, messages.count)
    for (index, element) in messages.enumerated() { pointers[index] = try message(element) }
    return (pointers, messages.count)
  }

  func unknownFields(_ fields: [UnknownField], into base: inout ProtobufCMessage) {
    guard !fields.isEmpty else { return }
    let copies = memory.allocate(ProtobufCMessageUnknownField.self, fields.count)
    for (index, field) in fields.enumerated() {
      let (pointer, count) = numbers(field.bytes)
      copies[index] = ProtobufCMessageUnknownField(
        tag: field.number, wire_type: ProtobufCWireType(rawValue: .init(field.wireType)), len: count, data: pointer)
    }
    base.n_unknown_fields = UInt32(fields.count)
    base.unknown_fields = copies
  }
}

/// Memory given out in pieces and freed at once.
private struct Arena: ~Copyable {
  private var blocks: [UnsafeMutableRawBufferPointer] = []
  private var free = UnsafeMutableRawBufferPointer(start: nil, count: 0)

  private static let blockSize = 1 << 16
  private static let alignment = 16

  mutating func allocate<Element>(_: Element.Type, _ count: Int) -> UnsafeMutablePointer<Element> {
    let size = (MemoryLayout<Element>.stride * count + Arena.alignment - 1) / Arena.alignment * Arena.alignment
    if size > free.count {
      free = .allocate(byteCount: max(size, Arena.blockSize), alignment: Arena.alignment)
      blocks.append(free)
    }
    let piece = UnsafeMutableRawBufferPointer(rebasing: free[..<size])
    free = UnsafeMutableRawBufferPointer(rebasing: free[size...])
    return piece.bindMemory(to: Element.self).baseAddress!
  }

  deinit {
    for block in blocks { block.deallocate() }
  }
}
