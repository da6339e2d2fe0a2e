internal import Foundation
internal import ThawTypes

/// The header of a safetensors file.
struct SafetensorsHeader {
  /// A tensor's name, type, shape and place among the elements.
  struct Entry {
    var name: String
    var dtype: DType
    var shape: [Int]
    var range: Range<Int>
  }

  /// The bytes before the elements.
  let length: Int
  /// In the order of the elements.
  let entries: [Entry]
  let metadata: [String: String]

  private static let types: [String: DType] = [
    "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32, "I16": .int16,
    "I8": .int8, "U64": .uint64, "U32": .uint32, "U16": .uint16, "U8": .uint8, "BOOL": .bool, "F8_E4M3": .float8e4m3fn,
    "F8_E5M2": .float8e5m2, "F8_E8M0": .float8e8m0, "C64": .complex64,
  ]
  private static let names = Dictionary(uniqueKeysWithValues: types.map { ($1, $0) })

  /// A tensor, or the entry of the metadata.
  fileprivate struct Field: Decodable {
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    var metadata: [String: String]?

    private enum Key: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
      if decoder.codingPath.first?.stringValue == "__metadata__" {
        metadata = try decoder.singleValueContainer().decode([String: String].self)
        return
      }
      let values = try decoder.container(keyedBy: Key.self)
      dtype = try values.decode(String.self, forKey: .dtype)
      shape = try values.decode([Int].self, forKey: .shape)
      offsets = try values.decode([Int].self, forKey: .offsets)
    }
  }

  /// Reads the header at the start of a file.
  init(_ source: ByteRegion) throws(FileError) {
    guard !source.isEmpty else { throw FileError(.empty, expected: "a safetensors file") }
    let text = try source.withUnsafeBytes { bytes throws(FileError) -> Data in
      var cursor = ByteCursor(bytes)
      guard let announced = cursor.next(UInt64.self) else {
        throw FileError(.truncated, expected: "eight bytes with the header's length", found: "\(bytes.count)")
      }
      guard announced <= UInt64(Safetensors.longestHeader) else {
        throw FileError(
          .tooLarge, offset: 0, expected: "a header of at most \(Safetensors.longestHeader) bytes",
          found: "\(announced)", advice: "check that this is a safetensors file")
      }
      guard announced <= UInt64(bytes.count - 8) else {
        throw FileError(.truncated, offset: 8, expected: "a header of \(announced) bytes", found: "\(bytes.count - 8)")
      }
      guard announced > 0, bytes[8] == UInt8(ascii: "{") else {
        throw FileError(.wrongFormat, offset: 8, expected: "a header that begins with {", found: "other bytes")
      }
      return Data(bytes[8..<8 + Int(announced)])
    }
    length = 8 + text.count
    let fields: [String: Field]
    do { fields = try JSONDecoder().decode([String: Field].self, from: text) } catch {
      throw FileError(
        .malformed, place: "the header", expected: "JSON with dtype, shape and data_offsets of each tensor",
        found: Self.summary(of: error))
    }
    metadata = fields["__metadata__"]?.metadata ?? [:]
    var entries: [Entry] = []
    for (name, field) in fields where name != "__metadata__" {
      do throws(FileError) { entries.append(try Entry(name, field)) } catch { throw error.inside("tensor '\(name)'") }
    }
    self.entries = entries.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.name) < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
  }

  private static func summary(of error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      "no '\(key.stringValue)' in '\(context.codingPath.first?.stringValue ?? "")'"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "another kind of value at '\(context.codingPath.map(\.stringValue).joined(separator: "."))'"
    default: "other text"
    }
  }

  /// The bytes of a header, its own length included; elements begin at a multiple of eight.
  static func encoded(_ entries: [Entry], _ metadata: [String: String]) -> [UInt8] {
    var fields: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key < $1.key }.map { "\(JSONText.string($0.key)):\(JSONText.string($0.value))" }
      fields.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var end = 0
    for entry in entries {
      let start = end
      end += entry.range.count
      let shape = entry.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(JSONText.string(entry.name)):{\"dtype\":\"\(names[entry.dtype] ?? "")\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(end)]}")
    }
    var text = Array("{\(fields.joined(separator: ","))}".utf8)
    text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.append(littleEndian: UInt64(text.count))
    return bytes + text
  }
}

extension SafetensorsHeader.Entry {
  /// The entry of a tensor, its place left for the writer.
  init(_ name: String, _ data: TensorData) throws(FileError) {
    guard SafetensorsHeader.hasName(for: data.dtype), let bytes = data.bytes else {
      throw FileError(
        .notEncodable, place: "tensor '\(name)'", expected: "a type that safetensors has", found: "\(data.dtype)")
    }
    guard name != "__metadata__" else { throw FileError(.notEncodable, place: name, expected: "another name") }
    self.init(name: name, dtype: data.dtype, shape: data.dims, range: 0..<bytes.count)
  }

  fileprivate init(_ name: String, _ field: SafetensorsHeader.Field) throws(FileError) {
    guard let dtype = SafetensorsHeader.dtype(named: field.dtype ?? "") else {
      throw FileError(.unsupported, expected: "a type of safetensors", found: "\(field.dtype ?? "none")")
    }
    let offsets = field.offsets ?? []
    guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
      throw FileError(.malformed, expected: "two offsets, ascending", found: "\(offsets.prefix(4))")
    }
    let shape = field.shape ?? []
    guard let count = DType.elementCount(of: shape), let size = dtype.byteCount(of: count) else {
      throw FileError(.malformed, expected: "a shape that fits memory", found: "\(shape.prefix(16))")
    }
    guard size == offsets[1] - offsets[0] else {
      throw FileError(
        .malformed, expected: "\(size) bytes for \(shape) of \(dtype)", found: "\(offsets[1] - offsets[0])")
    }
    self.init(name: name, dtype: dtype, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// The elements as a tensor.
  func tensor(_ bytes: ByteRegion) throws(FileError) -> TensorData {
    do throws(TensorDataError) {
      return try TensorData(dtype, shape, bytes: bytes)
    } catch {
      throw FileError(.malformed, found: error.description)
    }
  }
}

extension SafetensorsHeader {
  fileprivate static func hasName(for dtype: DType) -> Bool { names[dtype] != nil }
  fileprivate static func dtype(named name: String) -> DType? { types[name] }
}
