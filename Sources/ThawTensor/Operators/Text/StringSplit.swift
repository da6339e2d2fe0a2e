import ThawTypes

/// The parts of each string between delimiters, along a new last axis that is filled up with empty strings, and how many
/// parts there are (ONNX StringSplit-20).
///
/// Without a delimiter, strings are split at white space, which is dropped at both ends too.
public struct StringSplit: Primitive {
  /// nil for white space.
  public var delimiter: [UInt8]?
  /// The most splits of a string, nil for any number.
  public var maxSplit: Int?

  public init(delimiter: [UInt8]? = nil, maxSplit: Int? = nil) {
    self.delimiter = delimiter.flatMap { $0.isEmpty ? nil : $0 }
    self.maxSplit = maxSplit
  }

  public static let schema = Schema(
    "StringSplit", versions: [20], inputs: [Input("X", .index)],
    outputs: [Output("Y", differentiable: false), Output("Z", differentiable: false)], batch: .mixing,
    differentiability: .never(because: "strings have no gradient"))

  public init(_ node: NodeReader) throws {
    let delimiter = try node.string("delimiter").map { Array($0.utf8) }
    self.init(delimiter: delimiter, maxSplit: try node.int("maxsplit").flatMap { $0 < 0 ? nil : $0 })
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    var attributes: [String: Attribute] = [:]
    if let delimiter { attributes["delimiter"] = .string(delimiter) }
    if let maxSplit { attributes["maxsplit"] = .int(maxSplit) }
    return attributes
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let type = try stringType(inputs, 0, of: Self.schema)
    return [
      .tensor(TensorType(.string, type.dims.map { $0 + [.unknown] })), .tensor(TensorType(.int64, type.dims)),
    ]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(input.type)], known: KnownValues())
    let parts = try input.strings().map(parts)
    let width = parts.map(\.count).max() ?? 0
    let padded = parts.flatMap { $0 + Array(repeating: [], count: width - $0.count) }
    return [
      .tensor(try Tensor(strings: padded, shape: input.shape + [width])),
      .tensor(try Tensor(copying: parts.map(\.count), shape: input.shape)),
    ]
  }

  private func parts(_ string: [UInt8]) -> [[UInt8]] {
    guard let delimiter else { return words(string) }
    if string.isEmpty { return [] }
    var parts: [[UInt8]] = []
    var rest = string[...]
    var start = rest.startIndex
    while parts.count < maxSplit ?? .max, start + delimiter.count <= rest.endIndex {
      guard rest[start..<start + delimiter.count].elementsEqual(delimiter) else {
        start += 1
        continue
      }
      parts.append(Array(rest[..<start]))
      start += delimiter.count
      rest = rest[start...]
    }
    return parts + [Array(rest)]
  }

  private func words(_ string: [UInt8]) -> [[UInt8]] {
    let text = String(decoding: string, as: UTF8.self).unicodeScalars
    let parts = text.split(maxSplits: .max, omittingEmptySubsequences: true) { $0.properties.isWhitespace }
    guard let maxSplit, parts.count > maxSplit + 1, let last = parts.last else {
      return parts.map { Array(String($0).utf8) }
    }
    // What is left after the last split keeps the white space inside.
    let rest = text[parts[maxSplit].startIndex..<last.endIndex]
    return parts[..<maxSplit].map { Array(String($0).utf8) } + [Array(String(rest).utf8)]
  }
}
