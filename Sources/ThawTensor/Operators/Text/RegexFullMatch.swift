import ThawTypes

/// Whether each string matches a regular expression as a whole, in RE2's syntax (ONNX RegexFullMatch-20).
public struct RegexFullMatch: Primitive {
  public let pattern: String
  private let expression: RegularExpression

  /// - Throws: `TensorError` of kind `operand` or `unsupported` that says what is wrong with the pattern, and where.
  public init(pattern: String) throws {
    self.pattern = pattern
    do {
      expression = try RegularExpression(pattern)
    } catch let error as TensorError {
      throw error.at("RegexFullMatch")
    }
  }

  public static let schema = Schema(
    "RegexFullMatch", versions: [20], inputs: [Input("X", .index)], outputs: [Output("Y", differentiable: false)],
    batch: .elementwise, differentiability: .never(because: "strings have no gradient"))

  public init(_ node: NodeReader) throws {
    try self.init(pattern: try node.required("pattern", try node.string("pattern")))
  }

  public func attributes(opset: Int) throws -> [String: Attribute] { ["pattern": .text(pattern)] }

  public static func == (left: RegexFullMatch, right: RegexFullMatch) -> Bool { left.pattern == right.pattern }
  public func hash(into hasher: inout Hasher) { hasher.combine(pattern) }

  public func outputTypes(_ inputs: [ValueType?], known: KnownValues) throws -> [ValueType] {
    [.tensor(TensorType(.bool, try stringType(inputs, 0, of: Self.schema).dims))]
  }

  public func forward(_ inputs: [Value?], wanted: OutputMask) throws -> [Value?] {
    let input = try tensor(inputs, 0, of: Self.schema)
    _ = try outputTypes([.tensor(input.type)], known: KnownValues())
    return [.tensor(try Tensor(copying: try input.texts().map(expression.matches), shape: input.shape))]
  }
}
