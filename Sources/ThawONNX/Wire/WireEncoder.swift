internal import COnnx
internal import CProtobufC

/// Messages to bytes: turned into C messages, packed by protobuf-c without their payloads, and spliced together.
///
/// protobuf-c could write payloads itself, but counts a message's length in 32 bits. Splicing has no such limit, and
/// writes payloads from where they are.
struct WireEncoder {
  /// What the bytes consist of, in order.
  enum Piece {
    /// A part of the packed message.
    case packed(Range<Int>)
    /// The length of a message or a payload.
    case length(Int)
    /// A payload.
    case payload(ByteRegion)
  }

  /// The number of bytes in all.
  private(set) var count = 0
  private var pieces: [Piece] = []
  /// The message as protobuf-c packs it, with a `PayloadToken` in place of each payload.
  let packed: ByteRegion
  let payloads: [ByteRegion]
  private var payloadsUsed = 0
  private let schema = Schema.onnx

  /// Prepares `message` for writing.
  init<Message: WireMessage>(_ message: Message) throws(FileError) {
    let packing = Packing()
    guard let c = try packing.message(message) else { preconditionFailure("a message packs to a message") }
    let base = UnsafeRawPointer(c).assumingMemoryBound(to: ProtobufCMessage.self)
    packed = withExtendedLifetime(packing) {
      ByteRegion(count: protobuf_c_message_get_packed_size(base)) { buffer in
        protobuf_c_message_pack(base, buffer.baseAddress)
      }
    }
    payloads = packing.payloads
    count = try splice(schema.index(of: "\(Message.self)"), 0..<packed.count)
    guard payloadsUsed == payloads.count else { throw WireEncoder.notOurs }
  }

  /// Gives the bytes to `body`, piece by piece.
  func forEachPiece<E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
    for piece in pieces {
      switch piece {
      case .packed(let range): try packed[range].withUnsafeBytes(body)
      case .length(let length): try ByteRegion(Varint.bytes(of: length)).withUnsafeBytes(body)
      case .payload(let region): try region.withUnsafeBytes(body)
      }
    }
  }

  /// All bytes.
  func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    forEachPiece { bytes.append(contentsOf: $0) }
    return bytes
  }

  /// Writes the bytes to a file, whole or not at all, compressed with gzip where that is asked for.
  func write(to path: String, compressed: Bool = false) throws(FileError) {
    do throws(FileError) {
      try AtomicFile.write(to: path) { writer throws(FileError) in
        guard compressed else {
          return try forEachPiece { bytes throws(FileError) in try writer.write(bytes) }
        }
        let gzip = try GzipWriter()
        try forEachPiece { bytes throws(FileError) in try gzip.write(bytes, to: &writer) }
        try gzip.finish(&writer)
      }
    } catch {
      throw error.at(path: path)
    }
  }

  /// Adds the pieces of the message in `range` of the packed bytes and returns its true length.
  private mutating func splice(_ index: Int, _ range: Range<Int>) throws(FileError) -> Int {
    var reader = WireReader(packed.unsafeBytes, offset: range.lowerBound, end: range.upperBound)
    var length = 0
    while !reader.isAtEnd {
      let start = reader.offset
      let (number, type) = try reader.tag()
      let tag = start..<reader.offset
      switch schema.kind(of: number, in: index) {
      case .payload:
        let content = try reader.lengthPrefixed()
        let payload = try payload(content)
        add(tag)
        pieces.append(.length(payload.count))
        pieces.append(.payload(payload))
        length += tag.count + Varint.size(of: payload.count) + payload.count
        reader.offset = content.upperBound
      case .message(let inner) where schema.messages[inner].reachesPayload:
        let content = try reader.lengthPrefixed()
        add(tag)
        let lengthAt = pieces.count
        pieces.append(.length(0))
        let innerLength = try splice(inner, content)
        pieces[lengthAt] = .length(innerLength)
        length += tag.count + Varint.size(of: innerLength) + innerLength
        reader.offset = content.upperBound
      default:
        try reader.skip(type)
        add(start..<reader.offset)
        length += reader.offset - start
      }
    }
    return length
  }

  private mutating func add(_ range: Range<Int>) {
    if case .packed(let last) = pieces.last, last.upperBound == range.lowerBound {
      pieces[pieces.count - 1] = .packed(last.lowerBound..<range.upperBound)
    } else {
      pieces.append(.packed(range))
    }
  }

  private mutating func payload(_ range: Range<Int>) throws(FileError) -> ByteRegion {
    // Messages hand their payloads over in the order of field numbers, which is protobuf-c's order, too.
    guard
      let token = PayloadToken(UnsafeRawBufferPointer(rebasing: packed.unsafeBytes[range])),
      token.position == payloadsUsed, payloads.indices.contains(token.position)
    else { throw WireEncoder.notOurs }
    payloadsUsed += 1
    return payloads[token.position]
  }

  /// Only an unknown field with the number of a known one leads here.
  private static let notOurs = FileError(
    .notEncodable, expected: "unknown fields with numbers that the schema does not have", found: "others")
}
