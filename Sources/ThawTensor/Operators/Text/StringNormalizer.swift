import ThawTypes

/// Strings without those of a list, in lower or upper case (ONNX StringNormalizer-10).
///
/// The input is `[C]` or `[1, C]`. Where nothing is left, the output is one empty string. Cases change as Unicode says
/// without regard to the locale.
public struct StringNormalizer: Primitive {
  public enum CaseChange: String, Hashable, Sendable {
    case none = "NONE"
    case lower = "LOWER"
    case upper = "UPPER"
  }

  public var caseChange: CaseChange
  public var isCaseSensitive: Bool
  public var stopwords: [String]

  public init(caseChange: CaseChange = .none, isCaseSensitive: Bool = false, stopwords: [String] = []) {
    self.caseChange = caseChange
    self.isCaseSensitive = isCaseSensitive
    self.stopwords = stopwords
  }

  public static let schema = Schema(
    "StringNormalizer", versions: [10], inputs: [Input("X", .index)], outputs: [Output("Y", differentiable: false)],
    batch: .mixing, differentiability: .never(because: "strings have no gradient"))

  public init(_ node: NodeReader) throws {
    node.ignore("locale")
    let name = try node.string("case_change_action") ?? "NONE"
    guard let change = CaseChange(rawValue: name) else {
      throw TensorError(
        .unsupported, "StringNormalizer: case_change_action is '\(name)', and may be NONE, LOWER or UPPER")
    }
    self.init(
      caseChange: change, isCaseSensitive: try node.flag("is_case_sensitive", default: false),
      stopwords: try (node.strings("stopwords") ?? []).map { String(decoding: $0, as: UTF8.self) })
  }

  public func attributes(opset: Int) throws -> [String: Attribute] {
    [
      "case_change_action": .text(caseChange.rawValue), "is_case_sensitive": .int(isCaseSensitive ? 1 : 0),
      "stopwords": .strings(stopwords.map { Array($0.utf8) }),
    ]
  }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    let type = try stringType(inputs, 0, of: Self.schema)
    guard let dims = type.dims else { return [.tensor(type)] }
    guard dims.count == 1 || dims.count == 2 && (dims[0].value ?? 1) == 1 else {
      throw TensorError(.shape, "StringNormalizer: the input should be [C] or [1, C] and is \(type)")
    }
    return [.tensor(TensorType(.string, dims.count == 1 ? [.unknown] : [.known(1), .unknown]))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(input.type)], known: KnownValues())
    let stops = Set(isCaseSensitive ? stopwords : stopwords.map { $0.lowercased() })
    var words = try input.texts().filter { !stops.contains(isCaseSensitive ? $0 : $0.lowercased()) }.map { word in
      switch caseChange {
      case .none: word
      case .lower: word.lowercased()
      case .upper: word.uppercased()
      }
    }
    if words.isEmpty { words = [""] }
    let shape = input.rank == 1 ? [words.count] : [1, words.count]
    return [.tensor(try Tensor(strings: words.map { Array($0.utf8) }, shape: shape))]
  }
}
