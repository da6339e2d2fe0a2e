internal import COnnx
internal import CProtobufC
internal import Foundation

/// Writes a model in protobuf's JSON mapping, the fields named as in the schema: what ONNX's own JSON form is.
///
/// Numbers of 64 bits are texts, bytes are in base 64, enumerations are names. Fields that the schema does not know are
/// left out, since they have no name.
struct ModelJSON {
  private let encoder: WireEncoder
  private var out: TextPieces

  init(_ model: ModelProto, _ take: @escaping ([UInt8]) throws(FileError) -> Void) throws(FileError) {
    encoder = try WireEncoder(model)
    out = TextPieces(take)
  }

  mutating func write() throws(FileError) {
    var model = Onnx__ModelProto()
    onnx__model_proto__init(&model)
    try write(0..<encoder.packed.count, model.base.descriptor, indent: 0)
    out.add("\n")
    try out.flush()
  }

  private typealias Descriptor = UnsafePointer<ProtobufCMessageDescriptor>

  /// A field's occurrence: what comes after its tag, without a length.
  private struct Occurrence {
    var type: WireReader.WireType
    var range: Range<Int>
  }

  private mutating func write(_ range: Range<Int>, _ descriptor: Descriptor, indent: Int) throws(FileError) {
    let found = try occurrences(in: range)
    var isFirst = true
    let margin = String(repeating: " ", count: indent + 2)
    let fields = UnsafeBufferPointer(start: descriptor.pointee.fields, count: Int(descriptor.pointee.n_fields))
    for field in fields.sorted(by: { $0.id < $1.id }) {
      guard let places = found[field.id], let last = places.last else { continue }
      out.add(isFirst ? "{\n" : ",\n")
      isFirst = false
      out.add("\(margin)\(JSONText.string(String(cString: field.name))): ")
      guard field.label == PROTOBUF_C_LABEL_REPEATED else {
        try write(last, field, indent: indent + 2)
        continue
      }
      var isFirstElement = true
      for place in places {
        for element in try elements(of: place, field) {
          out.add(isFirstElement ? "[\n\(margin)  " : ",\n\(margin)  ")
          isFirstElement = false
          try write(element, field, indent: indent + 4)
          try out.checkpoint()
        }
      }
      out.add(isFirstElement ? "[]" : "\n\(margin)]")
    }
    out.add(isFirst ? "{}" : "\n\(String(repeating: " ", count: indent))}")
  }

  private func occurrences(in range: Range<Int>) throws(FileError) -> [UInt32: [Occurrence]] {
    var found: [UInt32: [Occurrence]] = [:]
    var reader = WireReader(encoder.packed.unsafeBytes, offset: range.lowerBound, end: range.upperBound)
    while !reader.isAtEnd {
      let (number, type) = try reader.tag()
      if type == .lengthPrefixed {
        let content = try reader.lengthPrefixed()
        reader.offset = content.upperBound
        found[number, default: []].append(Occurrence(type: type, range: content))
      } else {
        let start = reader.offset
        try reader.skip(type)
        found[number, default: []].append(Occurrence(type: type, range: start..<reader.offset))
      }
    }
    return found
  }

  /// The numbers of a packed list; any other occurrence is its own element.
  private func elements(of place: Occurrence, _ field: ProtobufCFieldDescriptor) throws(FileError) -> [Occurrence] {
    let type: WireReader.WireType
    switch field.type {
    case PROTOBUF_C_TYPE_STRING, PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_MESSAGE: return [place]
    case PROTOBUF_C_TYPE_FLOAT: type = .fixed32
    case PROTOBUF_C_TYPE_DOUBLE: type = .fixed64
    default: type = .varint
    }
    guard place.type == .lengthPrefixed else { return [place] }
    var reader = WireReader(encoder.packed.unsafeBytes, offset: place.range.lowerBound, end: place.range.upperBound)
    var elements: [Occurrence] = []
    while !reader.isAtEnd {
      let start = reader.offset
      try reader.skip(type)
      elements.append(Occurrence(type: type, range: start..<reader.offset))
    }
    return elements
  }

  private mutating func write(
    _ place: Occurrence, _ field: ProtobufCFieldDescriptor, indent: Int
  ) throws(FileError) {
    let bytes = encoder.packed.unsafeBytes
    var reader = WireReader(bytes, offset: place.range.lowerBound, end: place.range.upperBound)
    switch field.type {
    case PROTOBUF_C_TYPE_MESSAGE:
      try write(
        place.range, field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self), indent: indent)
    case PROTOBUF_C_TYPE_STRING: out.add(JSONText.string(String(decoding: bytes[place.range], as: UTF8.self)))
    case PROTOBUF_C_TYPE_BYTES: try writeBytes(UnsafeRawBufferPointer(rebasing: bytes[place.range]))
    case PROTOBUF_C_TYPE_FLOAT:
      out.add(Self.text(bytes.loadUnaligned(fromByteOffset: place.range.lowerBound, as: Float.self)))
    case PROTOBUF_C_TYPE_DOUBLE:
      out.add(Self.text(bytes.loadUnaligned(fromByteOffset: place.range.lowerBound, as: Double.self)))
    case PROTOBUF_C_TYPE_ENUM:
      let number = Int32(truncatingIfNeeded: try reader.varint())
      let type = field.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
      let name = protobuf_c_enum_descriptor_get_value(type, number)?.pointee.name
      out.add(name.map { JSONText.string(String(cString: $0)) } ?? "\(number)")
    case PROTOBUF_C_TYPE_INT64, PROTOBUF_C_TYPE_SINT64, PROTOBUF_C_TYPE_SFIXED64:
      out.add("\"\(Int64(bitPattern: try reader.varint()))\"")
    case PROTOBUF_C_TYPE_UINT64, PROTOBUF_C_TYPE_FIXED64: out.add("\"\(try reader.varint())\"")
    case PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_FIXED32: out.add("\(UInt32(truncatingIfNeeded: try reader.varint()))")
    default: out.add("\(Int32(truncatingIfNeeded: try reader.varint()))")
    }
  }

  /// Bytes in base 64; a token stands for the payload it names.
  private mutating func writeBytes(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    let payload = PayloadToken(bytes).flatMap { token in
      encoder.payloads.indices.contains(token.position) && encoder.payloads[token.position].count == token.count
        ? encoder.payloads[token.position] : nil
    }
    out.add("\"")
    let content = payload?.unsafeBytes ?? bytes
    // A multiple of three, so that pieces join without filling.
    let size = 3 << 16
    for start in stride(from: 0, to: content.count, by: size) {
      let piece = UnsafeRawBufferPointer(rebasing: content[start..<min(start + size, content.count)])
      out.add(Data(piece).base64EncodedString())
      try out.checkpoint()
    }
    withExtendedLifetime(payload) {}
    out.add("\"")
  }

  private static func text(_ number: some BinaryFloatingPoint & LosslessStringConvertible) -> String {
    guard number.isFinite else { return number.isNaN ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\"" }
    return number.description
  }
}
